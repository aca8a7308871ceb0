# careerqa: `make ask Q="..."` answers a question on a fresh machine, `make test` tests it.
# Needed beforehand: Python 3.11 or newer, make, and a package index that pip reaches.

VENV := .venv
BIN := $(VENV)/bin
PIP_ARGS ?=
T ?=
# Python for the environment; without it the first one found that is new enough.
PYTHON ?=

# The question reaches the shell through its environment, taken literally: quotes, dollar signs
# and backticks in it are text.
override Q := $(value Q)
export Q

.DEFAULT_GOAL := help
.PHONY: help install install-dev ask index serve eval test e2e check fmt clean

help: ## List these targets
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## \(.*\)/  make \1~\2/p' Makefile | awk -F'~' '{ printf "%-20s %s\n", $$1, $$2 }'

install: $(VENV)/.installed ## Create .venv and install careerqa with pinned dependencies

install-dev: $(VENV)/.installed-dev ## The same with what tests, lint and types need

ask: install ## Answer a question: make ask Q="How much do AI engineers earn?"
	@[ -n "$$Q" ] || { echo 'make ask needs a question: make ask Q="How much do AI engineers earn?"' >&2; exit 2; }
	@$(BIN)/careerqa ask -- "$$Q" || [ $$? -eq 3 ] # 3: the documents do not say, which is no failure

index: install ## Bring the index up to date with the documents
	@$(BIN)/careerqa index

serve: install ## Answer over HTTP until stopped
	@$(BIN)/careerqa serve

eval: install ## Score the development questions against the stored baseline
	@$(BIN)/careerqa eval eval/career-dev.jsonl $(if $(wildcard eval/baseline.json),--baseline eval/baseline.json)

test: install-dev ## Run the tests but the slow ones: make test T="-k passages"
	@$(BIN)/python -m pytest -m "not slow" $(T)

e2e: install-dev ## Run the slow tests: the real model, whole journeys
	@$(BIN)/python -m pytest -m slow $(T)

check: install-dev ## Format, lint and types, changing nothing
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

fmt: install-dev ## Format the code and mend what ruff can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## Remove the environment, the index and every cache
	rm -rf $(VENV) build dist src/*.egg-info .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	find index -mindepth 1 ! -name .gitignore -delete

# A stamp each: installing again does nothing until what is pinned changes.
$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing careerqa; the first time this takes some minutes." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt $(PIP_ARGS) -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing what the tests need." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt $(PIP_ARGS) -e '.[dev]'
	@touch $@

$(VENV)/bin/python:
	@set -eu; found='$(PYTHON)'; new='import sys; sys.exit(sys.version_info < (3, 11))'; \
	for candidate in $$found python3 python3.13 python3.12 python3.11 python; do \
	  if [ -n "$$found" ] && [ "$$candidate" != "$$found" ]; then continue; fi; \
	  if "$$candidate" -c "$$new" >/dev/null 2>&1; then chosen=$$candidate; break; fi; \
	done; \
	if [ -z "$${chosen:-}" ]; then \
	  echo "careerqa needs Python 3.11 or newer; found $$("$${found:-python3}" --version 2>&1 | tail -n 1)." >&2; \
	  echo "Install one, or name it: make install PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	"$$chosen" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
