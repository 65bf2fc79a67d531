# Akkoord: `make run` starts it, `make help` lists the rest. Needs Python 3.11 or newer and make.

PYTHON ?= python3
PORT ?= 8000
UV_VERSION := 0.13.9
VENV := .venv
TOOLS := $(VENV)/tools
BIN := $(VENV)/bin
WORKERS ?= 2
TIMES ?= 3
# Checks read the settings, and must not touch the data of who runs them.
OWN_DATA := AKKOORD_DATA=$(VENV)/check-data AKKOORD_DATABASE_URL= DJANGO_SETTINGS_MODULE=akkoord.config.settings
# The people's own tools, not the machine's: no other Python, no settings of another project.
export UV_PYTHON_DOWNLOADS := never
export PYTHONDONTWRITEBYTECODE :=
# Once the tests' packages are there, they stay: `make run` after `make test` removes nothing.
LOCK = $(if $(wildcard $(VENV)/.dev),requirements-dev.lock,requirements.lock)
ROOM_SOURCES := $(shell find akkoord -name '*.po')
ASSET_SOURCES := $(shell find akkoord/web/assets -type f -not -path '*/node_modules/*' 2>/dev/null)

.PHONY: help setup dev run test explore check fix docs bench screens clean
.DELETE_ON_ERROR:

help: ## This list.
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 16

setup: $(VENV)/.packages $(VENV)/.assets $(VENV)/.translations ## Everything that Akkoord needs, in this folder.

run: setup ## Start Akkoord on http://127.0.0.1:8000 (PORT=8080 for another port).
	@PORT=$(PORT) exec $(BIN)/akkoord serve

dev: $(VENV)/.dev setup ## What the tests and checks need.

test: dev ## All tests, with a real database and a real browser.
	@deploy/needs test
	$(BIN)/pytest -n $(WORKERS) $(ARGS)

explore: dev ## The property tests with examples of their own, a few times (TIMES=3).
	@deploy/needs test
	for time in $$(seq $(TIMES)); do AKKOORD_TEST_EXAMPLES=explore $(BIN)/pytest -n $(WORKERS) \
	  $$(grep -rlE "hypothesis" --include="test_*.py" akkoord tests) $(ARGS) || exit 1; done

check: dev ## Style, types, floors, templates, migrations, translations.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(OWN_DATA) $(BIN)/mypy
	$(BIN)/djlint --quiet --lint akkoord
	$(OWN_DATA) $(BIN)/python -W ignore -m django makemigrations --check --dry-run
	$(TOOLS)/bin/python -m akkoord.web.build_translations --strict

fix: dev ## Put style right where that can be done by itself.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup ## The command's reference.
	@$(BIN)/akkoord --help

bench: dev ## The benchmarks (needs some minutes).
	$(BIN)/akkoord bench all

screens: dev ## Pictures of every screen.
	@deploy/needs test
	$(BIN)/python -m tests.screens

clean: ## Remove what was built; data stays.
	rm -rf $(VENV) akkoord/web/static/dist akkoord/web/assets/node_modules
	find akkoord -name '*.mo' -delete

# ---- how it is made ----

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Akkoord needs Python 3.11 or newer: make setup PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "This Python cannot make environments. On Debian: apt-get install python3-venv" >&2; exit 1; }

# uv and the build's own packages stand apart: `uv pip sync` removes what is not in its list.
$(TOOLS)/.made: requirements-build.lock | $(BIN)/python
	@test -x $(TOOLS)/bin/python || $(BIN)/python -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet uv==$(UV_VERSION) || echo "No uv; going on with pip." >&2
	$(call sync,$(TOOLS),requirements-build.lock,install)
	@touch $@

$(VENV)/.packages: requirements.lock requirements-dev.lock $(TOOLS)/.made
	$(call sync,$(VENV),$(LOCK),sync)
	@$(BIN)/python deploy/link.py
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(TOOLS)/.made
	$(call sync,$(VENV),requirements-dev.lock,sync)
	@$(BIN)/python deploy/link.py
	@touch $(VENV)/.packages $@

$(VENV)/.assets: $(ASSET_SOURCES) akkoord/web/build_assets.py $(TOOLS)/.made
	$(TOOLS)/bin/python -m akkoord.web.build_assets
	@touch $@

$(VENV)/.translations: $(ROOM_SOURCES) $(TOOLS)/.made
	$(TOOLS)/bin/python -m akkoord.web.build_translations
	@touch $@

# $(call sync,environment,lock,how): packages from the lock, every one checked by its hash.
define sync
@if [ -x $(TOOLS)/bin/uv ]; then \
  $(TOOLS)/bin/uv pip $(3) --quiet --python $(1)/bin/python --require-hashes \
    $(if $(filter install,$(3)),-r) $(2); \
else $(1)/bin/python -m pip install --quiet --require-hashes -r $(2); fi
endef
