"""The layers of an SGRU by plain names that stay: what can be looked at, changed and edited.

`down1` … are the swish-gated blocks on the way down, `skip1` … what each hands across, `up1` … the
blocks on the way up, then `head`, and the outputs `rgb` and `palette`. A part of a block has a dot:
`down2.gate`, `skip3.gate`, `up1.conv2`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any, Literal

from torch import Tensor, nn

from inkwash.config import NetConfig
from inkwash.errors import BadConfig
from inkwash.nets import SGRU

Kind = Literal["block", "gate", "unit", "output", "keys"]


@dataclass(frozen=True)
class Layer:
    """A layer: its name, what it is, and where it is in the SGRU.

    A "block" joins the outputs of its parts; "gate" is a swish gate; "unit" a convolution with norm
    and leaky ReLU; "output" a head's last convolution; "keys" a part of what turns palette colours
    into keys, which has no picture.
    """

    name: str
    kind: Kind
    path: str  # of the module

    @property
    def block(self) -> str:
        """The block it belongs to: `down2` of `down2.gate`."""
        return self.name.partition(".")[0]

    @property
    def has_picture(self) -> bool:
        """Whether its output is a stack of feature maps."""
        return self.kind != "keys"

    @property
    def has_filters(self) -> bool:
        """Whether it has weights of its own, a filter for each channel."""
        return self.kind != "block"

    def module(self, net: SGRU) -> nn.Module:
        """The module in a net of the same shape."""
        return net.get_submodule(self.path)


def layers(net: SGRU) -> list[Layer]:
    """All layers, in the order in which a sketch meets them."""
    found = []
    for index in range(len(net.config.down)):
        found += _down(index)
    for index in range(len(net.config.up)):
        found += _up(index)
    found += [Layer(f"head.conv{i + 1}", "unit", f"trunk.head.{i}") for i in range(3)]
    found += [Layer("head", "block", "trunk.head"), Layer("rgb", "output", "rgb.conv")]
    found += _palette() if net.palette is not None else []
    return found if net.config.gated else [layer for layer in found if not _on_gated_path(layer)]


def find_layer(net: SGRU, name: str) -> Layer:
    """The layer of this name. Raises BadConfig that lists those that there are."""
    known = {layer.name: layer for layer in layers(net) if layer.has_picture}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise BadConfig(f"layer {name!r} does not exist; {meant}there are: {', '.join(known)}")
    return known[name]


def channels_of(layer: Layer, net: SGRU) -> int:
    """How many feature maps the layer hands on."""
    module = layer.module(net)
    if layer.path == "trunk.head":
        return net.config.head
    if layer.kind == "block":
        return int(module.out_channels)  # type: ignore[arg-type]
    return len(filter_weights(module))


def convolution(module: nn.Module) -> Any:
    """The convolution, or the linear layer, inside a layer that has filters."""
    return getattr(module, "conv", module)


def filter_weights(module: nn.Module) -> Tensor:
    """The weights of a layer with filters, the filters first: (filters, …)."""
    inner = convolution(module)
    swapped = isinstance(inner, nn.ConvTranspose2d)
    return inner.weight.transpose(0, 1) if swapped else inner.weight


def filter_meaning(layer: Layer, place: int, config: NetConfig) -> str:
    """What a filter of a head is for, such as "blue of proposal 2"; nothing for other layers."""
    if layer.name == "rgb":
        channel = place // config.stem**2  # R of each proposal, then G, then B
        colour = ("red", "green", "blue")[channel // config.proposals]
        return f"{colour} of proposal {channel % config.proposals + 1}"
    if layer.kind == "output":
        each = 1 if layer.name == "palette.shade" else config.keys
        return f"proposal {place // each + 1}"
    return ""


def _on_gated_path(layer: Layer) -> bool:
    """Whether a network without gates lacks it."""
    return layer.kind == "gate" or layer.name.endswith(".grow_gated")


def _down(index: int) -> list[Layer]:
    name, path = f"down{index + 1}", f"trunk.down.{index}"
    entered = [Layer(f"{name}.enter", "unit", f"{path}.enter")] if index else []
    return [
        *entered,
        Layer(f"{name}.conv1", "unit", f"{path}.residual.0"),
        Layer(f"{name}.conv2", "unit", f"{path}.residual.1"),
        Layer(f"{name}.gate", "gate", f"{path}.gate"),
        Layer(name, "block", path),
        Layer(f"skip{index + 1}.gate", "gate", f"{path}.skip_gate"),
    ]


def _up(index: int) -> list[Layer]:
    name, path = f"up{index + 1}", f"trunk.up.{index}"
    return [
        Layer(f"{name}.enter", "unit", f"{path}.enter"),
        Layer(f"{name}.conv1", "unit", f"{path}.residual.0"),
        Layer(f"{name}.conv2", "unit", f"{path}.residual.1"),
        Layer(f"{name}.grow", "unit", f"{path}.up_residual"),
        Layer(f"{name}.grow_gated", "unit", f"{path}.up"),
        Layer(f"{name}.gate", "gate", f"{path}.gate"),
        Layer(name, "block", path),
    ]


def _palette() -> list[Layer]:
    encoder = ("embed.0", "embed.2", "to_qkv", "from_heads", "out.1", "out.3")
    keys = [
        Layer(f"palette.keys{i + 1}", "keys", f"palette.encoder.{part}")
        for i, part in enumerate(encoder)
    ]
    outputs = [Layer(f"palette.{part}", "output", f"palette.{part}") for part in _PALETTE_OUTPUTS]
    return keys + outputs


_PALETTE_OUTPUTS = ("queries", "shade")
