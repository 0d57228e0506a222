"""An adapter's changes added to a network in torch."""

from __future__ import annotations

import torch

from inkwash.errors import BadWeights
from inkwash.nets import SGRU
from inkwash.weights.initialisers import Deltas


@torch.no_grad()
def add_to(net: SGRU, deltas: Deltas) -> None:
    """Add to the network's tensors. Raises BadWeights for one it does not have in that shape."""
    tensors = net.state_dict()
    for name, delta in deltas.items():
        tensor = tensors.get(name)
        if tensor is None or tuple(tensor.shape) != delta.shape:
            raise BadWeights(f"the network has no tensor {name} {delta.shape} of the adapter")
        tensor += torch.from_numpy(delta)
