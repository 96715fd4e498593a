# Every command of the project. What they do is written in tools/ and in manage.py.
PYTHON ?= python3
VENV := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run dev demo test coverage check bench format set-up set-up-dev

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: set-up ## set everything up and serve it at http://localhost:8000 (PORT=8010 for another port)
	@$(VENV) manage.py serve

dev: set-up ## the same, reloading when a file changes and showing errors in full
	@DEBUG=true $(VENV) manage.py serve --reload

demo: set-up ## load the demo weblogs
	@$(VENV) manage.py load_demo

test: set-up-dev ## every check and every test
	@$(VENV) tools/test.py

coverage: set-up-dev ## which branches no test takes, on SQLite
	@$(VENV) tools/test.py --stack embedded --coverage

check: set-up-dev ## every check, no test
	@$(VENV) tools/test.py --checks-only

bench: set-up-dev ## measure what answers cost and write docs/performance.md (ten minutes)
	@$(VENV) tools/bench.py

format: set-up-dev ## mend what the formatters and the linter can mend
	@$(VENV) tools/test.py --mend

set-up set-up-dev:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. Install Python 3.11 or newer and run this again."; exit 1; }
	@$(PYTHON) tools/bootstrap.py $(if $(filter set-up-dev,$@),--dev) $(if $(filter file,$(origin PYTHON)),--quickest)
