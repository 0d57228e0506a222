import contextlib
import io
import threading
import warnings
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from PIL import Image, ImageCms

from inkwash import decode
from inkwash.errors import BadSketch
from inkwash.geometry import Size
from inkwash.sketch import find_pictures, read
from line_drawing import line_drawing

INK = line_drawing()


def encoded(pixels, format="PNG", **options) -> bytes:
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    stream = io.BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def with_alpha(shade: int, alpha) -> np.ndarray:
    return np.dstack([np.full((*alpha.shape, 3), shade, np.uint8), alpha])


# What comes in


@pytest.mark.parametrize("format", ["PNG", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("mode", ["L", "RGB", "P"])
def test_white_paper_comes_out_byte_for_byte(format, mode):
    sketch = read(encoded(Image.fromarray(INK).convert(mode), format))
    np.testing.assert_array_equal(sketch.ink, INK)
    assert sketch.notes == ()


@pytest.mark.parametrize("format", ["WEBP", "AVIF", "JPEG"])
def test_lossy_formats_are_read_as_their_decoder_gives_them(format):
    data = encoded(Image.fromarray(INK).convert("RGB"), format, quality=90)
    sketch = read(data)
    expected = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    assert np.abs(sketch.lines.astype(int) - INK).mean() < 2
    np.testing.assert_array_equal(
        np.broadcast_to(np.atleast_3d(sketch.ink), expected.shape), expected
    )


@given(st_numpy.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))))
def test_colours_on_white_paper_are_kept(pixels):
    page = np.full((90, 90, 3), 255, np.uint8)
    page[5 : 5 + pixels.shape[0], 5 : 5 + pixels.shape[1]] = pixels
    sketch = read(encoded(page), invert="no")
    np.testing.assert_array_equal(np.broadcast_to(np.atleast_3d(sketch.ink), page.shape), page)


@given(st_numpy.arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30))))
def test_black_on_transparent_is_exact_in_every_mode(drawn):
    alpha = np.pad(drawn, 10)
    rgba = with_alpha(0, alpha)
    for source in (
        rgba,
        rgba[..., 2:],
        encoded(rgba),
        encoded(rgba[..., 2:]),
        encoded(rgba, "TIFF"),
    ):
        sketch = read(source)
        assert not sketch.inverted
        np.testing.assert_array_equal(sketch.ink, 255 - alpha)
        if alpha.any():
            np.testing.assert_array_equal(sketch.alpha, alpha)


def test_a_few_transparent_pixels_are_not_the_paper():
    page = np.rint(INK * 0.8).astype(np.uint8)
    alpha = np.full_like(page, 255)
    alpha[:4, :4] = 0
    sketch = read(np.dstack([page, alpha]))
    assert (sketch.ink[INK == 255] == 255).all()
    assert sketch.notes == ("grey paper made white",)


@pytest.mark.parametrize("invert", ["auto", "yes"])
def test_white_on_transparent_becomes_black_ink(invert):
    sketch = read(with_alpha(255, 255 - INK), invert=invert)
    assert sketch.inverted
    np.testing.assert_array_equal(sketch.ink, INK)


def test_a_figure_with_white_fill_on_transparent_keeps_its_black_lines():
    alpha = np.zeros(INK.shape, np.uint8)
    alpha[20:220, 60:180] = 255
    sketch = read(np.dstack([INK, INK, INK, alpha]))
    assert not sketch.inverted
    np.testing.assert_array_equal(sketch.ink, np.where(alpha == 255, INK, 255))


def test_a_palette_with_transparency_becomes_paper():
    image = (
        Image.fromarray((INK < 128).astype(np.uint8), "P") if False else Image.new("P", (60, 40))
    )
    image.putpalette([200, 30, 30, 0, 0, 0])
    image.paste(1, (10, 10, 20, 20))
    sketch = read(encoded(image, transparency=0))
    assert sketch.ink[0, 0] == 255
    assert sketch.ink[15, 15] == 0


def test_one_bit():
    image = Image.fromarray(INK).point(lambda value: 255 * (value > 127)).convert("1")
    for format in ("PNG", "TIFF", "BMP"):
        ink = read(encoded(image, format)).ink
        np.testing.assert_array_equal(ink, np.where(INK > 127, 255, 0))


def test_sixteen_bits_are_rounded():
    deep = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    expected = np.rint(deep / 257)
    np.testing.assert_array_equal(
        read(
            encoded(deep),
            invert="no",
        ).ink,
        read(expected.astype(np.uint8)).ink,
    )
    np.testing.assert_array_equal(decode.decode(encoded(deep), max_pixels=10**6).colour, expected)
    np.testing.assert_array_equal(decode.decode(deep, max_pixels=10**6).colour, expected)


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [3, 4])
def test_sixteen_bit_colours_are_rounded_too(suffix, channels):
    deep = np.random.default_rng(0).integers(0, 65536, (30, 50, channels), dtype=np.uint16)
    done, data = cv2.imencode(suffix, deep[..., [2, 1, 0, 3][:channels]])
    assert done
    picture = decode.decode(data.tobytes(), max_pixels=10**6)
    np.testing.assert_array_equal(picture.colour, np.rint(deep[..., :3] / 257))
    if channels == 4:
        np.testing.assert_array_equal(picture.alpha, np.rint(deep[..., 3] / 257))


def test_cmyk_becomes_srgb_without_its_profile():
    image = Image.fromarray(INK).convert("RGB").convert("CMYK")
    sketch = read(encoded(image, "TIFF"))
    np.testing.assert_array_equal(sketch.ink, INK)
    assert sketch.icc_profile is None


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP"])
def test_exif_turns_are_done(orientation, format):
    stored = {
        1: INK, 2: INK[:, ::-1], 3: INK[::-1, ::-1], 4: INK[::-1],
        5: INK.T, 6: INK.T[::-1], 7: INK.T[::-1, ::-1], 8: INK.T[:, ::-1],
    }[orientation]  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if format == "WEBP" else {}
    image = Image.fromarray(np.ascontiguousarray(stored)).convert("RGB")
    np.testing.assert_array_equal(read(encoded(image, format, exif=exif, **options)).ink, INK)


def test_dpi_turns_with_the_picture():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert read(encoded(INK, dpi=(300, 150))).dpi == pytest.approx((300, 150), abs=0.1)
    assert read(encoded(INK, dpi=(300, 150), exif=exif)).dpi == pytest.approx((150, 300), abs=0.1)
    assert read(encoded(INK)).dpi is None


def test_only_an_rgb_profile_is_carried():
    rgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    image = Image.fromarray(INK).convert("RGB")
    assert read(encoded(image, icc_profile=rgb)).icc_profile == rgb
    assert read(encoded(image, icc_profile=lab)).icc_profile is None
    assert read(encoded(image, icc_profile=b"not a profile")).icc_profile is None


def test_the_first_frame_of_an_animation():
    frames = [Image.fromarray(INK), Image.new("L", INK.shape[::-1], 255)]
    sketch = read(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    np.testing.assert_array_equal(sketch.ink, INK)
    assert sketch.notes == ("only the first frame is read",)


def test_every_kind_of_source(tmp_path):
    path = tmp_path / "page 1.png"
    path.write_bytes(encoded(INK))
    with path.open("rb") as stream:
        sources = [path, str(path), path.read_bytes(), stream, INK, INK[..., None]]
        sources += [Image.fromarray(INK), INK / 255, INK.astype(np.uint16) * 257]
        sketches = [read(source) for source in sources]
    for sketch in sketches:
        np.testing.assert_array_equal(sketch.ink, INK)
        assert sketch.size == Size(240, 320)
    assert [sketch.name for sketch in sketches] == ["page 1"] * 2 + ["sketch"] * 7


def test_a_stream_that_cannot_seek():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise io.UnsupportedOperation("seek")

    np.testing.assert_array_equal(read(Pipe(encoded(INK))).ink, INK)


def test_a_sketch_does_not_change_with_its_source():
    source = INK.copy()
    sketch = read(source)
    source[:] = 0
    np.testing.assert_array_equal(sketch.ink, INK)
    with pytest.raises(ValueError, match="read-only"):
        sketch.ink[0, 0] = 1
    image = Image.fromarray(INK)
    read(image)
    assert image.getpixel((0, 0)) == 255


def test_lines_of_coloured_ink_are_grey():
    coloured = np.dstack([INK, np.full_like(INK, 255), np.full_like(INK, 255)])
    sketch = read(coloured)
    assert sketch.ink.shape == (320, 240, 3)
    assert sketch.lines.shape == (320, 240)
    assert sketch.lines.max() == 255
    assert sketch.lines is sketch.lines


# Bad input


def bad(source, **options) -> str:
    with pytest.raises(BadSketch) as caught:
        read(source, **options)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_files_that_are_no_pictures(tmp_path):
    text, empty = tmp_path / "notes.png", tmp_path / "empty.png"
    text.write_text("not a picture at all, but long enough to look at")
    empty.touch()
    assert bad(text).startswith(f"{text}: is not a picture that inkwash reads; convert it to")
    assert bad(empty) == f"{empty}: is empty (0 bytes); save or copy it again"
    assert bad(tmp_path) == f"{tmp_path}: is a folder; give the pictures in it"
    assert "no such file" in bad(tmp_path / "missing.png")
    assert "cannot be read" in bad("a\0b.png")
    assert "empty" in bad(b"")
    assert "int is not a sketch" in bad(7)


def test_an_unreadable_file(monkeypatch):
    def denied(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert bad("page.png") == "page.png: permission denied; allow reading it first"


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
def test_truncated_files(format, tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    path = tmp_path / "page"
    path.write_bytes(encoded(noise, format)[:2000])
    message = bad(path)
    assert message.startswith(f"{path}: ")
    assert message.endswith("save or copy it again") or "convert it" in message


@given(data=st.binary(max_size=60), cut=st.integers(0, 400), at=st.integers(0, 400))
def test_damaged_bytes_never_raise_anything_else(data, cut, at):
    whole = encoded(INK[:40, :40])
    damaged = whole[:at] + data + whole[at + cut :]
    with contextlib.suppress(BadSketch):
        assert read(damaged, max_pixels=10**6).size.area > 0


def test_too_many_pixels_are_refused_before_decoding(monkeypatch):
    monkeypatch.setattr(decode, "eight_bit", lambda *_: pytest.fail("decoded"))
    message = bad(encoded(INK), max_pixels=1000)
    assert "240×320, 76,800 pixels, more than the limit of 1,000" in message
    assert "--max-pixels" in message
    assert "--max-pixels" in bad(INK, max_pixels=1000)
    assert "--max-pixels" in bad(Image.fromarray(INK), max_pixels=1000)


def test_pillows_own_limit_neither_warns_nor_changes(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    data = encoded(INK)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read(data).size == Size(240, 320)
        assert "damaged" in bad(data[:400])
    assert Image.MAX_IMAGE_PIXELS == 1000


def test_pillows_limit_comes_back_after_reading_in_threads(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    data, sizes = encoded(INK), []
    threads = [
        threading.Thread(target=lambda: sizes.append(read(data).size.area)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sizes == [INK.size] * 8
    assert Image.MAX_IMAGE_PIXELS == 1000


@pytest.mark.parametrize(
    ("array", "part"),
    [
        (np.zeros(5, np.uint8), "shape (5,)"),
        (np.zeros((4, 4, 5), np.uint8), "shape (4, 4, 5)"),
        (np.zeros((0, 4), np.uint8), "4×0"),
        (np.zeros((4, 4), np.int64), "int64"),
        (np.full((4, 4), np.nan), "NaN"),
        (np.full((4, 4), 255.0), "255…255; scale them to 0…1"),
        (np.full((4, 4), "ink"), "bool, uint8, uint16"),
    ],
)
def test_arrays_that_are_no_pictures(array, part):
    assert part in bad(array)


def test_float_pixels_in_a_file_are_refused():
    message = bad(encoded(Image.fromarray(INK.astype(np.float32)), "TIFF"))
    assert "mode F" in message
    assert "8 or 16 bit" in message


def test_a_wrong_invert():
    assert bad(INK, invert="perhaps") == "invert is 'perhaps'; give auto, yes or no"


# Folders


def test_find_pictures(tmp_path):
    for name in ("b.PNG", "a.jpg", "notes.txt", "deep/c.webp"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.touch()
    (tmp_path / "folder.png").mkdir()
    assert find_pictures(tmp_path) == [tmp_path / "a.jpg", tmp_path / "b.PNG"]
    assert find_pictures(tmp_path, recursive=True)[-1] == tmp_path / "deep" / "c.webp"
    assert find_pictures(tmp_path / "a.jpg") == [tmp_path / "a.jpg"]


def test_folders_without_pictures(tmp_path):
    with pytest.raises(BadSketch, match=r"has no picture in it \(\.avif, "):
        find_pictures(tmp_path)
    with pytest.raises(BadSketch, match="cannot be listed: No such file"):
        find_pictures(tmp_path / "missing")
