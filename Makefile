# Every target works alone on a fresh machine with Python 3.11+ and the package registries.
PYTHON ?= python3
BIN := .venv/bin
# uv brings a list of authorities of its own; the machine's counts where it has one, for an office's proxy may be in it.
STORES := $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem)
export UV_SYSTEM_CERTS ?= $(if $(STORES),1,0)

.PHONY: install dev demo test check eval bench soak constraints clean

install: .venv/installed .venv/browser

dev: .venv/dev .venv/browser .venv/postgres

.venv/bin/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本（PYTHON=… 可指定）" >&2; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

.venv/installed: pyproject.toml constraints.txt | .venv/bin/uv
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt --editable .
	touch $@

.venv/dev: .venv/installed
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt --group dev
	touch $@

# The rivals of the evaluation; what they bring may move none of our own pins. Of pycorrector one module is used, which
# needs nothing of what the package would bring.
.venv/eval: .venv/dev
	$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --group eval
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps pycorrector==1.1.4
	touch $@

# A missing browser is no error: what needs one says so (pages that only scripts fill stay 未能判定).
.venv/browser: .venv/installed
	sh tools/browser.sh
	touch $@

.venv/postgres: .venv/dev
	sh tools/postgres.sh
	touch $@

demo: install
	$(BIN)/xuncha demo

test: dev
	$(BIN)/pytest -n 2 --dist worksteal

check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

eval: .venv/eval
	$(BIN)/python -m tests.eval

bench: dev
	$(BIN)/python -m tests.bench

# Properties on examples not seen before, then faults, fleets, and a quarter of 60 sites under an accelerated clock:
# about an hour and a half.
soak: dev
	$(BIN)/pytest -n 2 -m hypothesis --hypothesis-profile=default --timeout=1800
	$(BIN)/python -m tests.soak.faults
	$(BIN)/python -m tests.soak.fleets
	$(BIN)/python -m tests.soak.quarter

constraints: .venv/bin/uv
	$(BIN)/uv pip compile pyproject.toml --python-version 3.11.0 --group dev --generate-hashes --no-header --no-annotate --upgrade --output-file constraints.txt

clean:
	rm -rf .venv outbox build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
