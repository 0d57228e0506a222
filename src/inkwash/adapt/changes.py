"""What of the network is learned, and how it becomes an adapter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inkwash.adapt.config import Method
from inkwash.nets import SGRU
from inkwash.weights.adapter import LEFT, RIGHT

State = dict[str, Tensor]


class LowRank(nn.Module):
    """W + left · right, the change of a convolution's kernels (Hu et al., *LoRA*, 2021).

    `left` starts at 0, so that the network starts as it was.
    """

    def __init__(self, weight: Tensor, rank: int) -> None:
        super().__init__()
        outputs, inputs = weight.shape[0], weight[0].numel()
        rank = min(rank, outputs, inputs)
        self.left = nn.Parameter(torch.zeros(outputs, rank))
        self.right = nn.Parameter(torch.randn(rank, inputs) / inputs**0.5)

    def forward(self, weight: Tensor) -> Tensor:
        return weight + (self.left @ self.right).reshape(weight.shape)


class Changes:
    """The learned part of a network, made when this is made; the rest is frozen."""

    def __init__(self, net: SGRU, method: Method, rank: int) -> None:
        """method: "low-rank" learns changes of low rank of the trunk's kernels, its norms, and the
        palette head; "norms" leaves out the kernels, "head" the norms too; "all" learns every
        tensor of trunk and palette head."""
        self.net = net
        self._before = {name: value.clone() for name, value in net.state_dict().items()}
        self._low: dict[str, LowRank] = {}
        for name, parameter in net.named_parameters():
            parameter.requires_grad_(_is_learned(name, parameter, method))
        if method == "low-rank":
            for name, module in list(net.trunk.named_modules()):
                if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                    low = LowRank(module.weight, rank)
                    nn.utils.parametrize.register_parametrization(module, "weight", low)
                    self._low[f"trunk.{name}.weight"] = low

    @property
    def parameters(self) -> list[nn.Parameter]:
        return [value for value in self.net.parameters() if value.requires_grad]

    def state(self) -> State:
        """A copy of what is learned."""
        return {
            name: value.detach().clone()
            for name, value in self.net.named_parameters()
            if value.requires_grad
        }

    @torch.no_grad()
    def restore(self, state: State) -> None:
        for name, value in self.net.named_parameters():
            if name in state:
                value.copy_(state[name])

    def arrays(self) -> Mapping[str, NDArray[np.floating]]:
        """The arrays of an adapter: factors in half precision, differences in single."""
        found: dict[str, NDArray[np.floating]] = {}
        for name, low in self._low.items():
            shape = self._before[name].shape
            right = low.right.detach().reshape(-1, *shape[1:])
            found[name + LEFT] = low.left.detach().numpy().astype(np.float16)
            found[name + RIGHT] = right.numpy().astype(np.float16)
        for name, value in self.net.named_parameters():
            if value.requires_grad and name in self._before:
                found[name] = (value.detach() - self._before[name]).numpy()
        return found


def _is_learned(name: str, parameter: Tensor, method: Method) -> bool:
    if method == "all":
        return not name.startswith("rgb.")
    if name.startswith("palette."):
        return True
    return method != "head" and name.startswith("trunk.") and parameter.dim() == 1
