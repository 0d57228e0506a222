"""Flats of drawn characters and line drawings: even to the pixel, and run on under the lines."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from psd_tools import PSDImage

from inkwash.document import Document, compose, render
from inkwash.export import encode_png, write_ora, write_psd
from inkwash.layers import flatten
from inkwash.regions import segment
from inkwash.settle import Painting, Paper, settle
from inkwash.sketch import Sketch, read
from line_drawing import line_drawing
from proposals import random_proposals

SEEDS = st.integers(0, 40)


def painted(lines: NDArray[np.uint8], seed: int, paper: Paper = "white") -> Painting:
    sketch = read(lines)
    proposals = random_proposals(sketch.size, count=1, seed=seed)
    return settle(proposals, segment(sketch.lines), sketch, paper=paper)


@cache
def painted_character(seed: int, paper: Paper = "white") -> Painting:
    synth = pytest.importorskip("inkwash.data.synth", exc_type=ImportError)
    return painted(synth.draw(seed, (240, 320)).line, seed, paper)


def assert_flat(painting: Painting) -> None:
    colouring, labels = painting.colourings[0], painting.regions.labels
    paper = painting.sketch.lines == 255
    wanted = np.where(colouring.clear[:, None], 255, colouring.colours)[labels]
    assert np.array_equal(render(painting, 0)[paper], wanted[paper])


def assert_ink(painting: Painting) -> None:
    """The ink layers of PSD and ORA, and what is seen of ink in PNG, are the sketch's."""
    ink = painting.sketch.lines[..., None]
    document = compose(painting)
    psd, ora = io.BytesIO(), io.BytesIO()
    write_psd(document, psd)
    write_ora(document, ora)
    psd.seek(0)
    top = np.asarray(PSDImage.open(psd)[-1].topil())
    assert (top[..., :3] == ink).all()
    assert (top_of_ora(ora)[..., :3] == ink).all()
    white = [compose(painting).layers[i] for i in (0, -1)]  # paper and ink, nothing between
    seen = Document(size=document.size, layers=tuple(white)).flatten()
    with Image.open(io.BytesIO(encode_png(seen))) as image:
        assert (np.asarray(image) == ink).all()


def top_of_ora(file: io.BytesIO) -> NDArray[np.uint8]:
    with zipfile.ZipFile(file) as archive:
        stack = ElementTree.fromstring(archive.read("stack.xml"))[0]
        with Image.open(io.BytesIO(archive.read(stack[0].get("src", "")))) as image:
            return np.asarray(image)


@settings(max_examples=8)
@given(seed=SEEDS)
def test_no_pixel_of_a_drawn_character_differs_from_its_regions_colour(seed):
    assert_flat(painted_character(seed))


@settings(max_examples=8)
@given(seed=SEEDS, width=st.integers(60, 300), height=st.integers(60, 300))
def test_no_pixel_of_a_line_drawing_differs_from_its_regions_colour(seed, width, height):
    assert_flat(painted(line_drawing(width, height), seed))


@settings(max_examples=4)
@given(seed=SEEDS)
def test_the_ink_of_a_drawn_character_is_the_sketchs_in_every_format(seed):
    assert_ink(painted_character(seed))


@settings(max_examples=4)
@given(width=st.integers(60, 300), height=st.integers(60, 300))
def test_the_ink_of_a_line_drawing_is_the_sketchs_in_every_format(width, height):
    assert_ink(painted(line_drawing(width, height), 0))


@settings(max_examples=8)
@given(seed=SEEDS)
def test_without_ink_there_is_no_white_between_the_flats(seed):
    """So that recoloured, thinned or hidden lines show no fringe."""
    painting = painted_character(seed, "paint")
    document = compose(painting)
    bare = flatten(document.layers[1:-1], document.size)
    assert (bare[3] == 255).all()
    colours = painting.colourings[0].colours[painting.regions.labels]
    assert np.array_equal(np.moveaxis(bare[:3], 0, -1), colours)


@pytest.mark.parametrize("line", [2, 3, 5, 8])
def test_colour_runs_on_under_the_line_by_half_its_width(line):
    lines = np.full((200, 200), 255, np.uint8)
    cv2.circle(lines, (100, 100), 60, 0, line, cv2.LINE_AA)
    sketch = Sketch(ink=lines)
    labels = segment(lines).labels
    inside, outside = labels[100, 100], labels[5, 5]
    y, x = np.mgrid[:200, :200]
    radius = np.hypot(x - 100, y - 100)
    assert sketch.lines is lines
    assert (labels[radius < 59] == inside).all()
    assert (labels[radius > 61] == outside).all()
