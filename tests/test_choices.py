"""What the artist decides region by region."""

from __future__ import annotations

import numpy as np
import pytest

from inkwash.characters import recast, with_cast
from inkwash.choices import choose, dot_inside, hold, mask_of, similar, snapped
from inkwash.document import render
from inkwash.errors import BadConfig, BadHints, BadPalette
from inkwash.geometry import Size
from inkwash.hints import Dot, Hint, Hints
from inkwash.painter import Painter, PaintRequest
from inkwash.palettes import CharacterSheet, Palette, Swatch, library, parse
from inkwash.regions import segment
from inkwash.settle import Colouring, Painting
from inkwash.sketch import Sketch
from sketches import draw_rooms, rooms_sketch
from tiny_net import tiny_runtime

SKETCH = rooms_sketch()
REGIONS = segment(SKETCH.lines)
LEFT, RIGHT, DISC, PAGE = (
    int(REGIONS.labels[y, x]) for x, y in ((35, 30), (170, 80), (72, 80), (5, 5))
)
PLACES = {LEFT: (35, 30), RIGHT: (170, 80), DISC: (72, 80), PAGE: (5, 5)}


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(tiny_runtime())


def painted(colours: list[list[tuple[int, int, int]]], **fields) -> Painting:
    """A painting of the rooms with these colours of regions 0 to 3, one list a colouring."""
    colourings = tuple(
        Colouring(colours=np.array(each, np.uint8), clear=np.zeros(4, bool)) for each in colours
    )
    return Painting(sketch=SKETCH, regions=REGIONS, colourings=colourings, **fields)


def hints_of(*items: Hint) -> Hints:
    return Hints(SKETCH.size, items)


def under(region: int, kind: str = "colour", rgb=None) -> Hint:
    return Hint(kind, Dot(*PLACES[region]), rgb)  # type: ignore[arg-type]


def pixels_of(region: int) -> np.ndarray:
    return REGIONS.labels == region


RED, BLUE, GREEN, GREY = (200, 30, 30), (30, 30, 200), (30, 200, 30), (128, 128, 128)


# Choices


def test_a_region_is_taken_from_another_proposal_and_the_rest_stays():
    painting = painted([[RED] * 4, [BLUE] * 4, [GREEN] * 4], chosen=1)
    chosen = choose(choose(painting, DISC, 2), LEFT, 0)
    wanted = {DISC: GREEN, LEFT: RED, RIGHT: BLUE, PAGE: BLUE}
    for region, rgb in wanted.items():
        assert tuple(chosen.colourings[1].colours[region]) == rgb
    assert chosen.decided == {DISC, LEFT}
    assert (chosen.colourings[0].colours == RED).all()
    assert (painting.colourings[1].colours == BLUE).all()


def test_a_choice_brings_the_shading_of_its_region(painter):
    painting = painter.paint(SKETCH, style="shaded", pick=1)
    before, theirs = render(painting, 0), render(painting, 6)
    after = render(choose(painting, RIGHT, 6), 0)
    assert np.array_equal(after[pixels_of(RIGHT)], theirs[pixels_of(RIGHT)])
    assert np.array_equal(after[~pixels_of(RIGHT)], before[~pixels_of(RIGHT)])


def test_similar_regions_touch_or_lie_near_and_have_the_colour():
    colours = [GREY] * 4
    colours[LEFT] = colours[DISC] = RED
    assert similar(painted([colours]), LEFT, 0).tolist() == sorted([LEFT, DISC])
    colours[RIGHT] = RED
    assert similar(painted([colours]), DISC, 0).tolist() == sorted([LEFT, DISC, RIGHT])
    assert similar(painted([colours]), PAGE, 0).tolist() == [PAGE]


def test_similar_crosses_a_narrow_strip_but_no_wide_one():
    page = np.full((400, 400), 255, np.uint8)
    for x in (50, 150, 156, 250, 330):  # strips: 100 wide, 6 wide, 94 wide, 80 wide
        page[50:350, x - 1 : x + 1] = 0
    page[50:52, 50:330] = page[348:350, 50:330] = 0
    regions = segment(page, gap=0)
    one, strip, other, far = (int(regions.labels[200, x]) for x in (100, 153, 200, 290))
    colours = np.full((regions.count, 3), 9, np.uint8)
    colours[[one, other]] = 200
    colouring = Colouring(colours=colours, clear=np.zeros(regions.count, bool))
    painting = Painting(sketch=Sketch(ink=page), regions=regions, colourings=(colouring,))
    assert similar(painting, one, 0).tolist() == sorted([one, other])
    colours[[one, far]], colours[other] = 200, 9
    assert similar(painting, one, 0).tolist() == [one]
    assert strip not in (one, other, far)


def test_spreading_leaves_alone_what_was_decided_before():
    painting = painted([[RED] * 4, [BLUE] * 4])
    spread = choose(choose(painting, RIGHT, 0), LEFT, 1, spread=True)
    assert tuple(spread.colourings[0].colours[RIGHT]) == RED
    assert tuple(spread.colourings[0].colours[PAGE]) == BLUE
    assert spread.decided == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("region", "proposal", "message"),
    [(4, 0, "regions 0 to 3"), (-1, 0, "regions 0 to 3"), (0, 2, "choose from 1 to 2")],
)
def test_what_is_not_there_cannot_be_chosen(region, proposal, message):
    with pytest.raises(BadConfig, match=message):
        choose(painted([[RED] * 4, [BLUE] * 4]), region, proposal)


def test_held_regions_of_a_flat_painting_stay_flat_in_a_shaded_one(painter):
    flat, shaded = (painter.paint(SKETCH, style=style) for style in ("flat", "shaded"))
    held = hold(shaded, flat.colourings, mask_of([LEFT], REGIONS))
    inside = pixels_of(LEFT)
    assert np.array_equal(render(held, 0)[inside], render(flat, 0)[inside])
    assert np.array_equal(render(held, 0)[~inside], render(shaded, 0)[~inside])


def test_a_dot_lies_in_its_region_off_the_ink():
    for region in range(REGIONS.count):
        dot = dot_inside(REGIONS, region)
        assert REGIONS.labels[int(dot.y), int(dot.x)] == region
        assert not REGIONS.ink[int(dot.y), int(dot.x)]


# Hints, locks, rerolls


def test_rerolled_proposals_hold_what_was_chosen_and_change_the_rest(painter):
    painting = choose(painter.paint(SKETCH, pick=1), RIGHT, 4)
    rerolled = painter.reroll(painting, seed=9)
    wanted = painting.colourings[0].colours[RIGHT]
    assert all((c.colours[RIGHT] == wanted).all() for c in rerolled.colourings)
    assert rerolled.decided == {RIGHT}
    others = [region for region in PLACES if region != RIGHT]
    before, after = ([c.colours[others] for c in p.colourings] for p in (painting, rerolled))
    assert not np.array_equal(before, after)
    assert [c.title for c in painting.colourings] != [c.title for c in rerolled.colourings]


def test_what_holds_is_told_to_the_network(painter, monkeypatch):
    told = []
    monkeypatch.setattr(
        painter,
        "study",
        lambda sketch, request: told.append(request.hints) or study(sketch, request),
    )
    study = Painter(painter.runtime).study
    painting = choose(painter.paint(SKETCH, pick=1), RIGHT, 4)
    painter.reroll(painting, 3, PaintRequest(hints=hints_of(under(DISC, "lock"))))
    assert told[0] is None
    regions = {
        int(REGIONS.labels[int(h.shape.y), int(h.shape.x)]): h.rgb
        for h in told[1].of_kind("suggest")
    }
    assert regions == {
        region: tuple(painting.colourings[0].colours[region].tolist()) for region in (RIGHT, DISC)
    }


@pytest.mark.parametrize("style", ["flat", "shaded"])
def test_a_locked_region_keeps_every_byte_of_the_earlier_painting(painter, style):
    earlier = painter.paint(SKETCH, style=style, seed=1)
    hints = hints_of(under(LEFT, "lock"), under(RIGHT, "colour", (250, 10, 60)))
    later = painter.paint(SKETCH, style=style, seed=2, hints=hints, previous=earlier)
    inside = pixels_of(LEFT)
    for index in range(9):
        before, after = render(earlier, index), render(later, index)
        assert np.array_equal(before[inside], after[inside])
    assert not np.array_equal(render(earlier, 0), render(later, 0))


def test_a_lock_without_an_earlier_painting_keeps_what_there_is_without_hints(painter):
    plain = painter.paint(SKETCH)
    hints = hints_of(under(DISC, "lock"), under(RIGHT, "suggest", (250, 10, 60)))
    painting = painter.paint(SKETCH, hints=hints)
    assert np.array_equal(
        [c.colours[DISC] for c in painting.colourings], [c.colours[DISC] for c in plain.colourings]
    )


@pytest.mark.parametrize("style", ["flat", "shaded"])
@pytest.mark.parametrize("head", ["palette", "rgb"])
def test_only_hinted_regions_move(painter, style, head):
    plain = painter.paint(SKETCH, style=style, head=head)
    hints = hints_of(under(RIGHT, "colour", (250, 10, 60)), under(DISC, "clear"))
    painting = painter.paint(SKETCH, style=style, head=head, hints=hints, only_hinted=True)
    assert painting.chosen == plain.chosen
    others = pixels_of(LEFT) | pixels_of(PAGE)
    for index in range(9):
        picture = render(painting, index)
        assert np.array_equal(picture[others][:, :3], render(plain, index)[others])
        assert not np.array_equal(picture[~others][:, :3], render(plain, index)[~others])


def test_hints_reach_the_network_so_that_other_regions_can_follow(painter):
    plain = painter.paint(SKETCH, head="rgb")
    hinted = painter.paint(SKETCH, head="rgb", hints=hints_of(under(RIGHT, "suggest", RED)))
    assert not np.array_equal(plain.colourings[0].colours, hinted.colourings[0].colours)


def test_a_colour_after_a_lock_wins_and_it_is_said(painter):
    hints = hints_of(under(LEFT, "lock"), under(LEFT, "colour", (1, 2, 3)))
    painting = painter.paint(SKETCH, hints=hints)
    assert tuple(painting.colourings[0].colours[LEFT]) == (1, 2, 3)
    assert "later one wins" in painting.notes[0]


def test_a_lock_after_a_colour_keeps_the_colour(painter):
    hints = hints_of(under(LEFT, "colour", (1, 2, 3)), under(LEFT, "lock"))
    painting = painter.paint(SKETCH, hints=hints)
    assert all(tuple(each.colours[LEFT]) == (1, 2, 3) for each in painting.colourings)


def test_an_earlier_painting_of_another_sketch_is_refused(painter):
    earlier = painter.paint(rooms_sketch(100, 80))
    with pytest.raises(BadConfig, match="another sketch"):
        painter.paint(SKETCH, only_hinted=True, previous=earlier)


# Palettes and characters


def test_snapping_moves_flats_to_the_palette():
    painting = painted([[(250, 20, 20)] * 4])
    palette = parse("#ff0000,#0000ff")
    assert (snapped(painting, palette, 1).colourings[0].colours == (255, 0, 0)).all()
    assert (snapped(painting, palette, 0).colourings[0].colours == (250, 20, 20)).all()
    half = snapped(painting, palette, 0.5).colourings[0].colours[LEFT]
    assert 250 <= half[0] <= 255
    assert 0 < half[1] < 20
    with pytest.raises(BadPalette, match="0 to 1"):
        snapped(painting, palette, 1.5)


def test_a_hint_is_exact_whatever_the_palette(painter):
    hints = hints_of(under(DISC, "colour", GREY))
    painting = painter.paint(SKETCH, hints=hints, palettes=(parse("#ff0000,#0000ff"),), snap=1.0)
    assert all(tuple(c.colours[DISC].tolist()) == GREY for c in painting.colourings)


@pytest.mark.parametrize("head", ["palette", "rgb", "auto"])
def test_a_painting_snapped_to_a_palette_has_only_its_colours(painter, head):
    palette = parse("#102030,#ffeedd,#cc4455")
    painting = painter.paint(SKETCH, head=head, palettes=(palette,), snap=1.0)
    allowed = {swatch.rgb for swatch in palette.swatches}
    for colouring in painting.colourings:
        assert {tuple(rgb) for rgb in colouring.colours.tolist()} <= allowed


def test_snap_0_is_the_painting_without_a_palette(painter):
    plain = painter.paint(SKETCH, seed=4)
    snapped_by_0 = painter.paint(SKETCH, seed=4, palettes=(parse("#fff,#000"),), snap=0.0)
    for before, after in zip(plain.colourings, snapped_by_0.colourings, strict=True):
        assert np.array_equal(before.colours, after.colours)


@pytest.mark.parametrize(
    "fields",
    [
        {"snap": 0.5},
        {"snap": 0.5, "palettes": (parse("#fff,#000"),) * 9},
        {
            "palettes": (parse("#fff,#000"),),
            "characters": CharacterSheet((Palette((Swatch(RED, role="hair"),), "Aiko"),)),
        },
    ],
)
def test_requests_that_contradict_themselves_are_refused(fields):
    with pytest.raises(BadConfig):
        PaintRequest(**fields)


def character(name: str, skin, hair) -> Palette:
    return Palette((Swatch(skin, role="skin"), Swatch(hair, role="hair")), name)


AIKO = character("Aiko", (255, 224, 204), (200, 30, 30))
REN = character("Ren", (150, 100, 70), (30, 30, 60))


def test_a_cast_takes_the_place_of_a_palettes_own_colours_for_its_roles():
    page = library()["school-spring"]
    palette = with_cast(page, CharacterSheet((AIKO, REN)))
    assert palette.name == "Aiko, Ren, pale pink"
    of_role = {role: {s.rgb for s in palette.swatches if s.role == role} for role in page.roles}
    assert of_role["skin"] == {AIKO.swatches[0].rgb, REN.swatches[0].rgb}
    assert of_role["hair"] == {AIKO.swatches[1].rgb, REN.swatches[1].rgb}
    assert of_role["sky"] == {page.roles["sky"].rgb}
    shares = dict(zip([s.role for s in page.swatches], page.shares or (), strict=True))
    assert palette.shares is not None
    assert palette.shares[0] == pytest.approx(shares["skin"] / 2)


def test_pages_of_one_cast_share_their_palettes(painter):
    sheet = CharacterSheet((AIKO,))
    one, other = (painter.paint(draw_rooms(240, height), characters=sheet) for height in (160, 200))
    assert [c.title for c in one.colourings] == [c.title for c in other.colourings]
    assert len({c.title for c in one.colourings}) > 1


def test_a_hint_in_a_characters_colour_dresses_what_is_near():
    colours = [AIKO.swatches[1].rgb] * 4
    colours[PAGE] = REN.swatches[0].rgb
    painting = painted([colours])
    hints = hints_of(
        under(LEFT, "colour", AIKO.swatches[1].rgb), under(RIGHT, "colour", REN.swatches[1].rgb)
    )
    dressed = recast(painting, CharacterSheet((AIKO, REN)), hints).colourings[0]
    assert tuple(dressed.colours[DISC]) == AIKO.swatches[1].rgb
    assert tuple(dressed.colours[PAGE]) == AIKO.swatches[0].rgb
    assert recast(painting, CharacterSheet((AIKO, REN)), None) is painting


def test_hints_of_another_size_are_refused_everywhere(painter):
    hints = Hints(Size(10, 10), (Hint("lock", Dot(5, 5)),))
    with pytest.raises(BadHints):
        painter.paint(SKETCH, hints=hints)
    with pytest.raises(BadHints):
        painter.reroll(painter.paint(SKETCH), 1, PaintRequest(hints=hints))
