"""Muon for the kernels of convolutions and linear layers, AdamW for everything else.

After Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks": the momentum of
a matrix is replaced by the nearest orthogonal one, so every direction is learned equally fast. The
step is scaled to the size of AdamW's (Liu et al. 2025), so both share one learning rate. torch's
own Muon takes matrices only; here a kernel (out, in, h, w) is the matrix (out, in · h · w).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.optim.adamw import adamw

MOMENTUM = 0.95
COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # of the Newton-Schulz iteration, as published
ROUNDS = 5
LEAST_SIDE = 16  # matrices with a shorter side gain nothing


class Muon(torch.optim.Optimizer):
    """One optimiser with two groups of parameters, `matrices` True and False."""

    def __init__(
        self, parameters: Iterable[Tensor], lr: float, betas: tuple[float, float], decay: float
    ) -> None:
        parameters = list(parameters)
        groups: list[dict[str, Any]] = [
            {"params": [p for p in parameters if is_matrix(p) is kind], "matrices": kind}
            for kind in (True, False)
        ]
        groups = [group for group in groups if group["params"]]
        super().__init__(groups, {"lr": lr, "betas": betas, "weight_decay": decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """One step from the gradients there are."""
        loss = None if closure is None else torch.enable_grad()(closure)()
        for group in self.param_groups:
            update = self._orthogonal if group["matrices"] else self._adaptive
            update(group, [p for p in group["params"] if p.grad is not None])
        return loss

    def _orthogonal(self, group: dict[str, Any], parameters: list[Tensor]) -> None:
        lr, decay = group["lr"], group["weight_decay"]
        for parameter in parameters:
            state, gradient = self.state[parameter], parameter.grad
            assert gradient is not None
            if not state:
                state["momentum"] = torch.zeros_like(parameter)
            momentum = state["momentum"].lerp_(gradient, 1 - MOMENTUM)
            ahead = torch.lerp(gradient, momentum, MOMENTUM)
            rows, columns = matrix_shape(parameter)
            direction = orthogonal(ahead.reshape(rows, columns)).to(parameter.dtype)
            parameter.mul_(1 - lr * decay)
            scale = 0.2 * max(rows, columns) ** 0.5
            parameter.add_(direction.reshape(parameter.shape), alpha=-lr * scale)

    def _adaptive(self, group: dict[str, Any], parameters: list[Tensor]) -> None:
        for parameter in parameters:
            state = self.state[parameter]
            if not state:
                state["step"] = torch.zeros((), device=parameter.device)
                state["first"] = torch.zeros_like(parameter)
                state["second"] = torch.zeros_like(parameter)
        states = [self.state[parameter] for parameter in parameters]
        beta1, beta2 = group["betas"]
        adamw(
            parameters,
            [parameter.grad for parameter in parameters],  # type: ignore[misc]
            [state["first"] for state in states],
            [state["second"] for state in states],
            [],
            [state["step"] for state in states],
            amsgrad=False,
            beta1=beta1,
            beta2=beta2,
            lr=group["lr"],
            weight_decay=group["weight_decay"],
            eps=1e-8,
            maximize=False,
        )


def is_matrix(parameter: Tensor) -> bool:
    """Whether a parameter is orthogonalised: a kernel or matrix that is not too narrow."""
    return parameter.dim() in (2, 4) and min(matrix_shape(parameter)) >= LEAST_SIDE


def matrix_shape(parameter: Tensor) -> tuple[int, int]:
    """Rows and columns of a parameter as a matrix."""
    return parameter.shape[0], parameter.numel() // parameter.shape[0]


def orthogonal(matrix: Tensor) -> Tensor:
    """Nearly the orthogonal matrix nearest to one (rows, columns), in bfloat16: its singular
    values become about 1."""
    a, b, c = COEFFICIENTS
    x = matrix.bfloat16()
    wide = x.shape[0] <= x.shape[1]
    x = x if wide else x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(ROUNDS):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x if wide else x.T
