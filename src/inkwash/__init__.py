"""inkwash colours line art: a sketch goes in, nine complete colourings come out."""

__version__ = "0.1.0"
