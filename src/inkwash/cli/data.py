"""`inkwash data`: make training data."""

from __future__ import annotations

from cyclopts import App

app = App(name="data", help="Make training data.")
