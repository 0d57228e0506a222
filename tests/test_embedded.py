"""The weights inside the package, on the examples: nine colourings that differ, and none grey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inkwash.cli import main
from inkwash.colour import colourfulness, delta_e76, lab_from_srgb
from inkwash.document import render
from inkwash.painter import Painter, PaintRequest, finish
from inkwash.palettes import named
from inkwash.regions import segment
from inkwash.sketch import read
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
    assert colours.count(palette.roles["skin"].rgb) == 9


def parts_of(painter: Painter, path: Path, *points: tuple[int, int]):
    """Of each proposal its palette's colours by role, and what the points of a sketch got."""
    sketch, request = read(path), PaintRequest()
    studied = painter.study(sketch, request)
    regions = painter.segment(sketch, studied, request)
    proposals = painter.propose(studied, request)
    painting = finish(proposals, regions, sketch, request)
    labels = [regions.labels[y, x] for x, y in points]
    for colouring, palette in zip(painting.colourings, proposals.palettes, strict=True):
        colours = [tuple(colouring.colours[label].tolist()) for label in labels]
        yield {role: swatch.rgb for role, swatch in palette.roles.items()}, colours


def test_faces_and_hair_take_the_colours_that_proposed_palettes_name_so(painter):
    """The same portrait under nine palettes: no face in the white of its eyes, no motley hair."""
    assert EXAMPLES[3].stem == "schoolgirl"
    for rgb, found in parts_of(painter, EXAMPLES[3], (530, 900), (568, 220), (400, 300)):
        assert found == [rgb["skin"], rgb["hair"], rgb["hair"]]


def test_the_white_of_an_eye_whose_lids_are_open_is_parted_from_the_face(painter):
    assert EXAMPLES[5].stem == "walker"
    for rgb, (white, cheek) in parts_of(painter, EXAMPLES[5], (366, 628), (512, 800)):
        assert (white, cheek) == (rgb["eye-white"], rgb["skin"])


def test_sleeves_that_are_closed_stay_whole(painter):
    """Where the page ends below, what is taken for ground there has no line around it."""
    assert EXAMPLES[4].stem == "twin-tails"
    sketch, request = read(EXAMPLES[4]), PaintRequest()
    seen = painter.segment(sketch, painter.study(sketch, request), request)
    lines_alone = segment(sketch.lines)
    assert seen.count == lines_alone.count


def test_doctor_passes(capsys):
    assert main(["doctor"]) == 0
    assert "passed" in capsys.readouterr().out
