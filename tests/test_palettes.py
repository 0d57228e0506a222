"""What palettes are, how they are cut down, snapped to, taken from pictures, and the library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from inkwash import palettes
from inkwash.colour import colourfulness, delta_e2000, lab_from_srgb
from inkwash.errors import BadPalette
from inkwash.palettes import CharacterSheet, Palette, Swatch

BYTES = st.tuples(*[st.integers(0, 255)] * 3)


def flag() -> np.ndarray:
    """A picture (60, 100, 3) of three flats: 60 % blue, 30 % red, 10 % yellow."""
    picture = np.zeros((60, 100, 3), np.uint8)
    picture[:, :60] = (30, 60, 160)
    picture[:, 60:90] = (200, 30, 40)
    picture[:, 90:] = (250, 210, 60)
    return picture


def test_a_palette_as_numbers():
    palette = palettes.parse("#ff0000,#0000ff")
    np.testing.assert_array_equal(palette.rgb, [[1, 0, 0], [0, 0, 1]])
    np.testing.assert_array_equal(palette.weights, [0.5, 0.5])
    assert palette.rgb.dtype == np.float32
    assert [swatch.name for swatch in palette.swatches] == ["bright red", "bright blue"]
    assert str(palette) == "#ff0000,#0000ff"


def test_shares_are_scaled_to_one():
    palette = Palette(palettes.parse("#f00,#00f").swatches, shares=(3, 1))
    assert palette.shares == (0.75, 0.25)


@pytest.mark.parametrize("shares", [(1,), (0, 0), (-1, 2), (float("nan"), 1)])
def test_impossible_shares(shares: tuple[float, ...]):
    with pytest.raises(BadPalette, match="shares"):
        Palette(palettes.parse("#f00,#00f").swatches, shares=shares)


@pytest.mark.parametrize("rgb", [(256, 0, 0), (-1, 0, 0), (0, 0), (0.5, 0, 0)])
def test_impossible_colours(rgb: tuple[int, int, int]):
    with pytest.raises(BadPalette, match="0 to 255"):
        Swatch(rgb)


def test_no_colour_and_too_many():
    with pytest.raises(BadPalette, match="has 0 colours; give 1 to 4096"):
        Palette(())
    with pytest.raises(BadPalette, match="has 5000 colours"):
        Palette((Swatch((1, 2, 3)),) * 5000)


@pytest.mark.parametrize(("text", "part"), [("", "no colour"), ("#fff,blau", "'blau'")])
def test_parse_names_what_is_wrong(text: str, part: str):
    with pytest.raises(BadPalette, match=part):
        palettes.parse(text)


def test_fit_leaves_a_small_palette_alone():
    palette = palettes.parse("#f00,#0f0,#00f")
    assert palettes.fit(palette) == (palette, "")


def test_fit_merges_what_is_nearest_and_says_so():
    swatches = palettes.parse("#ff0000,#fe0101,#00ff00,#0000ff").swatches
    palette = Palette(swatches, "four", (0.1, 0.2, 0.3, 0.4))
    fitted, note = palettes.fit(palette, most=3)
    assert str(fitted) == "#fe0101,#00ff00,#0000ff"
    assert fitted.shares == pytest.approx((0.3, 0.3, 0.4))
    assert note == "4 colours merged to the 3 that differ most"


def test_fit_takes_five_hundred_colours():
    colours = np.random.default_rng(0).integers(0, 256, (500, 3)).tolist()
    palette = palettes.palette_of([tuple(rgb) for rgb in colours])
    fitted, note = palettes.fit(palette)
    assert len(fitted) == 16
    assert set(fitted.swatches) <= set(palette.swatches)
    assert "500 colours merged to the 16" in note
    lab = fitted.lab
    apart = delta_e2000(lab[:, None], lab[None]) + 100 * np.eye(16)
    assert apart.min() > 8


@pytest.mark.parametrize("text", ["#abc", "#abc,#aabbcc"])
def test_one_colour_is_too_few_for_the_network(text: str):
    with pytest.raises(BadPalette, match="places 2 to 16"):
        palettes.fit(palettes.parse(text))


def test_snap_in_full_gives_colours_of_the_palette():
    palette = palettes.named("sea-breeze")
    rgb = np.random.default_rng(1).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    snapped = palettes.snap(rgb, palette)
    assert {tuple(colour) for colour in snapped.reshape(-1, 3).tolist()} <= {
        swatch.rgb for swatch in palette.swatches
    }
    differences = delta_e2000(lab_from_srgb(rgb)[..., None, :], palette.lab)
    chosen = delta_e2000(lab_from_srgb(rgb), lab_from_srgb(snapped))
    np.testing.assert_allclose(chosen, differences.min(axis=-1), atol=1e-3)


def test_snap_moves_by_its_strength():
    palette, rgb = palettes.parse("#204080,#f0e0d0"), flag()
    np.testing.assert_array_equal(palettes.snap(rgb, palette, 0), rgb)
    target = lab_from_srgb(palettes.snap(rgb, palette))
    left = [
        float(delta_e2000(lab_from_srgb(palettes.snap(rgb, palette, strength)), target).mean())
        for strength in (0, 0.25, 0.5, 0.75, 1)
    ]
    assert left == sorted(left, reverse=True)
    assert left[0] > left[2] > left[4] == 0


@pytest.mark.parametrize("strength", [-0.1, 1.5, float("nan")])
def test_snap_strength_is_from_0_to_1(strength: float):
    with pytest.raises(BadPalette, match="from 0 to 1"):
        palettes.snap(flag(), palettes.parse("#f00"), strength)


@given(BYTES)
def test_a_colour_of_the_palette_snaps_to_itself(rgb: tuple[int, int, int]):
    palette = palettes.palette_of([(10, 200, 30), rgb, (250, 0, 0)])
    pixel = np.array([rgb], np.uint8)
    np.testing.assert_array_equal(palettes.snap(pixel, palette), pixel)


def test_a_picture_of_flats_gives_exactly_its_colours_and_shares():
    palette = palettes.from_picture(flag(), count=3)
    assert [swatch.rgb for swatch in palette.swatches] == [
        (30, 60, 160),
        (200, 30, 40),
        (250, 210, 60),
    ]
    assert palette.shares == pytest.approx((0.6, 0.3, 0.1))


def test_fewer_colours_than_asked_for_and_always_the_same():
    assert len(palettes.from_picture(flag(), count=8)) == 3
    noisy = flag() + np.random.default_rng(3).integers(0, 30, (60, 100, 3), dtype=np.uint8) // 6
    assert palettes.from_picture(noisy, 6, seed=5) == palettes.from_picture(noisy, 6, seed=5)


def test_the_palette_of_a_soft_picture_lies_close_to_it():
    image = Image.new("RGB", (200, 150), "#bfe2f4")
    draw = ImageDraw.Draw(image)
    for step in range(60):
        draw.ellipse(
            (20 + step, 10 + step, 180 - step, 140 - step), fill=(250, 200 - 2 * step, 150)
        )
    picture = np.asarray(image)
    palette = palettes.from_picture(picture, count=4)
    difference = delta_e2000(
        lab_from_srgb(picture), palette.lab[palettes.nearest(lab_from_srgb(picture), palette)]
    )
    assert difference.mean() < 8


def test_pictures_without_colour():
    grey = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(16, 16, 3)
    with pytest.raises(BadPalette, match="grey throughout"):
        palettes.from_picture(grey)
    with pytest.raises(BadPalette, match="one colour only"):
        palettes.from_picture(np.full((4, 4, 3), (200, 40, 40), np.uint8))
    with pytest.raises(BadPalette, match="ask for 2 to 16"):
        palettes.from_picture(flag(), count=1)


def test_from_file_skips_what_is_transparent(tmp_path: Path):
    alpha = np.full((60, 100, 1), 255, np.uint8)
    alpha[:, 60:90] = 0
    path = tmp_path / "flag.png"
    Image.fromarray(np.concatenate([flag(), alpha], axis=2)).save(path)
    palette = palettes.from_file(path)
    assert str(palette) == "#1e3ca0,#fad23c"
    assert palette.name == "flag"


def drawn_flag(black: int = 0) -> np.ndarray:
    """The flag with ink lines between its fields and, if asked for, a black square."""
    picture = Image.fromarray(flag()).resize((500, 300), Image.Resampling.NEAREST)
    draw = ImageDraw.Draw(picture)
    for x in range(0, 500, 25):
        draw.line([(x, 0), (x + 60, 299)], (12, 10, 14), 3)
    draw.rectangle((20, 20, 20 + black, 20 + black), (5, 5, 8) if black else None)
    soft = picture.resize((1000, 600), Image.Resampling.BICUBIC).resize((500, 300))
    return np.asarray(soft)


def test_lines_are_no_colours_and_black_areas_are(tmp_path: Path):
    path = tmp_path / "page.png"
    Image.fromarray(drawn_flag()).save(path)
    darkest = palettes.from_picture(flag()).lab[:, 0].min()
    assert palettes.from_picture(drawn_flag(), count=8).lab[:, 0].min() < darkest - 15
    assert palettes.from_file(path, count=8).lab[:, 0].min() > darkest - 2
    Image.fromarray(drawn_flag(black=60)).save(path)
    assert palettes.from_file(path, count=8).lab[:, 0].min() < 6


def test_a_picture_of_lines_alone_keeps_its_pixels():
    dark = np.zeros((4, 4, 3), np.uint8)
    assert palettes.without_lines(dark).shape == (1, 16, 3)
    assert palettes.without_lines(dark, np.zeros((4, 4), np.uint8)).shape == (1, 0, 3)
    assert palettes.without_lines(np.zeros((0, 0, 3), np.uint8)).shape == (1, 0, 3)


def test_from_file_names_the_file(tmp_path: Path):
    with pytest.raises(BadPalette, match=r"gone\.png: there is no such file"):
        palettes.from_file(tmp_path / "gone.png")
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(BadPalette, match=r"text\.png: not a picture"):
        palettes.from_file(tmp_path / "text.png")
    Image.new("RGB", (8, 8), "white").save(tmp_path / "white.png")
    with pytest.raises(BadPalette, match=r"white\.png: the picture is grey"):
        palettes.from_file(tmp_path / "white.png")


def test_the_library_is_whole():
    library = palettes.library()
    assert 36 <= len(library) <= 60
    for name, palette in library.items():
        assert palette.name == name == name.lower().replace(" ", "-")
        assert 7 <= len(palette) <= 9
        assert {"skin", "hair", "eyes", "eye-white", "top", "background"} <= palette.roles.keys()
        assert palette.shares is not None
        assert sum(palette.shares) == pytest.approx(1)
        assert palettes.fit(palette) == (palette, "")


@pytest.mark.parametrize("name", palettes.library())
def test_library_palettes_have_light_dark_and_different_colours(name: str):
    palette = palettes.named(name)
    lab = palette.lab
    told = [s.role != palettes.EYE_WHITE for s in palette.swatches]  # another white may be like it
    apart = delta_e2000(lab[:, None], lab[None]) + 100 * np.eye(len(lab))
    assert apart[told][:, told].min() > 3
    assert np.ptp(lab[:, 0]) > 35
    assert colourfulness(palette.bytes) > 25
    hair, skin = palette.roles["hair"], palette.roles["skin"]
    pair = lab_from_srgb(np.array([hair.rgb, skin.rgb], np.uint8))
    assert delta_e2000(pair[0], pair[1]) > 10


def test_library_skins_span_light_to_dark():
    lights = [
        float(lab_from_srgb(np.array(palette.roles["skin"].rgb, np.uint8))[0])
        for palette in palettes.library().values()
    ]
    counts, _ = np.histogram(lights, bins=(20, 45, 60, 75, 100))
    assert counts.min() >= 3


def test_load_takes_colours_files_and_names(tmp_path: Path):
    palette = palettes.named("dusk-harbour")
    assert palettes.load(str(palettes.write(palette, tmp_path / "p.json"))) == palette
    assert palettes.load("dusk-harbour") == palette
    assert palettes.load("#f00, #00f").bytes.tolist() == [[255, 0, 0], [0, 0, 255]]


def test_a_wrong_name_is_helped():
    with pytest.raises(BadPalette, match="did you mean sea-breeze"):
        palettes.load("sea-breze")
    with pytest.raises(BadPalette, match="inkwash palette list"):
        palettes.load("xqzw")


def character(name: str, *roles: str) -> Palette:
    return Palette(
        tuple(Swatch((place, 80, 90), role=role) for place, role in enumerate(roles)), name
    )


def test_a_character_sheet_survives_its_file(tmp_path: Path):
    sheet = CharacterSheet((character("Aiko", "skin", "hair"), character("Ren", "skin", "coat")))
    assert palettes.read_sheet(palettes.write_sheet(sheet, tmp_path / "cast.json")) == sheet
    assert sheet.names == ("Aiko", "Ren")
    assert sheet["Ren"].roles["coat"].rgb == (1, 80, 90)


@pytest.mark.parametrize(
    ("characters", "message"),
    [
        ((), "one character or more"),
        ((character("", "skin"),), "each with a name"),
        ((character("Aiko", "skin"),) * 65, "65 characters; a sheet has at most 64"),
        ((character("Aiko", "skin"), character("Aiko", "skin")), "'Aiko' comes twice"),
        ((character("Aiko", "skin", ""),), "#01505a has no role"),
        ((character("Aiko", "skin", "skin"),), "role 'skin' twice"),
    ],
)
def test_impossible_sheets(characters: tuple[Palette, ...], message: str):
    with pytest.raises(BadPalette, match=message):
        CharacterSheet(characters)


def test_a_character_that_is_not_there():
    with pytest.raises(BadPalette, match="no character 'Mai' on the sheet; there are Aiko"):
        CharacterSheet((character("Aiko", "skin"),))["Mai"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "another kind of JSON"),
        ('{"format": "inkwash-characters", "version": 2}', "newer inkwash"),
        ('{"format": "inkwash-characters", "version": 1}', 'list "characters"'),
        (
            '{"format": "inkwash-characters", "version": 1, "characters": '
            '[{"name": "Aiko", "swatches": [{"rgb": "#12", "role": "skin"}]}]}',
            "character 1: swatch 1: '#12' is no colour",
        ),
    ],
)
def test_broken_sheets_name_the_file_and_the_place(tmp_path: Path, text: str, message: str):
    path = tmp_path / "cast.json"
    path.write_text(text)
    with pytest.raises(BadPalette, match=r"cast\.json: .*" + message):
        palettes.read_sheet(path)


def test_skin_is_of_any_tone_and_of_no_other_hue():
    def lab_of(rgb):
        return lab_from_srgb(np.array(rgb, np.uint8))

    skins = [(255, 224, 205), (198, 134, 92), (92, 58, 42)]
    others = [(120, 200, 90), (90, 120, 220), (255, 255, 255), (10, 8, 8)]
    assert palettes.is_skin(lab_of(skins)).all()
    assert not palettes.is_skin(lab_of(others)).any()


def test_a_palette_without_a_colour_for_skin_has_no_natural_skin():
    assert palettes.has_natural_skin(Palette((Swatch((255, 224, 205), role="skin"),)))
    assert not palettes.has_natural_skin(Palette((Swatch((90, 120, 220), role="skin"),)))
    assert not palettes.has_natural_skin(palettes.parse("#ffe0cd,#c81e1e"))
