from __future__ import annotations

import pytest

from inkwash.config import NetConfig, from_dict, to_dict, with_overrides
from inkwash.errors import BadConfig


def test_a_config_survives_the_way_through_a_dictionary():
    config = NetConfig(hints=True, stem=2, down=(4, 8), up=(8, 4), head=4, keys=3)
    assert from_dict(NetConfig, to_dict(config)) == config


def test_an_unknown_key_names_the_nearest_known_one():
    with pytest.raises(BadConfig, match=r"unknown key stemm; did you mean stem\?"):
        from_dict(NetConfig, {"stemm": 2})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"stem": 3}, "stem = 3"),
        ({"stem": "two"}, "stem = 'two' is not of type int"),
        ({"hints": 1}, "hints = 1"),
        ({"down": [8, 8], "up": [8]}, "2 down blocks and 1 up"),
        ({"head": 0}, "at least 1"),
    ],
)
def test_wrong_values_are_named(values, message):
    with pytest.raises(BadConfig, match=message):
        from_dict(NetConfig, values)


def test_overrides_reach_into_tables_and_keep_the_original():
    values = {"net": {"stem": 1}, "steps": 5}
    changed = with_overrides(values, ["net.stem=2", "steps=7", "vgg=none", "a.b=[1, 2]"])
    assert changed == {"net": {"stem": 2}, "steps": 7, "vgg": "none", "a": {"b": [1, 2]}}
    assert values == {"net": {"stem": 1}, "steps": 5}


def test_an_override_without_a_value_is_refused():
    with pytest.raises(BadConfig, match="key=value"):
        with_overrides({}, ["steps"])
