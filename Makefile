# Two commands: `make review` sets up and reviews this repository, `make test` sets up and runs the whole suite.
# Both need git and Python 3.11 or later with nothing installed, and use uv when it is there.

REPO ?= .
DIFF ?= HEAD~1
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
VENV ?= .venv
BIN = $(VENV)/bin
WORKERS ?= 2

.PHONY: review test test-long test-deep test-browser test-validators lint types rules setup setup-dev lock clean

review: setup
	@code=0; $(BIN)/trustgate review --repo "$(REPO)" --diff "$(DIFF)" || code=$$?; \
	echo "trustgate's exit code: $$code (0 allow or warn, 1 block, 2 usage, 3 could not judge, 4 pending)"; \
	case $$code in 0|1|4) exit 0;; *) exit $$code;; esac

test: setup-dev
	$(BIN)/python -m pytest -n $(WORKERS) -m "not network and not long and not deep and not browser"

test-long: setup-dev
	$(BIN)/python -m pytest -n $(WORKERS) -m "long and not network and not deep and not browser"

test-validators: setup-dev
	sh tests/validators/run.sh "$(CURDIR)/$(BIN)/python"

test-browser: setup-dev
	sh tests/validators/run.sh "$(CURDIR)/$(BIN)/python" browser

test-deep:
	@$(MAKE) --no-print-directory VENV=.venv-deep .venv-deep/.installed-deep
	.venv-deep/bin/python -m pytest -n $(WORKERS) -m "not network and not long" tests/flaws

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev
	$(BIN)/mypy

rules: setup-dev
	$(BIN)/python -m pytest -n $(WORKERS) tests -k "rule_walk"

setup: $(VENV)/.installed
setup-dev: $(VENV)/.installed-dev

$(VENV)/.installed: requirements/install.txt pyproject.toml
	@sh requirements/set-up.sh "$(PYTHON)" "$(VENV)" requirements/install.txt
	@touch $@

$(VENV)/.installed-dev: requirements/dev.txt pyproject.toml
	@sh requirements/set-up.sh "$(PYTHON)" "$(VENV)" requirements/dev.txt
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-deep: requirements/deep.txt pyproject.toml
	@sh requirements/set-up.sh "$(PYTHON)" "$(VENV)" requirements/deep.txt
	@touch $@

lock:
	sh requirements/lock.sh

clean:
	rm -rf $(VENV) build dist
