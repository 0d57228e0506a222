from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from inkwash.choices import dot_inside
from inkwash.errors import BadHints, BadWeights
from inkwash.geometry import Size
from inkwash.hints import Hint, Hints
from inkwash.painter import Painter
from inkwash.palettes import palette_of
from inkwash.ranking import (
    TRAITS,
    coefficients,
    disagreement,
    kind_of,
    rank,
    traits,
)
from inkwash.recolour import first_choice
from inkwash.regions import segment
from inkwash.settle import settle
from inkwash.sketch import Sketch
from inkwash.weights import find
from proposals import random_proposals
from sketches import draw_rooms

AREAS = np.array([60.0, 30.0, 10.0])
WARM = palette_of([(240, 120, 60), (250, 230, 200), (60, 30, 20)])
COOL = palette_of([(60, 120, 240), (200, 230, 250), (20, 30, 60)])


def flats(*rows) -> np.ndarray:
    return np.array(rows, np.uint8)


def seen(colours: np.ndarray, palettes=()) -> dict[str, np.ndarray]:
    found = traits(colours, AREAS, np.zeros(len(colours)), palettes)
    return dict(zip(TRAITS, found.T, strict=True))


def test_plain_dark_and_colourful_pictures_are_told_apart():
    white, dark, red = [[255] * 3] * 3, [[20] * 3] * 3, [[220, 30, 30]] * 3
    found = seen(flats(white, dark, red))
    assert found["white"] == pytest.approx([1, 0, 0])
    assert found["dark"] == pytest.approx([0, 1, 0])
    assert found["chroma"].argmax() == 2
    assert found["lightness"].argmax() == 0
    assert found["contrast"] == pytest.approx(np.zeros(3), abs=1e-3)


def test_regions_count_by_their_area():
    found = seen(flats([[255] * 3, [20] * 3, [200, 60, 60]]))
    assert found["white"][0] == pytest.approx(0.6)
    assert found["dark"][0] == pytest.approx(0.3)


def test_an_outlier_is_apart_from_the_others():
    found = seen(flats([[200] * 3] * 3, [[205] * 3] * 3, [[10] * 3] * 3))
    assert found["apart"].argmax() == 2


def test_colours_in_the_shares_of_their_palette_match_it():
    even = flats(WARM.bytes)
    (mismatch,) = seen(even, [WARM])["mismatch"]
    assert mismatch == pytest.approx((0.6 - 1 / 3) * 1.0, abs=1e-3)
    (alone,) = seen(flats([WARM.bytes[0]] * 3), [WARM])["mismatch"]
    assert alone == pytest.approx(2 / 3)


def test_the_kind_says_what_there_is_to_choose_between():
    assert kind_of(()) == "rgb"
    assert kind_of([WARM] * 9) == "palette"
    assert kind_of([WARM, COOL]) == "palettes"


def ranking(places: int) -> str:
    """A ranking file for so many proposals."""
    random = np.random.default_rng(1)
    kinds = {}
    for kind in ("rgb", "palette", "palettes"):
        factors = dict(zip(TRAITS, random.normal(size=len(TRAITS)).tolist(), strict=True))
        kinds[kind] = {**factors, "places": random.normal(size=places).tolist()}
    return json.dumps({"kinds": kinds})


def test_the_embedded_weights_have_a_ranking_of_their_own():
    weights = find("default")
    text = weights.path.with_suffix(".ranking.json").read_text()
    assert Painter.load(threads=1).runtime.ranking == text
    assert json.loads(text)["weights"] == weights.sha256, "run benchmarks/pick.py fit again"
    assert set(coefficients(text)) == {"rgb", "palette", "palettes"}
    for factors in coefficients(text).values():
        assert set(factors) == {*TRAITS, "places"}
        assert len(factors["places"]) == 9


@pytest.mark.parametrize("palettes", [(), (WARM,) * 4, (WARM, COOL, WARM, COOL)])
def test_the_rank_follows_traits_and_place(palettes):
    random = np.random.default_rng(0)
    colours, sure = random.integers(0, 256, (4, 3, 3), np.uint8), random.random(4)
    factors = coefficients(ranking(4))[kind_of(palettes)]
    found = traits(colours, AREAS, sure, palettes)
    wanted = found @ [factors[name] for name in TRAITS] + factors["places"]
    assert rank(colours, AREAS, sure, palettes, ranking(4)) == pytest.approx(wanted)


@pytest.mark.parametrize("fitted", ["", ranking(9)])
def test_without_a_ranking_for_so_many_the_surest_is_first(fitted):
    colours, sure = flats([[9] * 3] * 3, [[99] * 3] * 3), np.array([0.2, 0.7])
    assert rank(colours, AREAS, sure, (), fitted).tolist() == [0.2, 0.7]


@pytest.mark.parametrize("text", ["{", "[]", '{"kinds": {"rgb": {"sure": 1}}}'])
def test_a_ranking_that_is_none_is_refused(text):
    with pytest.raises(BadWeights, match="ranking"):
        coefficients(text)


def test_a_sketch_left_white_altogether_is_ranked_too():
    assert np.isfinite(traits(flats([[255] * 3] * 3), np.zeros(3), np.zeros(1))).all()


def test_hints_are_agreed_with_or_not():
    colours = flats([[200, 30, 30]] * 3, [[30, 200, 30]] * 3)
    apart = disagreement(colours, {1: (200, 30, 30)})
    assert apart[0] == pytest.approx(0, abs=1e-4)
    assert apart[1] > 50
    assert disagreement(colours, {}).tolist() == [0, 0]


def test_the_proposal_that_has_the_hints_colour_of_itself_is_shown_first():
    page = draw_rooms(120, 100)
    sketch, regions = Sketch(ink=page), segment(page)
    settled = settle(random_proposals(sketch.size, count=3), regions, sketch)
    equal = replace(settled, colourings=tuple(replace(c, rank=0.0) for c in settled.colourings))
    flats = np.stack([one.colours for one in settled.colourings]).astype(int)
    label = int(np.abs(flats[2] - flats[:2]).sum(-1).min(0).argmax())  # as unlike as can be
    hint = Hint("colour", dot_inside(regions, label), tuple(flats[2, label].tolist()))
    assert first_choice(equal, Hints(sketch.size, (hint,))) == 2
    assert first_choice(equal, Hints(sketch.size)) == 0
    with pytest.raises(BadHints):
        first_choice(equal, Hints(Size(9, 9)))
