"""The commands of a session as JSON and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from inkwash.commands import Command, Propose
from inkwash.config import from_dict, to_dict
from inkwash.errors import BadConfig, BadHints, BadPalette, BadProject

_KINDS: dict[str, type] = {kind.__name__.lower(): kind for kind in get_args(Command)}


def value_of_commands(commands: Sequence[Command], done: int) -> dict[str, Any]:
    """{"done": how many count, "commands": [{"do": name, …}]}."""
    values = [{"do": type(command).__name__.lower(), **to_dict(command)} for command in commands]
    return {"done": done, "commands": values}


def commands_from(value: Any, rounds: int) -> tuple[list[Command], int]:
    """The commands, and how many count. Raises BadProject, also where rounds are missing."""
    if not isinstance(value, dict) or not isinstance(value.get("commands"), list):
        raise BadProject("its history has no list of commands")
    commands = [_command(*numbered) for numbered in enumerate(value["commands"], start=1)]
    done = value.get("done")
    if isinstance(done, bool) or not isinstance(done, int) or not 0 <= done <= len(commands):
        raise BadProject(f"its history says {done!r} of {len(commands)} commands are done")
    asked = 1 + sum(isinstance(command, Propose) for command in commands)
    if asked != rounds:
        raise BadProject(f"its history needs {asked} rounds of proposals; it has {rounds}")
    return commands, done


def _command(number: int, value: Any) -> Command:
    name = value.get("do") if isinstance(value, dict) else None
    if not isinstance(name, str) or name not in _KINDS:
        raise BadProject(f"command {number} is {name!r}; there are {', '.join(_KINDS)}")
    fields = {key: part for key, part in value.items() if key != "do"}
    if name == "add" and "hint" in fields:  # the first projects had a command for each hint
        fields = {"hints": [fields["hint"]]}
    try:
        return from_dict(_KINDS[name], fields)
    except (BadConfig, BadHints, BadPalette, TypeError) as error:
        raise BadProject(f"command {number} ({name}): {error}") from None
