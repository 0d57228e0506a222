"""Conversions, differences and names of colours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkwash import colour
from inkwash.errors import BadPalette

BYTES = st.tuples(*[st.integers(0, 255)] * 3)

# L a b, L a b, ΔE2000: table 1 of Sharma, Wu, Dalal 2005.
SHARMA = np.array(
    [
        [50.0000, 2.6772, -79.7751, 50.0000, 0.0000, -82.7485, 2.0425],
        [50.0000, 3.1571, -77.2803, 50.0000, 0.0000, -82.7485, 2.8615],
        [50.0000, 2.8361, -74.0200, 50.0000, 0.0000, -82.7485, 3.4412],
        [50.0000, -1.3802, -84.2814, 50.0000, 0.0000, -82.7485, 1.0000],
        [50.0000, -1.1848, -84.8006, 50.0000, 0.0000, -82.7485, 1.0000],
        [50.0000, -0.9009, -85.5211, 50.0000, 0.0000, -82.7485, 1.0000],
        [50.0000, 0.0000, 0.0000, 50.0000, -1.0000, 2.0000, 2.3669],
        [50.0000, -1.0000, 2.0000, 50.0000, 0.0000, 0.0000, 2.3669],
        [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0009, 7.1792],
        [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0010, 7.1792],
        [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0011, 7.2195],
        [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0012, 7.2195],
        [50.0000, -0.0010, 2.4900, 50.0000, 0.0009, -2.4900, 4.8045],
        [50.0000, -0.0010, 2.4900, 50.0000, 0.0010, -2.4900, 4.8045],
        [50.0000, -0.0010, 2.4900, 50.0000, 0.0011, -2.4900, 4.7461],
        [50.0000, 2.5000, 0.0000, 50.0000, 0.0000, -2.5000, 4.3065],
        [50.0000, 2.5000, 0.0000, 73.0000, 25.0000, -18.0000, 27.1492],
        [50.0000, 2.5000, 0.0000, 61.0000, -5.0000, 29.0000, 22.8977],
        [50.0000, 2.5000, 0.0000, 56.0000, -27.0000, -3.0000, 31.9030],
        [50.0000, 2.5000, 0.0000, 58.0000, 24.0000, 15.0000, 19.4535],
        [50.0000, 2.5000, 0.0000, 50.0000, 3.1736, 0.5854, 1.0000],
        [50.0000, 2.5000, 0.0000, 50.0000, 3.2972, 0.0000, 1.0000],
        [50.0000, 2.5000, 0.0000, 50.0000, 1.8634, 0.5757, 1.0000],
        [50.0000, 2.5000, 0.0000, 50.0000, 3.2592, 0.3350, 1.0000],
        [60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644],
        [63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630],
        [61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731],
        [35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645],
        [22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373],
        [36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146],
        [90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441],
        [90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381],
        [6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377],
        [2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082],
    ]
)


def test_delta_e2000_gives_the_published_values():
    found = colour.delta_e2000(SHARMA[:, :3], SHARMA[:, 3:6])
    np.testing.assert_allclose(found, SHARMA[:, 6], atol=5e-5)


def test_delta_e2000_is_symmetric_and_takes_float32():
    lab, other = SHARMA[:, :3].astype(np.float32), SHARMA[:, 3:6].astype(np.float32)
    there, back = colour.delta_e2000(lab, other), colour.delta_e2000(other, lab)
    assert there.dtype == np.float32
    np.testing.assert_allclose(there, back, atol=1e-4)


@pytest.mark.parametrize(
    ("text", "lab"),
    [
        ("#ffffff", (100, 0, 0)),
        ("#000000", (0, 0, 0)),
        ("#ff0000", (53.24, 80.09, 67.20)),
        ("#00ff00", (87.73, -86.18, 83.18)),
        ("#0000ff", (32.30, 79.19, -107.86)),
        ("#808080", (53.59, 0, 0)),
    ],
)
def test_lab_of_known_colours(text: str, lab: tuple[float, float, float]):
    found = colour.lab_from_srgb(np.array(colour.parse_hex(text), np.uint8))
    np.testing.assert_allclose(found, lab, atol=0.05)


def test_every_byte_survives_lab_and_linear_light():
    steps = np.arange(0, 256, 5, dtype=np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1)
    through_lab = colour.srgb_from_lab(colour.lab_from_srgb(cube))
    through_light = colour.srgb_from_linear(colour.linear_from_srgb(cube))
    np.testing.assert_array_equal(colour.as_uint8(through_lab), cube)
    np.testing.assert_array_equal(colour.as_uint8(through_light), cube)


def test_bytes_and_floats_agree():
    rgb = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    from_bytes, from_floats = colour.lab_from_srgb(rgb), colour.lab_from_srgb(rgb / 255)
    assert from_bytes.dtype == from_floats.dtype == np.float32
    np.testing.assert_allclose(from_bytes, from_floats, atol=1e-3)


def test_delta_e76_is_the_distance():
    assert colour.delta_e76(np.array([50.0, 3.0, 0.0]), np.array([50.0, 0.0, 4.0])) == 5


@given(BYTES)
def test_hex_round_trip(rgb: colour.Rgb):
    assert colour.parse_hex(colour.format_hex(rgb)) == rgb


def test_short_and_bare_hex():
    assert colour.parse_hex("#f80") == colour.parse_hex("FF8800") == (255, 136, 0)


@pytest.mark.parametrize("text", ["", "#", "#12345", "red", "#ggg", "#1234567", "##fff", "#٣٣٣"])
def test_no_colour_is_said(text: str):
    with pytest.raises(BadPalette, match="write it as #rrggbb"):
        colour.parse_hex(text)


def test_colourfulness_grows_with_colour():
    rng = np.random.default_rng(1)
    grey = np.repeat(rng.integers(0, 256, (30, 30, 1), dtype=np.uint8), 3, axis=2)
    pale = (grey // 2 + rng.integers(0, 60, (30, 30, 3))).astype(np.uint8)
    loud = rng.integers(0, 2, (30, 30, 3)).astype(np.uint8) * 255
    measured = [colour.colourfulness(picture) for picture in (grey, pale, loud)]
    assert measured[0] == pytest.approx(0, abs=1e-3)
    assert measured[0] < measured[1] < 50 < 100 < measured[2]


def test_colourfulness_by_the_formula():
    half_red_half_blue = np.array([[255, 0, 0], [0, 0, 255]], np.uint8)
    # rg is 255, 0; yb is 127.5, -255: deviations 127.5, 191.25; means 127.5, -63.75.
    expected = np.hypot(127.5, 191.25) + 0.3 * np.hypot(127.5, 63.75)
    assert colour.colourfulness(half_red_half_blue) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("#000080", "dark blue"),
        ("#ffc0cb", "pale pink"),
        ("#ffffff", "white"),
        ("#000000", "black"),
        ("#808080", "grey"),
        ("#8b4513", "brown"),
        ("#87ceeb", "light blue"),
        ("#dc143c", "red"),
        ("#ffd700", "yellow"),
        ("#f2c9a8", "peach"),
        ("#008080", "teal"),
        ("#808000", "olive"),
    ],
)
def test_names(text: str, name: str):
    assert colour.name_of(colour.parse_hex(text)) == name


@given(BYTES)
def test_every_colour_has_a_short_ascii_name(rgb: colour.Rgb):
    name = colour.name_of(rgb)
    assert name.isascii()
    assert 1 <= len(name.split()) <= 2


@pytest.mark.parametrize("side", [60, 300])
def test_distinct_finds_all_colours_and_where_they_are(side: int):
    rgb = np.random.default_rng(2).integers(0, 4, (side, 70 + side, 3), dtype=np.uint8) * 80
    colours, places = colour.distinct(rgb)
    assert len(colours) == 64
    np.testing.assert_array_equal(colours[places], rgb)
