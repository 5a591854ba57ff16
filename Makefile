# Everything a newcomer needs; each target makes .venv by itself. It takes Python 3.11 and make, nothing else.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/ready
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help up down walk logs test proof mutants check types template format openapi bench docs build clean

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

up: $(READY) ## build, start the embedded AWS and the WeChat simulator, deploy, seed, and show the walk
	@$(RUN) -m infra.local.up

down: $(READY) ## stop exactly what `make up` started
	@$(RUN) -m infra.local.down

walk: $(READY) ## people buy together, bargain, claim cash, share a packet and invite once more
	@$(RUN) -m infra.local.walk

logs: $(READY) ## what the functions say, as it comes
	@$(RUN) -m infra.local.logs

test: check ## everything: lint, types, template, unit, property and end-to-end tests
	@$(RUN) -m pytest -n $(WORKERS) --dist worksteal

proof: $(READY) ## the long proof: every interleaving up to two preemptions, every crash point, the long model
	@RIPPLE_PROOF=long $(RUN) -m pytest -n $(WORKERS) --dist worksteal tests/proof tests/groupbuy/test_crowd.py tests/e2e/test_coupons.py tests/e2e/test_peers.py tests/voucher/test_statistics.py tests/pictures/test_composer.py tests/infra/test_cold_start.py tests/e2e/test_contract.py

mutants: $(READY) ## each deliberately broken build must be noticed; the last line is caught / total
	@$(RUN) -m tests.proof.mutants

check: $(READY) ## lint, strict types, layers, template
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(VENV)/bin/lint-imports --no-logo
	@$(MAKE) --no-print-directory --jobs=2 types template

types: $(READY)
	@$(RUN) -m mypy

template: $(READY)
	@$(RUN) -m infra.build
	@$(VENV)/bin/cfn-lint build/template.yaml

format: $(READY) ## put the sources into the house style
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m ruff format .

openapi: $(READY) ## write build/openapi.json
	@$(RUN) -m infra.openapi

bench: $(READY) ## all figures, to build/bench.json
	@$(RUN) -m tests.bench

docs: $(READY) ## write what of the documents comes from the code and the last bench
	@$(RUN) -m infra.docs

build: $(READY) ## the deployment artefact and template
	@$(RUN) -m infra.build

clean: ## remove what can be made again (stops nothing: make down first)
	rm -rf build $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(READY): requirements.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed, and there is no python3.11 here"; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(v != (3, 11) and "Python 3.11 is needed (the functions run on it); $(PYTHON) is %d.%d" % v)'
	@echo "making $(VENV) (once, about a minute)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --requirement requirements.txt --requirement requirements-dev.txt
	@touch $@
