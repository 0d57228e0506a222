"""`inkwash data`: from metadata, pictures or nothing at all to training pairs."""

from __future__ import annotations

from cyclopts import App

VERBS = {
    "fetch": ("fetch:fetch", "Download the pictures that a booru's metadata or a list names."),
    "prepare": ("prepare:prepare", "Filter, cut and split pictures into training pairs."),
    "lines": ("lines:lines", "Draw line art of pictures, or a sheet of all extractors."),
    "check": ("check:check", "Check a folder of pairs; exit 1 on broken ones."),
    "synth": ("draw:synth", "Draw anime characters: line art, colours, what each pixel shows."),
    "examples": ("draw:examples", "Draw the example sketches that inkwash comes with."),
}

app = App(name="data", help="Make training data.")
for _name, (_place, _help) in VERBS.items():
    app.command(f"inkwash.cli.data.{_place}", name=_name, help=_help)
