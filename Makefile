# The commands of the house; each begins with `make setup`.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
STATE := var
MUTATION := $(STATE)/mutation/venv
export PYTHONDONTWRITEBYTECODE :=
# Where the home folder cannot be written to, as in many containers, the cache is kept here.
export UV_CACHE_DIR ?= $(shell [ -n "$$HOME" ] && [ -w "$$HOME" ] && echo "$$HOME/.cache/uv" || echo "$(CURDIR)/$(STATE)/uv-cache")
WORKERS ?= 2

.PHONY: setup run test check bench mutate lock

setup: $(VENV)/.ready

$(VENV)/.ready: requirements/dev.txt requirements/uv.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	UV_COMPILE_BYTECODE=1 $(RUN)/uv pip sync --quiet --python $(RUN)/python --require-hashes requirements/dev.txt
	$(RUN)/uv pip install --quiet --python $(RUN)/python --no-deps --no-build-isolation -e .
	touch $@

run: setup
	@$(RUN)/python tools/run.py

test: setup
	@sh tools/need_chromium.sh
	PHARMACY_TEST_VECTORS="$(wildcard ../shared/material)" $(RUN)/pytest -q -rs -n $(WORKERS) --dist worksteal

check: setup
	$(RUN)/ruff check
	$(RUN)/ruff format --check
	$(RUN)/mypy
	$(RUN)/lint-imports

bench: setup
	@for one in benchmarks/bench_*.py; do $(RUN)/python $$one; done

# One module a run: make mutate MODULE=pharmacy/domain/admixture.py
mutate: $(MUTATION)/.ready
	@$(MUTATION)/bin/python tools/mutate.py $(MODULE)

$(MUTATION)/.ready: requirements/mutation.txt | setup
	$(PYTHON) -m venv --without-pip $(MUTATION)
	$(RUN)/uv pip sync --quiet --python $(MUTATION)/bin/python --require-hashes requirements/mutation.txt
	$(RUN)/uv pip install --quiet --python $(MUTATION)/bin/python --no-deps --no-build-isolation -e .
	touch $@

# Write the lock anew: hashes only, no addresses.
lock:
	$(RUN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes pyproject.toml --extra dev -o requirements/dev.txt
	$(RUN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes pyproject.toml --extra mutation -c requirements/dev.txt -o requirements/mutation.txt
	$(RUN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes requirements/uv.in -o requirements/uv.txt
