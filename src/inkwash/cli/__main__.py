"""`python -m inkwash.cli`."""

import sys

from inkwash.cli import main

sys.exit(main())
