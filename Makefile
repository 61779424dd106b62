# Two commands on a fresh machine: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --quiet --disable-pip-version-check --constraint constraints.txt
JOBS ?= 3
# More workers than cores, as many tests wait for processes. In the files' own order, which ends with the
# quick examples of the docs; xdist's ends with the files of one long test each.
PYTEST := $(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help demo test check format docs bench soak integrations gpu clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

# torch goes first and by its exact version: any looser wish makes pip take the newest CUDA build.
$(VENV)/.local: pyproject.toml constraints.txt
	@echo "Installing into $(VENV) (about a minute with a warm cache, several without)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) torch==2.13.0
	@$(PIP) --editable '.[local]'
	@touch $@

$(VENV)/.dev: $(VENV)/.local
	@$(PIP) --editable '.[local,dev]'
	@touch $@

demo: $(VENV)/.local  ## the whole job on an embedded model: train twice, compare, write demo/report.html
	@$(BIN)/python examples/trade_off.py --directory demo

test: $(VENV)/.dev  ## the whole suite
	@$(PYTEST)

check: $(VENV)/.dev  ## lint, types, layers, docs, and the clients' suites against the local server
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/sphinx-build -n -W -q -b html docs docs/_build/html
	@MATHTUNE_TEST_SERVER=local $(PYTEST) tests/tuning tests/evaluation tests/generation

format: $(VENV)/.dev  ## put the code into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(VENV)/.dev  ## build the documentation into docs/_build/html
	@$(BIN)/sphinx-build -n -W -b html docs docs/_build/html

bench: $(VENV)/.dev  ## figures: grading speed and accuracy beside other graders, data, statistics
	@$(BIN)/python bench/run.py

soak: $(VENV)/.dev  ## long runs: fuzzing, random kills, many jobs
	@MATHTUNE_SOAK_RUNS=1000 MATHTUNE_SOAK_JOBS=200 MATHTUNE_FUZZ_EXAMPLES=70 MATHTUNE_SLOW_CLIENTS=10000 \
		$(BIN)/pytest -n 0 -s --timeout 14400 tests/tuning/test_faults.py tests/tuning/test_kill.py tests/server
	@$(BIN)/python bench/soak_grading.py --minutes 30
	@$(BIN)/python bench/soak_cases.py

# They pin versions that the suite's environment does not have, and weigh 2 GB.
integrations: $(VENV)/.dev  ## the grader in inspect, lm-eval, Ray and Spark (Java) themselves, in an environment of its own
	@test -x $(VENV)/integrations/bin/python || $(BIN)/python -m venv $(VENV)/integrations
	@$(VENV)/integrations/bin/pip install --quiet --quiet --disable-pip-version-check --editable '.[inspect,polars]' \
		lm-eval pyspark 'ray[data]' hypothesis pytest pytest-timeout sybil
	@$(VENV)/integrations/bin/pytest tests/integrations/test_arrow_engines.py tests/integrations/test_inspect_ai.py \
		tests/integrations/test_lm_eval.py

gpu: $(VENV)/.dev  ## train and ask a larger model on a GPU, in tokens a second; says so where there is none
	@$(BIN)/python bench/gpu.py

clean:  ## remove what make made
	rm -rf $(VENV) demo docs/_build build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
