"""Training: `config.py` says what a recipe holds, `objective.py` what a step minimises,
`loop.py` runs it."""
