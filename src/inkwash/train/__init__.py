"""Training, in the order of reading:

`config.py` what a recipe holds; `loop.py` a run from its first step to its weights; `objective.py`
what a step minimises; `run.py` the moving parts, made, saved and taken up again; `feed.py` which
samples belong to which step and rank; `watch.py` what one sees; `finish.py` the weights at the end.
"""
