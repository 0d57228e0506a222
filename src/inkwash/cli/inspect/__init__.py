"""`inkwash inspect`: look inside a network, see what a correction changes, edit filters."""

from __future__ import annotations

from cyclopts import App

VERBS = {
    "activations": "What every layer makes of a sketch, as pictures, figures and one page.",
    "changes": "Which filters move when the network learns from a corrected picture.",
    "edit": "Scale or ablate a filter and see the effect; or rank a layer's filters by theirs.",
}

app = App(name="inspect", help="Look inside a network.")
for _name, _help in VERBS.items():
    app.command(f"inkwash.cli.inspect.{_name}:{_name}", name=_name, help=_help)
