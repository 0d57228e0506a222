"""The errors a user may catch: every message names the value, the limit and the remedy."""


class InkwashError(Exception):
    """Base of every error that inkwash raises on purpose."""


class BadSketch(InkwashError):
    """A picture that cannot be read as a sketch."""


class BadHints(InkwashError):
    """Hints that cannot be read or do not belong to the sketch."""


class BadPalette(InkwashError):
    """A palette that cannot be read or used."""


class BadWeights(InkwashError):
    """A weights file that is missing, damaged or made for another network."""


class BadConfig(InkwashError):
    """A recipe or a setting that is not valid."""


class BadData(InkwashError):
    """Training or evaluation data that cannot be used."""


class BadProject(InkwashError):
    """A project file that is missing, damaged, from a newer version or not to be trusted."""


class OutputExists(InkwashError):
    """A file that would be overwritten; `--force` allows it."""


class OutputFailed(InkwashError):
    """A file that could not be written: a full disk, a missing permission."""


class MissingExtra(InkwashError):
    """A feature whose optional packages are not installed."""
