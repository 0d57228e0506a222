"""Evaluate: held-out pictures through painters, and how near their colourings come to the truth.

`cases` says what is measured, `ways` how it is coloured, `rows` measures one colouring, `summary`
means and intervals; `tables`, `charts` and `page` show them; `run` does it all.
"""

from inkwash.evaluate.cases import Case, choose_entries, read_case
from inkwash.evaluate.hinted import read_marks
from inkwash.evaluate.judges import load_judges
from inkwash.evaluate.rows import Row, measure
from inkwash.evaluate.run import Plan, evaluate
from inkwash.evaluate.tables import as_markdown
from inkwash.evaluate.ways import FORMS, WAYS, Outcome, colour, seen_by

__all__ = [
    "FORMS",
    "WAYS",
    "Case",
    "Outcome",
    "Plan",
    "Row",
    "as_markdown",
    "choose_entries",
    "colour",
    "evaluate",
    "load_judges",
    "measure",
    "read_case",
    "read_marks",
    "seen_by",
]
