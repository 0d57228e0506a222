from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageCms

from fake_painting import draw_painting, read_pixels
from inkwash.export import encode_png, save
from inkwash.export.layout import LONGEST_SIDE, fit_grid
from inkwash.geometry import Size

RGB_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SIDES = st.integers(1, 12)


def reopened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@given(
    st.tuples(SIDES, SIDES).flatmap(
        lambda size: st.sampled_from([size, (*size, 3), (*size, 4)]).flatmap(
            lambda shape: arrays.arrays(np.uint8, shape)
        )
    )
)
def test_pixels_come_back(pixels):
    assert np.array_equal(np.asarray(reopened(encode_png(pixels))), pixels)


def test_resolution_and_profile_come_back():
    pixels = np.zeros((3, 5, 3), np.uint8)
    image = reopened(encode_png(pixels, dpi=(600, 300), icc_profile=RGB_PROFILE))
    assert image.info["dpi"] == pytest.approx((600, 300), abs=0.02)
    assert image.info["icc_profile"] == RGB_PROFILE


def test_a_profile_for_other_pixels_is_left_out():
    grey = np.zeros((3, 5), np.uint8)
    assert "icc_profile" not in reopened(encode_png(grey, icc_profile=RGB_PROFILE)).info


def test_other_programs_find_the_parameters_as_text():
    data = encode_png(np.zeros((3, 5), np.uint8), parameters={"name": "頁"})
    assert reopened(data).info["inkwash"] == '{"name": "頁"}'


def test_pictures_have_the_sketch_size_resolution_and_profile(tmp_path):
    painting = draw_painting(70, 50, dpi=(350, 350), icc_profile=RGB_PROFILE)
    for index, path in enumerate(save(painting, tmp_path, ("png",))):
        image = reopened(path.read_bytes())
        assert np.array_equal(np.asarray(image), painting.render(index))
        assert image.info["dpi"] == pytest.approx((350, 350), abs=0.02)
        assert image.info["icc_profile"] == RGB_PROFILE


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.integers(1, 12))
def test_a_sheet_never_grows_too_large_and_cells_never_overlap(width, height, count):
    grid = fit_grid(Size(width, height), count)
    assert max(grid.size.width, grid.size.height) <= LONGEST_SIDE
    assert grid.columns * grid.rows >= count
    right, bottom = grid.corner(grid.columns * grid.rows - 1)
    assert right + grid.cell.width + grid.gap == grid.size.width
    assert bottom + grid.cell.height + grid.caption + grid.gap == grid.size.height


@pytest.mark.parametrize(
    ("width", "height", "columns"), [(1000, 1400, 5), (1000, 1000, 5), (2000, 900, 2)]
)
def test_a_sheet_of_ten_has_five_columns_or_five_rows(width, height, columns):
    assert fit_grid(Size(width, height), 10).columns == columns


def test_the_sheet_shows_the_sketch_and_every_colouring_in_its_place(tmp_path):
    painting = draw_painting(240, 300, count=9, chosen=4)
    (path,) = save(painting, tmp_path, ("sheet",))
    sheet = read_pixels(path)
    grid = fit_grid(painting.sketch.size, 10)
    pictures = [np.stack([painting.sketch.ink] * 3, axis=-1), *map(painting.render, range(9))]
    for place, picture in enumerate(pictures):
        left, top = grid.corner(place)
        assert np.array_equal(sheet[top : top + 300, left : left + 240], picture)


def test_the_sheet_marks_only_the_chosen_one(tmp_path):
    sheets = []
    for chosen in (2, 3):
        painting = draw_painting(240, 300, count=9, chosen=chosen)
        (path,) = save(painting, tmp_path / str(chosen), ("sheet",))
        sheets.append(read_pixels(path).astype(int))
    differing = (sheets[0] != sheets[1]).any(axis=2)
    grid = fit_grid(painting.sketch.size, 10)
    cells = np.zeros_like(differing)
    for place in (3, 4):
        left, top = grid.corner(place)
        bottom = top + grid.cell.height + grid.caption
        cells[top - grid.gap : bottom, left - grid.gap : left + grid.cell.width + grid.gap] = True
    assert differing.any()
    assert not differing[~cells].any()
