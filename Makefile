# Needs only git, sh, make and Python 3.11 or later. Everything else comes from the lock files, by hash.
PYTHON ?= python3
BIN = .venv/bin
# Processes that share the tests: two lines of those that mostly wait, and one for all others (tests/README.md).
TEST_PROCESSES ?= 3
# A hub is some processes, and the tests start a hundred of them: where Python may not keep what it compiled, each start
# costs three times as much.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: all setup lock generate check test chaos seeded-bugs demo clean

all: setup

setup: .venv/ready

.venv/ready: deploy/lock/all.txt deploy/lock/node.txt deploy/fhir_schema.sha256 deploy/set_up.py
	@$(PYTHON) deploy/set_up.py install

lock:
	@$(PYTHON) deploy/set_up.py lock

generate: setup
	@$(BIN)/hub generate

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/hub generate --check

test: check
	@$(BIN)/python -m pytest -n $(TEST_PROCESSES)

seeded-bugs: setup
	@HUB_SEEDED_BUGS=all $(BIN)/python -m pytest tests/chaos/test_seeded_bugs.py

chaos: setup
	@$(BIN)/python -m tests.chaos.run --whole --report chaos.json

demo: setup
	@$(BIN)/hub demo

clean:
	@$(PYTHON) deploy/set_up.py clean
