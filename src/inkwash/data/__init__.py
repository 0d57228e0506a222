"""From pictures to training pairs: a source of pictures, lines drawn from them, samples."""
