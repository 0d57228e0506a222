"""Looking inside a network: what layers do, what a correction changes, what an edit does.

Needs torch: `pip install "inkwash[train]"`.
"""

from inkwash.errors import MissingExtra

try:
    import torch as _torch  # noqa: F401
except ImportError as error:
    raise MissingExtra("inspecting networks needs torch; install inkwash[train]") from error

from inkwash.inspect.activations import Activation, Gate, Statistics, activations
from inkwash.inspect.change_report import write_changes
from inkwash.inspect.changes import Changes, changes
from inkwash.inspect.common import in_common
from inkwash.inspect.corrections import Correction, correction, read_correction
from inkwash.inspect.edit_report import write_edit, write_sweep
from inkwash.inspect.edits import Edit, Workbench
from inkwash.inspect.layers import Layer, channels_of, find_layer, layers
from inkwash.inspect.movement import LayerChange, movement
from inkwash.inspect.report import LayerReport, report, write_report
from inkwash.inspect.seeing import (
    PaletteInput,
    Seen,
    choose_head,
    open_net,
    palette_input,
    proposed_input,
    see,
)
from inkwash.inspect.sweeps import Effect, Spot, ranked, screen, spot, sweep

__all__ = [
    "Activation",
    "Changes",
    "Correction",
    "Edit",
    "Effect",
    "Gate",
    "Layer",
    "LayerChange",
    "LayerReport",
    "PaletteInput",
    "Seen",
    "Spot",
    "Statistics",
    "Workbench",
    "activations",
    "changes",
    "channels_of",
    "choose_head",
    "correction",
    "find_layer",
    "in_common",
    "layers",
    "movement",
    "open_net",
    "palette_input",
    "proposed_input",
    "ranked",
    "read_correction",
    "report",
    "screen",
    "see",
    "spot",
    "sweep",
    "write_changes",
    "write_edit",
    "write_report",
    "write_sweep",
]
