# Every target sets up what it needs in .venv; only Python 3.11+, make and a package registry are
# taken for granted.
NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p $(NEW_ENOUGH) 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
SKETCH ?= examples/schoolgirl.png
OUT ?= painted
DATA ?= data
RUN ?= runs/default
EXTRAS ?= dev,train,draw,import,data,studio
# Those that need no pictures; the others say at their top what they are given.
BENCHMARKS := control layers leak paint reopen serve speed
TSC := npx --yes --package typescript@5.9.3 tsc

.PHONY: paint studio test check page-types format bench train evaluate examples pictures clean

studio: $(VENV)/.studio
	$(BIN)/inkwash studio --open

paint: $(VENV)/.painting
	$(BIN)/inkwash paint "$(SKETCH)" --out "$(OUT)" --format png,sheet,psd --force
	@echo "Look into $(OUT)/$(basename $(notdir $(SKETCH)))/: sheet.png shows all nine, the .psd has them as layers."

test: $(VENV)/.development
	$(BIN)/python -m pytest

check: $(VENV)/.development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(MAKE) --no-print-directory page-types
	$(BIN)/python -m pytest

# The studio's page is plain JavaScript, typed by comments; TypeScript only checks it.
page-types:
	@if $(TSC) --version > /dev/null 2>&1; then $(TSC) -p tests/browser/jsconfig.json; \
	else echo "TypeScript could not be had from npm; the types of the studio's page are not checked"; fi

format: $(VENV)/.development
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.development
	for name in $(BENCHMARKS); do $(BIN)/python benchmarks/$$name.py || exit 1; done

train: $(VENV)/.development
	$(BIN)/inkwash train recipes/default.toml --data "$(DATA)" --out "$(RUN)"

evaluate: $(VENV)/.development
	$(BIN)/inkwash evaluate --data "$(DATA)" --out report --force

examples: $(VENV)/.development
	$(BIN)/inkwash data examples --out examples --force
	$(BIN)/inkwash data examples --out src/inkwash/serve/examples --force

pictures: $(VENV)/.development
	$(BIN)/python docs/pictures/make.py
	$(BIN)/python docs/pictures/control.py > /dev/null
	$(BIN)/python docs/pictures/inspect_pictures.py > /dev/null
	$(BIN)/python docs/pictures/studio.py

clean:
	rm -rf $(VENV) $(OUT)

$(VENV)/bin/python:
	@test -n "$(PYTHON)" && $(PYTHON) $(NEW_ENOUGH) || \
	  { echo "inkwash needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.painting: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -e .
	@touch $@

$(VENV)/.studio: $(VENV)/.painting
	$(PIP) -e ".[studio]"
	@touch $@

$(VENV)/.development: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) torch==$(shell sed -n 's/^torch==//p' constraints.txt)
	$(PIP) -e ".[$(EXTRAS)]"
	@touch $@ $(VENV)/.painting
