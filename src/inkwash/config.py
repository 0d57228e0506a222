"""Frozen settings of networks and recipes, and their way from and to plain dictionaries (TOML)."""

from __future__ import annotations

import difflib
import types
import typing
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any, TypeVar

from inkwash.errors import BadConfig

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class NetConfig:
    """Shape of an SGRU; the defaults are the faithful form of the paper (47 827 558 parameters)."""

    hints: bool = False  # four more input channels: hint RGB in [-1, 1] and a 0/1 mask
    stem: int = 1  # 2: pixel-unshuffle in, pixel-shuffle out, a quarter of the cost
    down: tuple[int, ...] = (96, 192, 288, 384, 480)  # channels of the down blocks
    up: tuple[int, ...] = (512, 480, 384, 288, 192)  # channels of the up blocks
    head: int = 96  # channels of the three last units
    proposals: int = 9  # K, colourings per pass
    keys: int = 0  # length of the palette head's keys and queries; 0: no palette head
    roles: tuple[str, ...] = ()  # what the palette head knows a colour may be for, such as "skin"
    gated: bool = True  # False: a plain U-Net without the swish gates, to compare with
    foreign_scale: bool = False  # the 2019 code: white paper is 255 to it; the net multiplies
    work_size: int = 256  # short side, in pixels, that the weights were made for

    def __post_init__(self) -> None:
        if self.stem not in (1, 2, 4):
            raise BadConfig(f"stem = {self.stem} is not 1, 2 or 4")
        if len(self.down) != len(self.up) or not self.down:
            raise BadConfig(
                f"{len(self.down)} down blocks and {len(self.up)} up blocks; give as many of each"
            )
        if min(*self.down, *self.up, self.head, self.proposals) < 1:
            raise BadConfig("widths and proposals must be at least 1")

    @property
    def in_channels(self) -> int:
        """C of the network's input (N, C, H, W)."""
        return 5 if self.hints else 1

    @property
    def colour_features(self) -> int:
        """R, G, B in [-1, 1], share 0…1, whether the share is known, and a 0/1 for each role."""
        return 5 + len(self.roles)

    @property
    def multiple(self) -> int:
        """Height and width of the input must be multiples of this."""
        return self.stem * 2 ** len(self.down)


def from_dict(cls: type[T], values: dict[str, Any], where: str = "") -> T:
    """Build a settings dataclass from nested dictionaries.

    Raises BadConfig for an unknown key (the nearest known one is named) or a value of another type.
    """
    hints = typing.get_type_hints(cls)
    known = {f.name for f in fields(cls)}  # type: ignore[arg-type]
    arguments = {}
    for key, value in values.items():
        if key not in known:
            raise BadConfig(_unknown_key(where + key, key, known))
        arguments[key] = _convert(hints[key], value, where + key)
    return cls(**arguments)


def to_dict(settings: Any) -> dict[str, Any]:
    """Nested plain dictionaries of a settings dataclass; tuples become lists."""
    return {key: _plain(value) for key, value in asdict(settings).items()}


def with_overrides(values: dict[str, Any], assignments: list[str]) -> dict[str, Any]:
    """Apply `--set a.b=value` assignments, values in TOML's notation, to nested dictionaries."""
    import tomllib

    result = {k: dict(v) if isinstance(v, dict) else v for k, v in values.items()}
    for assignment in assignments:
        path, equals, text = assignment.partition("=")
        if not equals:
            raise BadConfig(f"--set {assignment}: write it as key=value")
        try:
            value = tomllib.loads(f"v = {text}")["v"]
        except tomllib.TOMLDecodeError:
            value = text
        *tables, key = path.strip().split(".")
        target = result
        for table in tables:
            target = target.setdefault(table, {})
        target[key] = value
    return result


def _convert(kind: Any, value: Any, where: str) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        if not isinstance(value, dict):
            raise BadConfig(f"{where} = {value!r} is not a table")
        return from_dict(kind, value, where + ".")
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_convert(arguments[0], item, where) for item in value)
    if origin in (typing.Union, types.UnionType):
        return _convert_union(arguments, value, where)
    if origin is typing.Literal:
        return _check(value in arguments, value, where, " or ".join(map(repr, arguments)))
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if origin is dict:
        return _check(isinstance(value, dict), value, where, "a table")
    right = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
    return _check(right, value, where, f"of type {getattr(kind, '__name__', kind)}")


def _convert_union(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in kinds:
        return None
    for kind in kinds:
        try:
            return _convert(kind, value, where)
        except (BadConfig, TypeError):
            continue
    raise BadConfig(f"{where} = {value!r} is not one of {kinds}")


def _check(right: bool, value: Any, where: str, accepted: str) -> Any:
    if not right:
        raise BadConfig(f"{where} = {value!r} is not {accepted}")
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _unknown_key(path: str, key: str, known: set[str]) -> str:
    near = difflib.get_close_matches(key, sorted(known), n=1)
    remedy = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(sorted(known))}"
    return f"unknown key {path}; {remedy}"
