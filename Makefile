# Needs Linux, Python 3.11 or later with pip, and make. Everything else comes from the lock files, by hash.

PYTHON ?= $(shell sh ops/choose_python.sh python3 /usr/bin/python3 /usr/local/bin/python3 \
	python3.14 python3.13 python3.12 python3.11)
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/installed
DEVELOPMENT := $(VENV)/installed-dev
# A module's tests share one database, so they stay in one worker. Which files begin is said in tests/conftest.py.
PYTEST := $(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder
PIP := $(PYTHON) -m pip -qq --disable-pip-version-check --python $(BIN)/python install

.DEFAULT_GOAL := help
.PHONY: help install serve test check format bench schemas demo chaos soak fuzz fuzz-inbox lock clean

help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 18

install: $(RUNTIME) ## Install the program into .venv

serve: $(RUNTIME) ## Start the server at http://localhost:3000, with a database and cache of its own
	@exec $(BIN)/fedi serve

test: $(DEVELOPMENT) ## Run the whole suite on real servers (ARGS= narrows it)
	@$(PYTEST) $(ARGS)

check: $(DEVELOPMENT) ## Look for faults without running anything: ruff, mypy, import-linter
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo

format: $(DEVELOPMENT) ## Put the code into its form
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format --quiet

bench: $(DEVELOPMENT) ## Measure, print a table and save it
	@$(BIN)/python -m ops.bench.run $(ARGS)

schemas: $(DEVELOPMENT) ## Write what is generated: schemas/events, schemas/openapi.json, docs/api.md, docs/settings.md
	@$(BIN)/python -m ops.generate

demo: $(RUNTIME) ## Watch two servers federate, then fold everything again
	@$(BIN)/python -m ops.demo

chaos: $(DEVELOPMENT) ## Kill the server 200 times under load and count what was lost
	@$(BIN)/python -m pytest -q tests/chaos --kills 200 $(ARGS)

soak: $(DEVELOPMENT) ## Keep a server under load for ten minutes and see that it holds no more at the end
	@$(BIN)/python -m pytest -q tests/chaos/test_soak.py --soak 600 --timeout 900 --log-cli-level INFO $(ARGS)

fuzz: $(DEVELOPMENT) ## Ask the server everything and nonsense, 20,000 times
	@$(BIN)/python -m pytest -q tests/contract --fuzz 60 --timeout 3600 $(ARGS)

fuzz-inbox: $(DEVELOPMENT) ## Look for a minute for bytes that an inbox or a fold cannot bear (ARGS=--seconds N)
	@$(BIN)/python -m tests.fuzz.inbox $(ARGS)

lock: $(DEVELOPMENT) ## Write the lock files anew from pyproject.toml
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --group build pyproject.toml -o requirements.lock
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --group build --group dev -c requirements.lock pyproject.toml \
		-o requirements-dev.lock

clean: ## Remove the virtual environment; data in var/ stays
	@rm -rf $(VENV)

# Debian ships venv without ensurepip: the machine's own pip fills the environment instead.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later with pip is needed: make PYTHON=/path/to/it" >&2; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null || { echo "pip is needed: $(PYTHON) -m pip does not run" >&2; exit 1; }
	@$(PYTHON) -m venv --without-pip $(VENV)

$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) ..."
	@$(PIP) --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP) --no-deps --no-index --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	@echo "Installing the tools of development ..."
	@$(PIP) --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@
