from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

import foreign
from fake_painting import draw_painting, read_pixels
from inkwash.document import compose
from inkwash.export import save, write_ora
from inkwash.layers import Group


def written(document) -> zipfile.ZipFile:
    file = io.BytesIO()
    write_ora(document, file)
    return zipfile.ZipFile(file)


def stack_of(archive: zipfile.ZipFile) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read("stack.xml"))


def pixels_in(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    with Image.open(io.BytesIO(archive.read(name))) as image:
        return np.asarray(image)


def blend(archive: zipfile.ZipFile, stack: ElementTree.Element, canvas: np.ndarray) -> np.ndarray:
    """The specification's blending of 8-bit layers onto an opaque canvas, in plain words."""
    for item in reversed(stack):
        if item.get("visibility") == "hidden":
            continue
        if item.tag == "stack":
            canvas = blend(archive, item, canvas)
            continue
        pixels = pixels_in(archive, item.get("src", "")).astype(float)
        left, top = int(item.get("x", 0)), int(item.get("y", 0))
        part = canvas[top : top + pixels.shape[0], left : left + pixels.shape[1]]
        above, alpha = pixels[..., :3], pixels[..., 3:] / 255 * float(item.get("opacity", 1))
        mixed = {
            "svg:src-over": above,
            "svg:multiply": part * above / 255,
            "svg:screen": part + above - part * above / 255,
        }[item.get("composite-op", "")]
        part[:] = part + alpha * (mixed - part)
    return canvas


def test_the_first_entry_is_the_plain_mimetype():
    archive = written(compose(draw_painting()))
    first = archive.infolist()[0]
    assert first.filename == "mimetype"
    assert first.compress_type == zipfile.ZIP_STORED
    assert archive.read(first) == b"image/openraster"
    assert not first.extra  # the type is then at byte 38, where `file` looks for it


def test_the_stack_lists_every_layer_from_the_top():
    document = compose(draw_painting(chosen=1))
    image = stack_of(written(document))
    assert (image.get("w"), image.get("h")) == ("120", "160")
    assert (image.get("xres"), image.get("yres")) == ("300", "300")
    (root,) = image
    assert [item.get("name") for item in root] == [item.name for item in reversed(document.layers)]
    assert [item.get("visibility") for item in root.findall("stack")] == [
        "hidden",
        "visible",
        "hidden",
    ]
    assert [item.get("composite-op") for item in root.iter("layer")][:3] == [
        "svg:multiply",
        "svg:screen",
        "svg:multiply",
    ]


def test_every_source_is_there_once_and_nothing_else_is_in_data():
    document = compose(draw_painting())
    archive = written(document)
    sources = [item.get("src") for item in stack_of(archive).iter("layer")]
    stored = [name for name in archive.namelist() if name.startswith("data/")]
    assert sorted(stored) == sorted(filter(None, sources))
    groups = [item for item in document.layers if isinstance(item, Group)]
    assert len(sources) == 2 + sum(len(group.layers) for group in groups)


@pytest.mark.parametrize("kind", ["colour", "single"])
@pytest.mark.parametrize("transparent", [False, True])
def test_its_layers_and_its_merged_image_look_like_the_painting(kind, transparent):
    painting = draw_painting(chosen=1, transparent=transparent)
    archive = written(compose(painting, layers=kind))
    assert np.array_equal(pixels_in(archive, "mergedimage.png"), painting.render(1))
    seen = blend(archive, stack_of(archive)[0], np.zeros((160, 120, 3)))
    assert np.abs(np.rint(seen) - painting.render(1)).max() <= 1


def test_the_ink_is_the_sketch_byte_for_byte():
    painting = draw_painting()
    archive = written(compose(painting))
    source = stack_of(archive)[0][0].get("src", "")
    assert (pixels_in(archive, source)[..., :3] == painting.sketch.ink[..., None]).all()


@pytest.mark.parametrize(
    ("size", "expected"), [((120, 160), (120, 160)), ((300, 600), (128, 256)), ((900, 3), (256, 1))]
)
def test_the_thumbnail_is_as_large_as_256_pixels_allow(size, expected):
    archive = written(compose(draw_painting(*size, count=1)))
    assert pixels_in(archive, "Thumbnails/thumbnail.png").shape[1::-1] == pytest.approx(
        expected, abs=1
    )


def test_names_may_hold_any_character():
    name = 'a <b> & "c" 頁\x00\udc80'
    image = stack_of(written(compose(draw_painting(count=1, name=name))))
    assert image.get("name") == 'a <b> & "c" 頁'


def without_merged_image(source: Path, target: Path) -> None:
    """A copy whose merged image is black: whoever shows the right picture blended the layers."""
    black = io.BytesIO()
    Image.new("RGB", (120, 160)).save(black, "PNG")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            merged = entry.filename == "mergedimage.png"
            new.writestr(entry, black.getvalue() if merged else old.read(entry))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["colour", "single"])
def test_krita_blends_to_the_same_picture(tmp_path, kind):
    painting = draw_painting(chosen=1)
    (path,) = save(painting, tmp_path, ("ora",), layers=kind)
    without_merged_image(path, tmp_path / "layers.ora")
    foreign.krita(tmp_path / "layers.ora", tmp_path / "seen.png")
    apart = np.abs(read_pixels(tmp_path / "seen.png").astype(int) - painting.render(1))
    assert apart.max() <= 1
