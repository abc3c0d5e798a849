# Two commands to know: `make demo` and `make test`. `make help` lists the rest.
# Everything installed lies in .venv, everything a demo makes in LETHE_HOME (default .lethe).

DEMO_CLIENTS ?= 20000
export LETHE_HOME ?= $(CURDIR)/.lethe
VENV := .venv/bin
PYTEST := $(VENV)/python -m pytest
UV_COMPILE := $(VENV)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header $(UPGRADE)

.PHONY: help demo test test-quick test-slow test-exhaustive test-all lint check bench recognition format stop clean status lock install install-dev
.DEFAULT_GOAL := help

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: install ## bring the whole system up, let the scheduler run one night, print the report
	@$(VENV)/python -m embedded.demo run --clients $(DEMO_CLIENTS)

status: install ## say what of the demo is running, and where
	@$(VENV)/python -m embedded.demo status

stop: ## stop what `make demo` started, and nothing else
	@test ! -e $(VENV)/python || $(VENV)/python -m embedded.demo stop

clean: ## stop, and remove the demo's data (LETHE_HOME); .venv stays
	@test ! -e $(VENV)/python || $(VENV)/python -m embedded.demo clean

test: install-dev ## the test suite
	@$(PYTEST) -n 2 --dist loadfile -m "not slow"

test-slow: install-dev ## the tests that would make it longer than twelve minutes
	@$(PYTEST) -n 2 --dist loadfile -m slow

test-exhaustive: install-dev ## the slow tests, with a kill at every single statement instead of every few: two hours
	@LETHE_EXHAUSTIVE=1 $(PYTEST) -n 2 --dist loadfile --timeout 3600 -m slow

test-quick: install-dev ## the tests that need no Airflow
	@$(PYTEST) -n 2 --dist loadfile -m "not whole_system and not slow"

test-all: lint check test test-slow ## lint, the proof of the policies, and every test

lint: install-dev ## ruff and mypy
	@$(VENV)/ruff check
	@$(VENV)/ruff format --check
	@$(VENV)/mypy --strict governance/

check: install-dev ## prove the policies that ship: schedules fit, every category is covered, no duty is empty
	@$(VENV)/governance check --all

bench: install-dev ## measure planning (BENCH="--clients 1000000 --dataset credithelp" for more), exploring, enforcing, sealing and verifying
	@$(VENV)/python -m benchmarks.planning $(BENCH)
	@$(VENV)/python -m benchmarks.discovery
	@$(VENV)/python -m benchmarks.locating
	@$(VENV)/python -m benchmarks.enforcement
	@$(VENV)/python -m benchmarks.live
	@$(VENV)/python -m benchmarks.verifying
	@$(VENV)/python -m benchmarks.evidence --s3

recognition: install-dev ## measure the recognisers over the labelled columns (recall, precision, mistakes)
	@$(VENV)/python -m benchmarks.recognition

format: install-dev ## let ruff put the code in form
	@$(VENV)/ruff format
	@$(VENV)/ruff check --fix

install:
	@python=$$(./embedded/find-python) && $$python embedded/bootstrap.py runtime

install-dev:
	@python=$$(./embedded/find-python) && $$python embedded/bootstrap.py dev

lock: install-dev ## write the four locks anew after a change in pyproject.toml (UPGRADE=--upgrade: with newer versions)
	$(UV_COMPILE) --group bootstrap --output-file requirements-bootstrap.lock
	$(UV_COMPILE) --extra embedded --output-file requirements.lock pyproject.toml
	$(UV_COMPILE) --extra embedded --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	$(UV_COMPILE) --constraint requirements.lock --output-file deploy/requirements-celery.lock pyproject.toml deploy/requirements-celery.in
