"""The weights inside the package, on the examples: nine colourings that differ, and none grey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inkwash.cli import main
from inkwash.colour import colourfulness, delta_e76, lab_from_srgb
from inkwash.document import render
from inkwash.painter import Painter
from inkwash.palettes import named
from inkwash.weights import embedded

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.png"))


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter.load()


def test_the_embedded_weights_are_small_and_have_both_heads(painter):
    assert embedded().stat().st_size < 25e6
    assert painter.runtime.config.proposals == 9
    assert painter.runtime.config.keys > 0
    assert painter.runtime.config.hints


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_at_least_seven_of_nine_colourings_differ_and_none_is_grey(painter, path):
    painting = painter.paint(path)
    small = np.stack([render(painting, index)[::16, ::16] for index in range(9)])
    lab = lab_from_srgb(small)
    apart = np.array([[delta_e76(a, b).mean() for a in lab] for b in lab])
    np.fill_diagonal(apart, np.inf)
    assert (apart.min(1) > 10).sum() >= 7
    assert min(colourfulness(picture) for picture in small) > 15


def test_a_face_takes_the_colour_that_a_palette_names_skin(painter):
    """The face of a drawn portrait, where its chin and cheeks are, under palettes with roles."""
    palette = named("school-summer")
    painting = painter.paint(EXAMPLES[3], palettes=(palette,))
    assert EXAMPLES[3].stem == "schoolgirl"
    chin = painting.regions.labels[900, 530]
    colours = [tuple(colouring.colours[chin].tolist()) for colouring in painting.colourings]
    assert colours.count(palette.roles["skin"].rgb) >= 5


def test_doctor_passes(capsys):
    assert main(["doctor"]) == 0
    assert "passed" in capsys.readouterr().out
