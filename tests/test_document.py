from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_painting import draw_painting
from inkwash.document import Document, compose
from inkwash.flats import MOST_COLOUR_LAYERS, colour_layers
from inkwash.geometry import Box, Size
from inkwash.layers import Blend, Group, Layer, Raster
from inkwash.regions.table import describe

BYTES = st.integers(0, 255)


def one_pixel(value: int, alpha: int | None = None, **settings) -> Layer:
    raster = Raster(
        colour=np.full((1, 1), value, np.uint8),
        alpha=None if alpha is None else np.full((1, 1), alpha, np.uint8),
    )
    return Layer(name="pixel", box=Box(0, 0, 1, 1), pixels=raster, **settings)


def see(*layers: Layer | Group) -> list[int]:
    return Document(size=Size(1, 1), layers=layers).flatten()[0, 0].tolist()


def groups_of(document: Document) -> list[Group]:
    return [layer for layer in document.layers if isinstance(layer, Group)]


@pytest.mark.parametrize("kind", ["colour", "single"])
@pytest.mark.parametrize("chosen", [0, 2])
def test_layers_together_look_like_the_painting(kind, chosen):
    painting = draw_painting(chosen=chosen)
    assert np.array_equal(compose(painting, layers=kind).flatten(), painting.render(chosen))


def test_order_names_modes_and_visibility():
    document = compose(draw_painting(chosen=1))
    assert [layer.name for layer in document.layers] == [
        "paper",
        "3 night",
        "2 cool",
        "1 warm",
        "ink",
    ]
    assert [group.visible for group in groups_of(document)] == [False, True, False]
    *flats, shade, light = groups_of(document)[0].layers
    assert [(layer.name, layer.blend) for layer in (shade, light)] == [
        ("shade", "multiply"),
        ("light", "screen"),
    ]
    assert {layer.blend for layer in flats} == {"normal"}


def test_ink_is_the_sketch_byte_for_byte():
    for coloured in (False, True):
        painting = draw_painting(coloured=coloured)
        ink = compose(painting).layers[-1]
        assert isinstance(ink, Layer)
        assert ink.blend == "multiply"
        assert ink.read().alpha is None
        assert np.array_equal(ink.read().colour, painting.sketch.ink)


def test_transparent_black_ink_keeps_its_transparency_and_looks_the_same():
    painting = draw_painting(transparent=True)
    document = compose(painting)
    ink = document.layers[-1]
    assert isinstance(ink, Layer)
    assert ink.blend == "normal"
    assert np.array_equal(ink.read().alpha, painting.sketch.alpha)
    assert not ink.read().colour.any()
    assert np.array_equal(document.flatten(), painting.render(0))


def test_transparent_coloured_ink_is_multiplied_as_on_white():
    painting = draw_painting(transparent=True, coloured=True)
    ink = compose(painting).layers[-1]
    assert isinstance(ink, Layer)
    assert ink.blend == "multiply"
    assert np.array_equal(ink.read().colour, painting.sketch.ink)


def test_each_colour_is_one_layer_cut_to_its_box():
    painting = draw_painting(shaded=False)
    colouring, labels = painting.colourings[0], painting.regions.labels
    layers = colour_layers(labels, colouring.colours, colouring.clear)
    assert len({layer.name for layer in layers}) == len(layers)
    covered = np.zeros(labels.shape, int)
    areas = []
    for layer in layers:
        alpha = layer.read().coverage(layer.box.size)
        assert all(side.any() for side in (alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]))
        same = (colouring.colours == layer.read().colour).all(axis=1) & ~colouring.clear
        assert np.array_equal(alpha == 255, same[labels[layer.box.slices]])
        covered[layer.box.slices] += alpha == 255
        areas.append(np.count_nonzero(alpha))
    assert np.array_equal(covered, ~colouring.clear[labels])
    assert areas == sorted(areas, reverse=True)


def test_a_layer_is_named_by_its_colour_and_hex():
    painting = draw_painting(count=1, shaded=False)
    painting.colourings[0].colours[:] = (255, 214, 204)
    (layer,) = groups_of(compose(painting))[0].layers
    assert layer.name.endswith("pink #ffd6cc")


def test_more_colours_than_layers_share_the_last_one():
    side, count = 40, 400
    labels = (np.arange(side)[:, None] // 2 * (side // 2) + np.arange(side) // 2).astype(np.int32)
    regions = describe(labels, np.zeros(labels.shape, bool), line_width=1, gap=1, notes=())
    colours = np.stack([np.arange(count) % 256, np.arange(count) // 256, [9] * count], axis=1)
    clear = np.zeros(count, bool)
    layers = colour_layers(regions.labels, colours.astype(np.uint8), clear)
    assert len(layers) == MOST_COLOUR_LAYERS
    assert layers[0].name == f"{count - MOST_COLOUR_LAYERS + 1} small colours"
    flat = Document(size=Size(side, side), layers=tuple(layers)).flatten()
    assert np.array_equal(flat, colours[regions.labels])


def test_clear_regions_show_the_paper_and_nothing_without_it():
    painting = draw_painting(transparent=True)
    document = compose(painting)
    clear = painting.colourings[0].clear[painting.regions.labels] & (painting.sketch.ink == 255)
    assert (document.flatten()[clear] == 255).all()
    bare = replace(document, layers=document.layers[1:]).flatten()
    assert bare.shape[2] == 4
    assert not bare[clear][:, 3].any()


def test_picks_leave_the_others_out_and_one_is_always_seen():
    document = compose(draw_painting(chosen=0), picks=[1, 2])
    assert [(group.name, group.visible) for group in groups_of(document)] == [
        ("3 night", False),
        ("2 cool", True),
    ]


def test_tones_may_be_made_when_they_are_read():
    painting = draw_painting(count=1)
    flat, lazy = painting.colourings[0], replace(painting.colourings[0])
    object.__setattr__(lazy, "shade", lambda: flat.shade)
    later = replace(painting, colourings=[lazy])
    assert np.array_equal(compose(later).flatten(), painting.render(0))


@given(below=BYTES, above=BYTES)
def test_blends_are_exact_on_opaque_layers(below, above):
    expected = {
        "normal": above,
        "multiply": round(below * above / 255),
        "screen": 255 - round((255 - below) * (255 - above) / 255),
    }
    blends: list[Blend] = ["normal", "multiply", "screen"]
    for blend in blends:
        assert see(one_pixel(below), one_pixel(above, blend=blend)) == [expected[blend]] * 3


@given(below=BYTES, above=BYTES, alpha=BYTES, opacity=st.floats(0, 1))
def test_transparency_and_opacity_mix_towards_the_blend(below, above, alpha, opacity):
    top = one_pixel(above, alpha, blend="multiply", opacity=opacity)
    share = alpha / 255 * opacity
    expected = (1 - share) * below + share * below * above / 255
    assert abs(see(one_pixel(below), top)[0] - expected) <= 0.51


@given(value=BYTES, alpha=st.integers(1, 255))
def test_over_nothing_a_layer_keeps_its_colour_and_alpha(value, alpha):
    seen = see(one_pixel(value, alpha, blend="multiply"))
    assert seen == [value] * 3 + ([alpha] if alpha < 255 else [])


def test_hidden_layers_and_groups_are_not_seen():
    black = one_pixel(0)
    assert see(one_pixel(255), replace(black, visible=False)) == [255, 255, 255]
    group = Group(name="group", layers=(black,), visible=False)
    assert see(one_pixel(255), group) == [255, 255, 255]
    assert see(one_pixel(255), replace(group, visible=True)) == [0, 0, 0]
