from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from inkwash.train.muon import Muon, is_matrix, orthogonal  # noqa: E402


def test_orthogonal_brings_singular_values_near_one():
    torch.manual_seed(0)
    for shape in ((24, 96), (96, 24)):
        found = orthogonal(torch.randn(shape)).float()
        assert found.shape == shape
        values = torch.linalg.svdvals(found)
        assert values.min() > 0.5
        assert values.max() < 1.3


def test_kernels_and_matrices_but_no_narrow_ones_are_orthogonalised():
    assert is_matrix(torch.zeros(32, 16, 3, 3))
    assert is_matrix(torch.zeros(16, 20))
    assert not is_matrix(torch.zeros(27, 8, 1, 1))
    assert not is_matrix(torch.zeros(64))


def network() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Conv2d(4, 32, 3, padding=1), torch.nn.SiLU(), torch.nn.Conv2d(32, 16, 3)
    )


def losses(net: torch.nn.Module, optimiser: torch.optim.Optimizer, steps: int) -> list[float]:
    generator = torch.Generator().manual_seed(1)
    x, y = (
        torch.randn(8, 4, 9, 9, generator=generator),
        torch.randn(8, 16, 7, 7, generator=generator),
    )
    found = []
    for _ in range(steps):
        optimiser.zero_grad()
        loss = (net(x) - y).square().mean()
        loss.backward()
        optimiser.step()
        found.append(float(loss.detach()))
    return found


def test_it_learns():
    net = network()
    found = losses(net, Muon(net.parameters(), 1e-2, (0.9, 0.99), 0.01), 60)
    assert found[-1] < 0.6 * found[0]


def test_it_goes_on_from_its_state_as_if_it_had_not_stopped():
    whole, halved = network(), network()
    expected = losses(whole, Muon(whole.parameters(), 1e-2, (0.9, 0.99), 0.01), 8)
    first = Muon(halved.parameters(), 1e-2, (0.9, 0.99), 0.01)
    found = losses(halved, first, 4)
    second = Muon(halved.parameters(), 1e-2, (0.9, 0.99), 0.01)
    second.load_state_dict(first.state_dict())
    found += losses(halved, second, 4)
    assert found == expected


def test_what_is_no_matrix_moves_as_with_adamw():
    ours, theirs = torch.nn.Linear(4, 3), torch.nn.Linear(4, 3)
    theirs.load_state_dict(ours.state_dict())
    a = Muon(ours.parameters(), 1e-2, (0.9, 0.99), 0.1)
    b = torch.optim.AdamW(theirs.parameters(), 1e-2, (0.9, 0.99), weight_decay=0.1)
    x = torch.randn(5, 4)
    for net, optimiser in ((ours, a), (theirs, b)):
        for _ in range(3):
            optimiser.zero_grad()
            net(x).square().mean().backward()
            optimiser.step()
    assert torch.allclose(ours.weight, theirs.weight, atol=1e-6)
