# Each target first makes .venv what the hashed requirement files say; nothing else needs to be installed but Python.
#   make run                       the web application and its worker, with a demo clinic
#   make test ARGS="tests/web -x"  pytest; ARGS go to it
#   make help                      all targets

ARGS ?=
VENV_PYTHON := .venv/bin/python
ENVIRONMENT = python=$$(PYTHON='$(PYTHON)' sh tools/python.sh) && "$$python" -m tools.environment
LOCK = $(VENV_PYTHON) -m uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-annotate --no-header

.PHONY: run test check bench lock format clean help
.DEFAULT_GOAL := help

run: ## start Sixfold: prints an address and log-ins
	@$(ENVIRONMENT) run
	@exec $(VENV_PYTHON) -m scheduler run $(ARGS)

test: ## run the tests; ARGS="tests/planning -q" picks some
	@$(ENVIRONMENT) dev
	@$(VENV_PYTHON) -m tools.system_packages
	@exec $(VENV_PYTHON) -m pytest -n $$($(VENV_PYTHON) -m tools.cores) --dist worksteal $(ARGS)

check: ## format, lint, types, import contracts, dead code, migrations and the house rules
	@$(ENVIRONMENT) dev
	@exec $(VENV_PYTHON) -m tools.check $(ARGS)

bench: ## measure; ARGS=planning runs one
	@$(ENVIRONMENT) dev
	@exec $(VENV_PYTHON) -m benchmarks $(ARGS)

lock: ## turn requirements*.in into hashed requirements*.txt; ARGS=--upgrade takes newer versions
	@$(ENVIRONMENT) dev
	$(LOCK) $(ARGS) requirements.in -o requirements.txt
	$(LOCK) $(ARGS) -c requirements.txt requirements-dev.in -o requirements-dev.txt

format: ## put the code in shape
	@$(ENVIRONMENT) dev
	@$(VENV_PYTHON) -m ruff check --fix --exit-zero --quiet .
	@$(VENV_PYTHON) -m ruff format .

clean: ## remove what the tools left behind, and .venv; instance/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16
