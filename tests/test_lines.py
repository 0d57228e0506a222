"""Line extractors: what they draw, by name, from networks, on files and on a sheet."""

import sys

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from coloured import coloured, folder_of, save
from inkwash.data.lines import (
    DEFAULT,
    EXTRACTORS,
    NAMED,
    LinesConfig,
    draw_lines,
    find_extractor,
    ink_coverage,
    light_map,
    line_sheet,
    sketchkeras_lines,
)
from inkwash.errors import BadConfig, BadData, BadWeights, MissingExtra, OutputExists

ALL = sorted(NAMED)


def outlined() -> tuple[np.ndarray, np.ndarray]:
    """A red disc with a dark outline on cream (128, 128, 3), and where the outline is."""
    rgb = np.full((256, 256, 3), (250, 240, 220), np.uint8)
    cv2.circle(rgb, (128, 128), 90, (220, 60, 70), -1)
    outline = np.zeros((256, 256), np.uint8)
    cv2.circle(outline, (128, 128), 90, 255, 5)
    rgb[outline > 0] = (30, 15, 25)
    half = [cv2.resize(p, (128, 128), interpolation=cv2.INTER_AREA) for p in (rgb, outline)]
    return np.asarray(half[0], np.uint8), np.asarray(half[1]) > 127


@pytest.mark.parametrize("name", ALL)
def test_the_outline_is_ink_and_flats_are_paper(name):
    rgb, outline = outlined()
    line = NAMED[name](rgb, 0.5)
    assert (line.dtype, line.shape) == (np.uint8, (128, 128))
    far = cv2.distanceTransform((~outline).astype(np.uint8), cv2.DIST_L2, 3) > 6
    assert line[outline].mean() < 140
    if name != "pencil":  # it shades
        assert line[far].mean() > 250


@pytest.mark.parametrize("name", ["divide", "xdog"])
def test_strength_makes_more_ink(name):
    rgb = coloured(4, 128, 128)
    coverage = [ink_coverage(NAMED[name](rgb, s)) for s in (0.0, 0.5, 1.0)]
    assert coverage[0] < coverage[1] < coverage[2]


@given(
    st.sampled_from(ALL),
    st.integers(8, 40),
    st.integers(8, 40),
    st.floats(0, 1),
    st.integers(0, 99),
)
def test_any_size_and_strength(name, width, height, strength, seed):
    rgb = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    line = NAMED[name](rgb, strength)
    assert (line.dtype, line.shape) == (np.uint8, (height, width))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_empty_picture_has_no_lines(name, value):
    line = NAMED[name](np.full((64, 64, 3), value, np.uint8), 0.5)
    assert line.min() == 255


def test_training_draws_lines_not_shading():
    assert sorted(EXTRACTORS) == ["divide", "xdog"]
    assert DEFAULT in EXTRACTORS
    assert find_extractor(DEFAULT) is EXTRACTORS[DEFAULT]


def test_unknown_names():
    with pytest.raises(BadConfig, match=r"'charcoal' is not .*; choose divide, pencil, xdog, onnx"):
        find_extractor("charcoal")
    with pytest.raises(BadConfig, match="is not a range"):
        find_extractor("onnx:a.onnx?range=2,1")


def make_onnx(path, *, channels=3, size=None, scale=1.0, offset=0.0):
    """y = mean over channels of x · scale + offset, as (1, 1, H, W)."""
    import onnx
    from onnx import TensorProto, helper

    height, width = size or ("H", "W")
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, channels, height, width])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, height, width])
    weight = np.full((1, channels, 1, 1), scale / channels, np.float32)
    bias = np.array([offset], np.float32)
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "w", "b"], ["y"])],
        "lines",
        [x],
        [y],
        [
            helper.make_tensor("w", TensorProto.FLOAT, weight.shape, weight.ravel()),
            helper.make_tensor("b", TensorProto.FLOAT, bias.shape, bias),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, path)
    return path


def bright_picture() -> np.ndarray:
    rgb = np.full((50, 70, 3), 255, np.uint8)
    rgb[20:24] = (60, 90, 30)  # mean 60
    return rgb


@pytest.mark.parametrize(
    ("shape", "query"),
    [
        ({}, ""),
        ({"channels": 1}, ""),
        ({}, "?range=-1,1"),
        ({}, "?range=0,255"),
        ({"scale": -1.0, "offset": 1.0}, ""),  # white lines on black
    ],
)
def test_an_onnx_network(tmp_path, shape, query):
    file = make_onnx(tmp_path / "net.onnx", **shape)
    line = find_extractor(f"onnx:{file}{query}")(bright_picture(), 0.5)
    assert line.shape == (50, 70)
    assert (line[:20] == 255).all()
    assert np.abs(line[20:24].astype(int) - (60 if "channels" not in shape else 74)).max() <= 1


def test_an_onnx_network_of_fixed_size(tmp_path):
    file = make_onnx(tmp_path / "net.onnx", size=(64, 64))
    line = find_extractor(f"onnx:{file}")(bright_picture(), 0.5)
    assert line.shape == (50, 70)
    assert line[21:23].mean() < 90
    assert line[:15].min() > 245


def test_strength_of_a_network(tmp_path):
    draw = find_extractor(f"onnx:{make_onnx(tmp_path / 'net.onnx')}")
    faint, plain, bold = (int(draw(bright_picture(), s)[21, 0]) for s in (0.0, 0.5, 1.0))
    assert faint > plain > bold
    assert 255 - faint == pytest.approx((255 - plain) / 2, abs=1)


def test_networks_that_do_not_fit(tmp_path):
    with pytest.raises(BadWeights, match="there is no such file"):
        find_extractor(f"onnx:{tmp_path / 'none.onnx'}")
    (tmp_path / "broken.onnx").write_bytes(b"not a network")
    with pytest.raises(BadWeights, match="cannot be read as ONNX"):
        find_extractor(f"onnx:{tmp_path / 'broken.onnx'}")
    file = make_onnx(tmp_path / "wide.onnx", channels=5)
    with pytest.raises(BadWeights, match="takes one input"):
        find_extractor(f"onnx:{file}")
    with pytest.raises(BadWeights, match="there is no such file"):
        find_extractor(f"sketchkeras:{tmp_path / 'mod.h5'}")


def test_light_map_is_a_high_pass():
    rgb = np.full((40, 40, 3), 100, np.uint8)
    assert np.abs(light_map(rgb)).max() == 0
    rgb[20, :, 1] = 200
    light = light_map(rgb)
    assert light.max() == 1.0
    assert light[20, :, 1].min() == pytest.approx(1.0, abs=1e-3)
    assert (light[18, :, 1] < 0).all()
    assert np.abs(light[..., 0]).max() == 0


def test_sketchkeras_by_its_description():
    asked = []

    def network(x):
        asked.append(x)
        return np.where(x < -0.3, -x, 0.05).astype(np.float32)

    rgb = np.full((100, 200, 3), 240, np.uint8)
    rgb[50:52, :, 0] = 20  # red falls: a cyan line
    line = sketchkeras_lines(rgb, network)
    [x] = asked
    assert x.shape == (3, 512, 512, 1)
    assert (x[:, 256:] == 0).all()  # under the picture
    assert np.abs(x[:2]).max() < 1e-5  # blue and green
    assert x[2].min() < -0.5
    assert line.shape == (100, 200)
    assert line[50:52].mean() < 100
    assert line[:40].min() == 255  # 0.05 is noise


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_sketchkeras_reads_a_keras_file(tmp_path):
    keras = pytest.importorskip("keras")
    source = keras.layers.Input((None, None, 1))
    negative = keras.layers.Conv2D(1, 1, use_bias=False, activation="relu")
    model = keras.Model(source, negative(source))
    negative.set_weights([np.full((1, 1, 1, 1), -1.0, np.float32)])
    model.save(tmp_path / "mod.h5")
    rgb, outline = outlined()
    line = find_extractor(f"sketchkeras:{tmp_path / 'mod.h5'}")(rgb, 0.5)
    assert line[outline].mean() < 200 < 240 < line[~outline].mean()


def test_sketchkeras_without_keras(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    (tmp_path / "mod.h5").write_bytes(b"anything")
    with pytest.raises(MissingExtra, match=r'pip install "inkwash\[import\]"'):
        find_extractor(f"sketchkeras:{tmp_path / 'mod.h5'}")


def test_lines_of_files(tmp_path):
    folder = folder_of(tmp_path / "in", 3, width=60, height=40)
    save(folder / "000.jpg", coloured(9))
    (folder / "notes.txt").write_text("not a picture")
    seen = []
    report = draw_lines(
        [folder], tmp_path / "out", progress=lambda done, every: seen.append((done, every))
    )
    assert report.complete
    names = {p.relative_to(tmp_path / "out").as_posix() for p in report.written}
    assert names == {"000.png", "000.png.png", "001.png", "002.png"}
    assert seen[-1] == (4, 4)
    line = np.asarray(Image.open(tmp_path / "out" / "001.png"))
    assert np.array_equal(line, NAMED[DEFAULT](coloured(1, 60, 40), 0.5))


def test_several_extractors_get_folders(tmp_path):
    path = save(tmp_path / "a.png", coloured(1))
    config = LinesConfig(extractors=("xdog", "divide"))
    report = draw_lines([path], tmp_path / "out", config)
    names = [p.relative_to(tmp_path / "out").as_posix() for p in report.written]
    assert names == ["xdog/a.png", "divide/a.png"]


def test_a_sheet_of_all_extractors(tmp_path):
    folder = folder_of(tmp_path / "in", 2, width=80, height=40)
    config = LinesConfig(extractors=(), sheet=True, side=120)
    report = draw_lines([folder], tmp_path / "sheet.png", config)
    assert report.written == [tmp_path / "sheet.png"]
    sheet = np.asarray(Image.open(tmp_path / "sheet.png"))
    assert sheet.shape[1] == 8 + (len(NAMED) + 1) * 128
    small = cv2.resize(coloured(0, 80, 40), (120, 60), interpolation=cv2.INTER_CUBIC)
    assert np.array_equal(sheet[26:86, 8:128], small)


def test_the_sheet_scales_to_the_longer_side():
    sheet = line_sheet([coloured(0, 30, 60)], ["divide"], side=60)
    assert sheet.shape == (86, 8 + 2 * 68, 3)
    assert (sheet[26:, 8:38] == coloured(0, 30, 60)).all()


def test_failures_are_listed_and_the_rest_done(tmp_path):
    folder = folder_of(tmp_path / "in", 2)
    (folder / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    report = draw_lines([folder], tmp_path / "out")
    assert len(report.written) == 2
    [(path, reason)] = report.failures
    assert path == folder / "bad.png"
    assert "is not a picture" in reason
    again = draw_lines([folder], tmp_path / "out")
    assert [p.name for p, _ in again.failures] == ["000.png", "001.png", "bad.png"]
    assert draw_lines([folder], tmp_path / "out", LinesConfig(force=True)).written


def test_bad_requests(tmp_path):
    with pytest.raises(BadData, match="there is no such file or folder"):
        draw_lines([tmp_path / "none.png"], tmp_path / "out")
    with pytest.raises(BadConfig, match=r"strength = 2\.0 is not between 0 and 1"):
        LinesConfig(strength=2.0)
    path = save(tmp_path / "a.png", coloured(1))
    (tmp_path / "sheet.png").write_bytes(b"mine")
    with pytest.raises(OutputExists):
        draw_lines([path], tmp_path / "sheet.png", LinesConfig(sheet=True))
