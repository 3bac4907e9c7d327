# Two commands: `make demo` shows the incidents being found, `make test` runs the whole suite.
# Both need nothing but Python 3.10 or newer and make; another Python: make test PYTHON=python3.13

PYTHON ?= python3
VENV ?= .venv
RUN = $(VENV)/bin/python

.PHONY: demo test bench lint aws-rows

demo: $(VENV)/.installed-hosts
	$(RUN) tools/demo.py

test: $(VENV)/.installed-dev
	$(RUN) -m pytest -n auto

bench: $(VENV)/.installed-dev
	$(RUN) benchmarks/run.py

lint: $(VENV)/.installed-dev
	$(RUN) -m ruff check .
	$(RUN) -m mypy --strict
	$(RUN) -m incident_lint check src tests tools benchmarks

aws-rows: $(VENV)/.installed-dev
	$(RUN) tools/aws_rows.py

$(VENV)/.installed-hosts: pyproject.toml | $(VENV)/bin/pip
	$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[flake8,pylint]'
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/pip
	$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# pip is the last thing that `venv` puts there, so a half-made environment is made again.
$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)
