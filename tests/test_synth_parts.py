"""Every choice of a character can be drawn and is seen."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("skia")

from inkwash.data.synth import (
    AMBIENTS,
    BACKGROUNDS,
    CROPS,
    Character,
    Drawing,
    Hair,
    Look,
    compose,
    examples,
    portrait,
    sheet,
)
from inkwash.data.synth import character as choices
from inkwash.data.synth.clothes import OUTFITS
from inkwash.data.synth.scene import Layer
from inkwash.errors import BadConfig

PLAIN = Character(seed=1)
LOOK = Look(shading="cel")


def _difference(a: Drawing, b: Drawing) -> float:
    return float(np.abs(a.line.astype(int) - b.line).mean())


def _portrait(crop: str = "bust", **choice: object) -> Drawing:
    return portrait(Character(seed=1, **choice), 128, crop=crop, look=LOOK)  # type: ignore[arg-type]


def _of(drawing: Drawing, name: str) -> NDArray[np.bool_]:
    wanted = [i for i, found in enumerate(drawing.names) if found == name]
    return np.isin(drawing.labels, wanted)


def test_every_outfit_has_a_maker():
    assert set(get_args(choices.Outfit)) == set(OUTFITS)


@pytest.mark.parametrize("outfit", OUTFITS)
def test_an_outfit_covers_the_body(outfit: str):
    drawing = _portrait("full", outfit=outfit)
    skin = np.isin(drawing.labels, [i for i, name in enumerate(drawing.names) if name == "skin"])
    figure = drawing.labels != drawing.names.index("paper")
    assert "shoes" in drawing.names
    assert skin.sum() < 0.25 * figure.sum()


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("eyes", choices.Eyes),
        ("mouth", choices.Mouth),
        ("brows", choices.Brows),
        ("pose", choices.Pose),
        ("age", choices.Age),
        ("print", choices.Pattern),
    ],
)
def test_each_value_draws_another_picture(field: str, values: object):
    drawings = [_portrait("half", **{field: value}) for value in get_args(values)]
    for i, one in enumerate(drawings):
        assert all(_difference(one, other) > 0 for other in drawings[:i])


def test_a_print_stays_within_its_cloth():
    plain, striped = (_portrait("half", outfit="tee", print=name) for name in ("none", "stripes"))
    assert np.array_equal(_role(plain, "top"), _role(striped, "top") | _role(striped, "print"))
    assert _role(striped, "print").sum() > 200


def test_each_stance_moves_the_feet():
    feet = [_role(_portrait("full", stance=name), "shoes") for name in get_args(choices.Stance)]
    for i, one in enumerate(feet):
        assert all(not np.array_equal(one, other) for other in feet[:i])


def test_who_sits_has_a_seat_and_a_lap():
    standing, sitting = (_portrait("full", stance=name) for name in ("still", "sit"))
    assert "seat" in sitting.names
    assert "seat" not in standing.names
    assert _height(_role(sitting, "skirt")) < _height(_role(standing, "skirt"))


@pytest.mark.parametrize("back", get_args(choices.Back))
@pytest.mark.parametrize("outfit", ["sailor", "armour", "tank"])
def test_from_behind_there_is_hair_and_no_face(back: choices.Back, outfit: str):
    drawing = _portrait("half", facing="away", outfit=outfit, hair=Hair(back=back))
    assert not {"iris", "eye white", "lash", "mouth"} & set(drawing.names)
    face = _role(_portrait("half", outfit=outfit, hair=Hair(back=back)), "iris")
    assert _role(drawing, "hair")[face].all()


@pytest.mark.parametrize("tail", get_args(choices.Tail))
def test_tails_are_seen_from_behind(tail: choices.Tail):
    drawing = _portrait("half", facing="away", hair=Hair(back="cropped", tail=tail))
    plain = _portrait("half", facing="away", hair=Hair(back="cropped"))
    assert tail == "none" or _role(drawing, "hair").sum() > _role(plain, "hair").sum()


def test_a_chibi_is_mostly_head():
    usual, chibi = (_portrait("full", head=size) for size in (1.0, 1.8))
    assert _role(chibi, "hair").sum() > 2 * _role(usual, "hair").sum()
    assert "shoes" in chibi.names


@pytest.mark.parametrize("yaw", [-1.0, 0.0, 1.0])
def test_a_band_lies_on_the_hair_however_the_head_turns(yaw: float):
    drawing = _portrait(headwear="band", yaw=yaw)
    band, paper = (drawing.labels == drawing.names.index(name) for name in ("ribbon", "paper"))
    lowest = len(band) - 1 - band[::-1].argmax(0)  # of each column that the band crosses
    crossed = np.flatnonzero(band.any(0))
    assert not paper[lowest[crossed] + 1, crossed].any()


def test_who_runs_swings_arms_and_legs():
    still, runs = (
        _portrait("full", stance=s, pose=p) for s, p in (("still", "down"), ("run",) * 2)
    )
    width = [np.ptp(np.flatnonzero(_of(d, "shoes").any(0))) for d in (still, runs)]
    assert width[1] > 1.2 * width[0]


def test_people_of_a_group_are_drawn_in_one_style(monkeypatch: pytest.MonkeyPatch):
    heads: list[float] = []

    def note(character: Character, *_: object) -> list[Layer]:
        heads.append(character.head)
        return []

    monkeypatch.setattr(compose, "figure", note)
    for seed in range(5):
        heads.clear()
        compose.composed(np.random.default_rng(seed), "group", 1.4)
        assert len(heads) > 1
        assert len(set(heads)) == 1


def test_a_leaning_figure_moves_its_feet_aside():
    right = _role(_portrait("full", lean=-10.0), "shoes").any(0)
    left = _role(_portrait("full", lean=10.0), "shoes").any(0)
    assert np.nonzero(left)[0].mean() + 10 < np.nonzero(right)[0].mean()


def test_a_sleeveless_top_bares_the_arms():
    bare, short = (_portrait("half", outfit=name, pose="down") for name in ("tank", "tee"))
    assert _role(bare, "skin").sum() > 1.05 * _role(short, "skin").sum()


@pytest.mark.parametrize("field", ["fringe", "sides", "back", "tail"])
def test_each_hair_style_draws_another_picture(field: str):
    values = get_args(getattr(choices, field.capitalize()))
    drawings = [_portrait(hair=Hair(**{field: value})) for value in values]
    for i, one in enumerate(drawings):
        assert all(_difference(one, other) > 0 for other in drawings[:i])


@pytest.mark.parametrize("yaw", [-1.0, -0.5, 0.0, 0.5, 1.0])
def test_both_eyes_are_seen_from_every_side(yaw: float):
    drawing = _portrait(yaw=yaw, hair=Hair(fringe="none", sides="none"))
    irises = [i for i, name in enumerate(drawing.names) if name == "iris"]
    assert len(irises) == 2


@pytest.mark.parametrize("yaw", [-2.0, 2.0])
def test_a_profile_shows_one_eye(yaw: float):
    drawing = _portrait(yaw=yaw, hair=Hair(fringe="none", sides="none"))
    assert drawing.names.count("iris") == 1
    columns = np.nonzero(_role(drawing, "iris").any(0))[0]
    assert (columns.mean() > 64) == (yaw > 0)


def test_a_mirrored_look_mirrors_the_face():
    right = _portrait(yaw=0.6, hair=Hair(fringe="none", sides="none"))
    left = _portrait(yaw=-0.6, hair=Hair(fringe="none", sides="none"))
    assert np.mean(_role(right, "skin") != _role(left, "skin")[:, ::-1]) < 0.02


def _height(mask: np.ndarray) -> int:
    return int(mask.any(1).sum())


def _role(drawing: Drawing, role: str) -> np.ndarray:
    return np.isin(drawing.labels, [i for i, name in enumerate(drawing.names) if name == role])


@pytest.mark.parametrize("ground", BACKGROUNDS)
@pytest.mark.parametrize("ambient", ["day", "night"])
def test_a_ground_fills_the_paper(ground: str, ambient: str):
    drawing = portrait(PLAIN, 96, ground=ground, ambient=ambient)
    assert "paper" not in drawing.names


def test_night_is_darker_than_day():
    day, night = (portrait(PLAIN, 96, ground="sky", ambient=name) for name in ("day", "night"))
    assert night.colour.mean() < 0.75 * day.colour.mean()


def test_colours_are_those_asked_for():
    drawing = portrait(PLAIN, 96, colours={"hair": (10, 200, 30)})
    assert drawing.palette["hair"] == (10, 200, 30)
    assert (drawing.flat[_role(drawing, "hair")] == (10, 200, 30)).all()


@pytest.mark.parametrize("setting", ["crop", "ground", "ambient"])
def test_unknown_settings_are_refused(setting: str):
    known = {"crop": CROPS, "ground": BACKGROUNDS, "ambient": AMBIENTS}[setting]
    with pytest.raises(BadConfig, match=next(iter(known))):
        portrait(PLAIN, 64, **{setting: "nowhere"})  # type: ignore[arg-type]


def test_examples_are_clean_sketches():
    for name, drawing in examples((160, 226)).items():
        assert drawing.line.shape == (226, 160), name
        assert 0.5 < (drawing.line > 200).mean() < 0.97, name
        assert drawing.line.min() < 10, name


def test_a_sheet_has_a_column_for_each_value():
    assert sheet("outfit", 64).shape == (128, 64 * len(OUTFITS), 3)
    assert sheet("fringe", 48).shape == (96, 48 * len(get_args(choices.Fringe)), 3)


def test_a_part_without_values_has_no_sheet():
    with pytest.raises(BadConfig, match="outfit"):
        sheet("seed")
