# make run: everything from nothing to the results of the bundled samples.  make test: lint, types and tests.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install run test lint types docs bench constraints clean

install: .venv/installed

.venv/installed: constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

run: install
	$(BIN)/yusuan ingest samples/filings

test: install lint types
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: install
	$(BIN)/mypy

docs: install
	$(BIN)/python -m tasks.publish.tables_page > docs/tables.md
	$(BIN)/python -m expectations.rules_page docs/rules.md
	$(BIN)/python -m tasks.sources.page > docs/sources.md
	$(BIN)/python -m tasks.sources.page --schema > docs/sources.schema.json

# The PDFs that bench reads, and where their cells stand as a person reads them.
FILINGS ?= $(if $(wildcard ../shared/filings),../shared/filings --truth ../shared/truth,samples/filings)

bench: install .venv/peers/installed
	$(BIN)/python -m benchmarks.readers $(FILINGS)

# Each by itself: the benchmark says which are missing.
.venv/peers/installed: .venv/installed benchmarks/peers.txt
	-while read -r peer; do $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-warn-conflicts --upgrade \
	    --target .venv/peers "$$peer"; done < benchmarks/peers.txt
	mkdir -p .venv/peers && touch $@

constraints:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --extra dev --extra ocr --generate-hashes --no-annotate --no-header --python-version 3.11 \
	    pyproject.toml constraints.in --output-file constraints.txt

clean:
	rm -rf data .venv
