# Two commands do all the set-up: `make chat` (or `make ask Q="..."`) and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
Q ?=
# The language model of `make chat`; where empty, the best tried one that fits the free memory.
READER ?=

.PHONY: chat ask test lint lock clean
.DELETE_ON_ERROR:

chat: $(VENV)/.model
	$(BIN)/pincite serve

ask: $(VENV)/.model
	@$(BIN)/pincite ask $(if $(Q),"$$Q",-)
ask: export Q := $(Q)

# Two runs, as the browser's driver keeps an event loop in its process for good. The second skips, and says why,
# where there is no browser.
test: $(VENV)/.tools $(VENV)/.test-model $(VENV)/.axe
	$(BIN)/python -m pytest -n 2 $(PYTEST)
	$(BIN)/python -m pytest -m browser -rs -o addopts="-q --strict-markers --strict-config"

lint: $(VENV)/.tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy rag ui tests
	$(BIN)/lint-imports

# uv installs in seconds what an old pip takes minutes for; both check every hash.
$(VENV)/.uv: requirements/installer.lock
	$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "Pincite needs Python 3.11 to 3.13; name one with PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.installed: requirements/run.lock pyproject.toml $(VENV)/.uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r $<
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.tools: requirements/test.lock $(VENV)/.installed
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $<
	@touch $@

# axe-core checks the page for those who cannot see it, where npm is there to bring it.
$(VENV)/.axe: requirements/axe/package-lock.json $(VENV)/.tools
	@mkdir -p $(VENV)/npm && cp requirements/axe/package*.json $(VENV)/npm/
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --prefix $(VENV)/npm && touch $@; fi

# Pincite answers with quotes alone where no language model is to be had.
$(VENV)/.model: $(VENV)/.installed
	$(BIN)/pincite models pull $(READER) && touch $@ || echo "no language model: answers are quotes alone"

# The tests of the machinery need a model that loads fast, not one that can read.
$(VENV)/.test-model: $(VENV)/.installed
	$(BIN)/pincite models pull smollm2-135m && touch $@

# The locks pin every package by hash and name no index.
lock: $(VENV)/.uv
	echo "uv" | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url -o requirements/installer.lock -
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url -o requirements/run.lock pyproject.toml requirements/build.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url -c requirements/run.lock --extra test -o requirements/test.lock pyproject.toml requirements/build.in

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
