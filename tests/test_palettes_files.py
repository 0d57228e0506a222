"""Palette files: every format gives back what was written, and says what is wrong with others."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkwash import palettes
from inkwash.errors import BadPalette, OutputExists
from inkwash.palettes import FORMATS, Palette, Swatch

RGB = st.tuples(*[st.integers(0, 255)] * 3)
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
# A GIMP palette has one line for each name, without blanks at its ends.
LINE = TEXT.map(lambda text: " ".join(text.split())).filter(lambda text: text != "Untitled")


@st.composite
def made(draw: st.DrawFn, text: st.SearchStrategy[str], whole: bool, named: bool) -> Palette:
    """A palette; `whole` with roles and shares, `named` with a name of its own."""
    roles = text if whole else st.just("")
    swatches = tuple(draw(st.lists(st.builds(Swatch, RGB, text, roles), min_size=1, max_size=20)))
    shares = None
    if whole and draw(st.booleans()):
        parts = st.lists(st.floats(0.01, 9), min_size=len(swatches), max_size=len(swatches))
        shares = tuple(draw(parts))
    return Palette(swatches, draw(text) if named else "", shares)


@given(made(LINE, whole=False, named=True))
def test_gpl_round_trip(palette: Palette):
    assert again(palette, ".gpl") == palette


@given(made(TEXT, whole=False, named=True))
def test_ase_round_trip(palette: Palette):
    assert again(palette, ".ase") == palette


@given(made(TEXT, whole=False, named=False))
def test_aco_round_trip(palette: Palette):
    assert again(palette, ".aco") == palette


@given(made(st.text(max_size=30), whole=True, named=True))
def test_json_round_trip(palette: Palette):
    assert again(palette, ".json") == palette


def again(palette: Palette, suffix: str) -> Palette:
    return FORMATS[suffix].decode(FORMATS[suffix].encode(palette))


@pytest.mark.parametrize("suffix", FORMATS)
@given(data=st.binary(max_size=200))
def test_bytes_of_anything_else_are_refused(suffix: str, data: bytes):
    with pytest.raises(BadPalette):
        FORMATS[suffix].decode(data)


@pytest.mark.parametrize("suffix", FORMATS)
@given(data=st.data())
def test_damage_gives_a_palette_or_an_error_of_ours(suffix: str, data: st.DataObject):
    whole = bytearray(FORMATS[suffix].encode(palettes.named("neon-rain")))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = FORMATS[suffix].decode(bytes(whole))
    except BadPalette:
        return
    assert len(found) >= 1


@pytest.mark.parametrize("suffix", [".ase", ".aco", ".json"])
def test_files_cut_short_are_refused(suffix: str):
    data = FORMATS[suffix].encode(palettes.named("old-forest"))
    # Photoshop's first part, without names, is a palette by itself.
    alone = 4 + 10 * 8 if suffix == ".aco" else -1
    end = len(data.rstrip())
    for length in set(range(0, end, 7)) - {*range(alone, alone + 4)}:
        with pytest.raises(BadPalette):
            FORMATS[suffix].decode(data[:length])


@pytest.mark.parametrize("suffix", FORMATS)
def test_through_a_file(tmp_path: Path, suffix: str):
    palette = palettes.named("first-snow")
    path = palettes.write(palette, tmp_path / f"first-snow{suffix.upper()}")
    found = palettes.read(path)
    assert found.name == "first-snow"
    assert found.bytes.tolist() == palette.bytes.tolist()
    assert [swatch.name for swatch in found.swatches] == [
        swatch.name for swatch in palette.swatches
    ]
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_nothing_is_overwritten_without_force(tmp_path: Path):
    path = palettes.write(palettes.parse("#f00"), tmp_path / "p.gpl")
    with pytest.raises(OutputExists, match="--force"):
        palettes.write(palettes.parse("#00f"), path)
    assert palettes.read(path).bytes.tolist() == [[255, 0, 0]]
    palettes.write(palettes.parse("#00f"), path, force=True)
    assert palettes.read(path).bytes.tolist() == [[0, 0, 255]]


def test_a_gimp_palette_as_gimp_writes_it():
    text = (
        "GIMP Palette\r\nName: Tea\r\nColumns: 3\r\n# made by hand\r\n\r\n"
        "  0  12 255\tInk blue\r\n255 255 255\r\n 10 20 30 Untitled\r\n"
    )
    palette = FORMATS[".gpl"].decode(text.encode())
    assert palette.name == "Tea"
    assert palette.swatches == (
        Swatch((0, 12, 255), "Ink blue"),
        Swatch((255, 255, 255)),
        Swatch((10, 20, 30)),
    )


def test_a_gimp_palette_in_old_letters():
    palette = FORMATS[".gpl"].decode("GIMP Palette\n1 2 3\tGrün\n".encode("latin-1"))
    assert palette.swatches[0].name == "Grün"


@pytest.mark.parametrize(
    ("line", "message"),
    [("1 2", "line 2 is '1 2'"), ("1 2 300 x", "at most 255"), ("# only", "has 0 colours")],
)
def test_wrong_gimp_lines(line: str, message: str):
    with pytest.raises(BadPalette, match=message):
        FORMATS[".gpl"].decode(f"GIMP Palette\n{line}\n".encode())


def ase(model: bytes, *parts: float) -> bytes:
    """One nameless colour as Adobe's programs write it."""
    block = struct.pack(">HH4s", 1, 0, model) + struct.pack(f">{len(parts)}fH", *parts, 0)
    return b"ASEF" + struct.pack(">HHIHI", 1, 0, 1, 1, len(block)) + block


@pytest.mark.parametrize(
    ("data", "rgb"),
    [
        (ase(b"CMYK", 0, 1, 1, 0), (255, 0, 0)),
        (ase(b"CMYK", 0, 0, 0, 1), (0, 0, 0)),
        (ase(b"Gray", 0.2), (51, 51, 51)),
        (ase(b"LAB ", 0.5324, 80.09, 67.20), (255, 0, 0)),
        (ase(b"RGB ", 1.5, -1, 0.5), (255, 0, 128)),
    ],
)
def test_ase_in_other_models(data: bytes, rgb: tuple[int, int, int]):
    assert FORMATS[".ase"].decode(data).swatches[0].rgb == rgb


def test_ase_that_no_program_writes():
    with pytest.raises(BadPalette, match="RGB, CMYK, LAB and Gray"):
        FORMATS[".ase"].decode(ase(b"HSV ", 0, 0, 0))
    with pytest.raises(BadPalette, match="no colour"):
        FORMATS[".ase"].decode(ase(b"RGB ", float("nan"), 0, 0))
    with pytest.raises(BadPalette, match="cut short"):
        FORMATS[".ase"].decode(ase(b"RGB ", 0, 0, 0)[:-4])


@pytest.mark.parametrize(
    ("space", "parts", "rgb"),
    [
        (0, (65535, 0, 32896, 0), (255, 0, 128)),
        (0, (65280, 256, 0, 0), (255, 1, 0)),  # some programs multiply by 256, not 257
        (1, (21845, 65535, 65535, 0), (0, 255, 0)),
        (2, (65535, 0, 0, 65535), (255, 0, 0)),
        (7, (5324, 8009, 6720, 0), (255, 0, 0)),
        (7, (8773, 65536 - 8618, 8318, 0), (0, 255, 0)),
        (8, (0, 0, 0, 0), (255, 255, 255)),
        (9, (0, 10000, 10000, 0), (255, 0, 0)),
    ],
)
def test_aco_in_other_spaces(space: int, parts: tuple[int, ...], rgb: tuple[int, int, int]):
    data = struct.pack(">HH5H", 1, 1, space, *parts)
    found = FORMATS[".aco"].decode(data).swatches[0].rgb
    assert max(abs(a - b) for a, b in zip(found, rgb, strict=True)) <= 1


def test_aco_of_version_2_only_and_unknown_spaces():
    name = "紺\0".encode("utf-16-be")
    data = struct.pack(">HH5HI", 2, 1, 0, 0, 0, 65535, 0, 2) + name
    assert FORMATS[".aco"].decode(data).swatches == (Swatch((0, 0, 255), "紺"),)
    with pytest.raises(BadPalette, match="colour space 3"):
        FORMATS[".aco"].decode(struct.pack(">HH5H", 1, 1, 3, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "other"}, "another kind of JSON"),
        ({"format": "inkwash-characters"}, "is 'inkwash-characters', not 'inkwash-palette'"),
        ({"swatches": [{"hex": "#fff"}]}, 'swatch 1 has no "rgb", such as "#ff8800", but hex'),
        ({"version": 2}, "made by a newer inkwash; this one reads 1"),
        ({"version": "1"}, "must be 1"),
        ({"swatches": "#fff"}, 'list "swatches"'),
        ({"swatches": []}, "has 0 colours"),
        ({"swatches": ["#fff"]}, "swatch 1 is '#fff'"),
        ({"swatches": [{"rgb": "#fff"}, {"rgb": 3}]}, "swatch 2: rgb, name and role"),
        ({"swatches": [{"rgb": "#fff"}, {"rgb": "#ff"}]}, "swatch 2: '#ff' is no colour"),
        ({"swatches": [{"rgb": "#fff", "share": 1}, {"rgb": "#000"}]}, "swatch 2: share is None"),
    ],
)
def test_wrong_json_names_the_place(change: dict[str, object], message: str):
    value = {"format": "inkwash-palette", "version": 1, "swatches": [{"rgb": "#fff"}]} | change
    with pytest.raises(BadPalette, match=message):
        FORMATS[".json"].decode(json.dumps(value).encode())


def test_read_names_the_file(tmp_path: Path):
    with pytest.raises(BadPalette, match=r"gone\.gpl cannot be read: No such file"):
        palettes.read(tmp_path / "gone.gpl")
    with pytest.raises(BadPalette, match=r"p\.txt is no kind .* \.gpl \(GIMP palette\), \.ase"):
        palettes.read(tmp_path / "p.txt")
    (tmp_path / "p.ase").write_bytes(b"GIMP Palette\n")
    with pytest.raises(BadPalette, match=r"p\.ase: not an Adobe swatch exchange file"):
        palettes.read(tmp_path / "p.ase")


def test_the_examples_in_the_docs_are_read():
    text = (Path(__file__).parent.parent / "docs" / "palettes.md").read_text("utf-8")
    palette, sheet = (part.split("```")[0].encode() for part in text.split("```json\n")[1:])
    assert FORMATS[".json"].decode(palette).roles.keys() == {"skin", "hair", "background"}
    assert palettes.decode_sheet(sheet).names == ("Aiko", "Ren")
