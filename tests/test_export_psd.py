from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageCms
from psd_tools import PSDImage
from psd_tools.constants import BlendMode, Resource
from psd_tools.psd.document import PSD

import foreign
from fake_painting import draw_painting, read_pixels
from inkwash.document import Document, compose
from inkwash.errors import OutputFailed
from inkwash.export import read_parameters, save, write_psd
from inkwash.geometry import Box, Size
from inkwash.layers import Group, Layer, Raster

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def reopened(document: Document) -> PSDImage:
    file = io.BytesIO()
    write_psd(document, file)
    return PSDImage.open(io.BytesIO(file.getvalue()))


def blank_preview(monkeypatch) -> None:
    """Whoever shows the right picture now has blended the layers."""
    monkeypatch.setattr(
        Document,
        "planes",
        lambda self: np.full((4, self.size.height, self.size.width), 255, np.uint8),
    )


def away_from_edges(painting) -> np.ndarray:
    return (painting.sketch.ink == 0) | (painting.sketch.ink == 255)


@pytest.mark.parametrize("kind", ["colour", "single"])
@pytest.mark.parametrize("transparent", [False, True])
def test_psd_tools_finds_names_modes_order_and_visibility(kind, transparent):
    document = compose(draw_painting(chosen=1, transparent=transparent), layers=kind)
    found = []
    for layer in reopened(document).descendants():
        mode = layer.blend_mode.name.lower().replace("_", " ")
        depth = 0 if layer.parent is not None and layer.parent.kind == "psdimage" else 1
        found.append((depth, mode, layer.visible, layer.name))
    assert sorted(found) == sorted(foreign.rows_of(document.layers))
    assert [layer.name for layer in reopened(document)] == [item.name for item in document.layers]


def test_every_layer_keeps_its_pixels_and_place():
    document = compose(draw_painting(count=1))
    psd = reopened(document)
    groups = [item for item in document.layers if isinstance(item, Group)]
    for layer, found in zip(groups[0].layers, psd[1], strict=True):
        assert isinstance(layer, Layer)
        assert found.offset == (layer.box.left, layer.box.top)
        assert np.array_equal(np.asarray(found.topil()), layer.read().rgba(layer.box.size))


def test_the_ink_layer_is_the_sketch_byte_for_byte():
    painting = draw_painting()
    ink = np.asarray(reopened(compose(painting))[-1].topil())
    assert (ink[..., :3] == painting.sketch.ink[..., None]).all()
    assert (ink[..., 3] == 255).all()


def test_the_preview_is_what_the_layers_look_like():
    painting = draw_painting(chosen=1)
    preview = reopened(compose(painting)).topil()
    assert preview is not None
    assert np.array_equal(np.asarray(preview), painting.render(1))


def test_without_paper_the_preview_is_transparent():
    document = compose(draw_painting(transparent=True))
    bare = replace(document, layers=document.layers[1:])
    preview = reopened(bare).topil()
    assert preview is not None
    assert np.array_equal(np.asarray(preview)[..., 3], bare.flatten()[..., 3])


def test_psd_tools_blends_to_the_same_picture(monkeypatch):
    blending = pytest.importorskip("psd_tools.composite")
    painting = draw_painting(chosen=2)
    blank_preview(monkeypatch)
    colour, _, _ = blending.composite(reopened(compose(painting)), force=True)
    assert np.abs(np.rint(colour * 255) - painting.render(2)).max() <= 1


def test_names_in_any_script_survive():
    painting = draw_painting(count=1)
    title = "夜の色 " + "長" * 100
    object.__setattr__(painting.colourings[0], "title", title)
    assert reopened(compose(painting))[1].name == f"1 {title}"


def test_opacity_survives():
    layer = Layer(
        name="half", box=Box(1, 2, 3, 4), opacity=0.5, pixels=Raster(colour=np.zeros(3, np.uint8))
    )
    found = reopened(Document(size=Size(6, 6), layers=(layer,)))[0]
    assert (found.opacity, found.bbox) == (128, (1, 2, 3, 4))


def test_resolution_and_profile_survive():
    painting = draw_painting(dpi=(600, 350.5), icc_profile=PROFILE)
    resources = reopened(compose(painting)).image_resources
    resolution = resources.get_data(Resource.RESOLUTION_INFO)
    assert (resolution.horizontal / 65536, resolution.vertical / 65536) == (600, 350.5)
    assert (resolution.horizontal_unit, resolution.vertical_unit) == (1, 1)
    assert resources.get_data(Resource.ICC_PROFILE) == PROFILE


def test_hidden_proposals_lie_in_closed_folders():
    psd = reopened(compose(draw_painting(chosen=1)))
    assert [group.open_folder for group in psd if group.is_group()] == [False, True, False]
    assert all(group.blend_mode == BlendMode.PASS_THROUGH for group in psd if group.is_group())


@pytest.mark.parametrize(("width", "suffix"), [(30_000, "psd"), (30_001, "psb")])
def test_above_30000_pixels_a_side_the_file_is_a_psb(tmp_path, width, suffix):
    painting = draw_painting(width, 4, count=1)
    (path,) = save(painting, tmp_path, ("psd",), parameters={"seed": 1})
    assert path.suffix == f".{suffix}"
    with open(path, "rb") as file:
        psd = PSD.read(file)
    assert psd.header.version == {"psd": 1, "psb": 2}[suffix]
    planes = np.frombuffer(b"".join(psd.image_data.get_data(psd.header)), np.uint8)
    seen = np.moveaxis(planes.reshape(3, 4, width), 0, -1)
    assert np.array_equal(seen, painting.render(0))
    assert read_parameters(path) == {"seed": 1}


@pytest.mark.parametrize("options", [[], ["-delete", "0", "-flatten"]])
def test_imagemagick_opens_a_psb(tmp_path, monkeypatch, options):
    monkeypatch.setattr("inkwash.export.psd.LARGEST_PSD_SIDE", 100)
    painting = draw_painting(count=1, shaded=False)
    (path,) = save(painting, tmp_path, ("psd",))
    assert path.name == "page.psb"
    source = str(path) if options else f"{path}[0]"
    seen = foreign.imagemagick(source, options, (160, 120, 3)).astype(int)
    assert np.abs(seen - painting.render(0)).max() <= 1


def test_above_300000_pixels_a_side_is_refused():
    document = Document(size=Size(300_001, 1), layers=())
    with pytest.raises(OutputFailed, match="PSB ends at 300000 a side: write --format ora"):
        write_psd(document, io.BytesIO())


def test_above_2_gib_is_refused(monkeypatch):
    monkeypatch.setattr("inkwash.export.psd._LARGEST_PSD_BYTES", 1000)
    with pytest.raises(OutputFailed, match=r"a PSD holds 2 GiB: write fewer .*--pick"):
        reopened(compose(draw_painting()))


def test_imagemagick_shows_the_preview(tmp_path):
    painting = draw_painting(chosen=1)
    (path,) = save(painting, tmp_path, ("psd",))
    seen = foreign.imagemagick(f"{path}[0]", [], (160, 120, 3))
    assert np.array_equal(seen, painting.render(1))


@pytest.mark.parametrize("kind", ["colour", "single"])
def test_imagemagick_blends_to_the_same_picture(tmp_path, monkeypatch, kind):
    # One proposal only: ImageMagick shows what lies in hidden groups.
    painting = draw_painting(chosen=1)
    blank_preview(monkeypatch)
    (path,) = save(painting, tmp_path, ("psd",), picks=[1], layers=kind)
    blend = ["-delete", "0", "-background", "none", "-flatten"]
    seen = foreign.imagemagick(str(path), blend, (160, 120, 3)).astype(int)
    apart = np.abs(seen - painting.render(1))
    assert apart[away_from_edges(painting)].max() <= 1
    assert apart.max() <= 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["colour", "single"])
@pytest.mark.parametrize("transparent", [False, True])
def test_gimp_finds_every_layer_and_blends_to_the_same_picture(
    tmp_path, monkeypatch, kind, transparent
):
    painting = draw_painting(chosen=1, transparent=transparent, name="頁")
    blank_preview(monkeypatch)
    (path,) = save(painting, tmp_path, ("psd",), layers=kind)
    *layers, (_, dpi) = foreign.gimp(path, tmp_path / "seen.png")
    assert float(dpi) == pytest.approx(300, abs=0.1)
    expected = foreign.rows_of(compose(painting, layers=kind).layers)
    for (_, depth, mode, visible, name), row in zip(layers, expected, strict=True):
        plain = re.sub(r"^(shade|light|flats) #\d+$", r"\1", name)  # GIMP numbers repeated names
        assert (int(depth), foreign.GIMP_MODES[int(mode)], visible == "1", plain) == row
    apart = np.abs(read_pixels(tmp_path / "seen.png").astype(int) - painting.render(1))
    assert apart.max() <= 1


@pytest.mark.slow
def test_krita_blends_to_the_same_picture(tmp_path, monkeypatch):
    painting = draw_painting(chosen=1)
    blank_preview(monkeypatch)
    (path,) = save(painting, tmp_path, ("psd",))
    foreign.krita(path, tmp_path / "seen.png")
    apart = np.abs(read_pixels(tmp_path / "seen.png").astype(int) - painting.render(1))
    assert apart.max() <= 1


def test_reading_with_pillow_works_too(tmp_path):
    painting = draw_painting(count=1)
    (path,) = save(painting, tmp_path, ("psd",))
    with Image.open(path) as image:
        assert np.array_equal(np.asarray(image.convert("RGB")), painting.render(0))
