# make demo: install and see every feature on the bundled practice sites.
# make test: set up all that is needed and run every gate.
# make test-postgresql: the tests of all that an archive is used for, with every archive in PostgreSQL.
# make faults: kill, cut and disturb at many more points than the gate does (FAULTS_STEPS of each command).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-postgresql faults install clean lock audit sbom
.DEFAULT_GOAL := demo

$(VENV)/.installed: pyproject.toml requirements/runtime.txt tools/make_venv.sh
	@sh tools/make_venv.sh $(PYTHON) $(VENV) install
	@touch $@

$(VENV)/.installed-dev: pyproject.toml requirements/dev.txt requirements/replay.txt tools/make_venv.sh tools/install_services.sh
	@sh tools/make_venv.sh $(PYTHON) $(VENV) install-dev
	@sh tools/install_services.sh $(BIN)/python
	@touch $@ $(VENV)/.installed

install: $(VENV)/.installed

demo: $(VENV)/.installed
	@$(BIN)/unioncrawl demo

test: $(VENV)/.installed-dev
	@sh tools/gates.sh $(BIN)

test-postgresql: $(VENV)/.installed-dev
	@sh tools/test_postgresql.sh $(BIN)

faults: $(VENV)/.installed-dev
	@FAULTS_STEPS=$${FAULTS_STEPS:-40} $(BIN)/python -m pytest -q tests/faults
	@$(BIN)/python -m bench.kills --kills 20

# The supply chain, in an environment of its own; all three need the network.
$(VENV)/supply/.installed: requirements/supply.txt
	@$(PYTHON) -m venv $(VENV)/supply
	@$(VENV)/supply/bin/python -m pip --disable-pip-version-check install -q --require-hashes -r requirements/supply.txt
	@touch $@

lock: $(VENV)/supply/.installed
	@sh tools/lock.sh $(VENV)/supply/bin/uv

audit: $(VENV)/supply/.installed
	@sh tools/audit.sh $(VENV)/supply/bin

sbom: $(VENV)/supply/.installed
	@mkdir -p build
	@$(VENV)/supply/bin/cyclonedx-py requirements requirements/runtime.txt --pyproject pyproject.toml --output-reproducible --of JSON -o build/unioncrawl.cdx.json
	@echo build/unioncrawl.cdx.json

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
