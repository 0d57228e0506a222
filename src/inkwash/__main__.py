"""`python -m inkwash`."""

import sys

from inkwash.cli import main

sys.exit(main())
