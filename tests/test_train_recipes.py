"""Every recipe that is shipped holds what its name promises, and wrong ones are told."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from inkwash.config import NetConfig, from_dict, to_dict
from inkwash.errors import BadConfig
from inkwash.nets import SGRU
from inkwash.train.config import TrainConfig, load_recipe

FOLDER = Path(__file__).parent.parent / "recipes"
RECIPES = sorted(FOLDER.glob("*.toml"))


def parameters(config: TrainConfig) -> int:
    with torch.device("meta"):
        return sum(parameter.numel() for parameter in SGRU(config.net).parameters())


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_shipped_recipe_is_valid_and_says_for_whom(path: Path):
    config = load_recipe(path)
    assert from_dict(TrainConfig, to_dict(config)) == config
    assert path.read_text().startswith("# ")
    assert parameters(config) > 0


def test_the_shipped_recipes_are_these():
    names = {path.stem for path in RECIPES}
    assert names >= {"default", "finetune", "gpu", "paper", "paper_gpu", "smoke"}


def test_the_papers_recipe_is_the_papers():
    config = load_recipe(FOLDER / "paper.toml")
    assert config.net == NetConfig()
    assert parameters(config) == 47_827_558
    assert (config.steps, config.batch, config.optimiser) == (220_000, 1, "adam")
    assert (config.learning_rate, config.clip, config.ema) == (1e-4, 0.0, 0.0)
    assert config.loss.lambdas == (0.88, 0.79, 0.63, 0.51, 0.39, 1.07)
    assert (config.loss.min_weight, config.loss.perceptual) == (0.999, "all")
    assert config.sample.size == 256


def test_recipes_of_the_embedded_weights_share_their_network():
    wanted = load_recipe(FOLDER / "default.toml").net
    for name in ("gpu", "finetune"):
        net = load_recipe(FOLDER / f"{name}.toml").net
        assert to_dict(net) == to_dict(wanted)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("learning_rat = 1", r"unknown key learning_rat; did you mean learning_rate\?"),
        ("[loss]\nminimun = 'image'", r"unknown key loss.minimun; did you mean minimum\?"),
        ("[loss]\nminimum = 'pixel'", "loss.minimum = 'pixel' is not 'image' or 'region'"),
        ("steps = 0", "steps = 0 is not 1 or more"),
        ("betas = [0.9]", "betas"),
        ("ema = 1.5", "ema = 1.5 is not between 0 and 1"),
        ("learning_rate = 0.0", "learning_rate = 0.0 is not over 0"),
        ("workers = -1", "workers = -1"),
        ("[net]\nstem = 1", "sample.stem = 2 differs from net.stem"),
        ("[net]\nstem = 2\n[sample]\nsize = 100", "sample.size = 100 is not a multiple of 64"),
        ("[net]\nstem = 2\nroles = ['skin']", "differs from net.roles"),
        ("[loss]\npalette = 1.0", r"net.keys = 0 has no palette head"),
        ("[loss]\nrgb = 0.0", "nothing would be learned"),
        ("[loss]\nminimum = 'region'\nperceptual = 'sparse'", "choose 'all' or 'winner'"),
        ("[loss]\nlambdas = []", "loss.lambdas is empty"),
        ("[sample]\ncolours = [13, 20]", r"sample.colours = \[13, 20\] is not"),
        ("[sample]\ncolours = [5, 3]", r"sample.colours = \[5, 3\] is not"),
        ("[sample]\nweights = [1, 2]", "is not five numbers"),
        ("[sample]\nroles = ['skin']", "leave it out, or give skin, hair"),
        ("[data]\nsynth = 2.0", "data.synth = 2.0 is not between 0 and 1"),
        ("steps = ", "is not TOML"),
    ],
)
def test_a_wrong_recipe_names_key_and_remedy(tmp_path: Path, text: str, message: str):
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(BadConfig, match=message):
        load_recipe(path)


def test_a_missing_recipe_is_told(tmp_path: Path):
    with pytest.raises(BadConfig, match=r"none.toml: cannot be read"):
        load_recipe(tmp_path / "none.toml")
