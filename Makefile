# `make run` and `make test` set everything up by themselves: a virtual environment in .venv with
# the pinned packages, renewed only when the list of packages has changed.

PORT ?= 8501
BIN  := .venv/bin

# The first Python that is new enough and can make virtual environments.
FIND_PYTHON = for each in python3 python3.13 python3.12 python3.11; do \
	"$$each" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  2>/dev/null && echo "$$each" && break; done

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint bench faults messages new

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

run: .venv/for-run ## serve the museum (PORT=8501)
	@$(BIN)/python -m streamlit run app.py --server.port $(PORT)

test: .venv/for-tests ## run all tests (ARGS="-k name" for some)
	@$(BIN)/python -m pytest $(ARGS)

lint: .venv/for-tests ## check the style of the code
	@$(BIN)/ruff check .

bench: .venv/for-tests ## measure what the README claims (ARGS=speed for one figure)
	@$(BIN)/python -m benchmarks $(ARGS)

faults: .venv/for-tests ## break things on purpose and count what survives (ARGS=server for one)
	@$(BIN)/python -m benchmarks.faults $(ARGS)

messages: .venv/for-run ## collect the interface's messages for translation
	@$(BIN)/python -m benchmarks.messages

new: .venv/for-run ## lay down a new room (name=...)
	@$(if $(name),,$(error which room? make new name=perceptron))$(BIN)/python -m core.new $(name)

$(BIN)/python:
	@python=$$($(FIND_PYTHON)); test -n "$$python" || { echo >&2 \
	  "Perceptorium needs Python 3.11, 3.12 or 3.13 with its venv module" \
	  "(Debian, Ubuntu: apt install python3-venv)."; exit 1; }; \
	"$$python" -m venv --clear .venv

.venv/for-run: requirements.txt | $(BIN)/python
.venv/for-tests: requirements-dev.txt requirements.txt | $(BIN)/python
.venv/for-run .venv/for-tests:
	@echo "Installing $< (the first time takes some minutes) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@
