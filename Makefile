# Everything sets itself up: `make run`, `make test`, `make lint`, `make bench`,
# `make bench-browser`, `make bench-live`, `make bench-load`, `make soak`, `make bench-sizing`, `make bench-usage`,
# `make test-warehouse`, `make focus`, `make serve-team`, `make restart-team`, `make test-team`, `make sbom`.
# `make lock` renews the pinned requirements from the short lists in pyproject.toml.

PYTHON ?= python3
PYTHON312 ?= python3.12
HOST ?= 127.0.0.1
PORT ?= 8501
ARGS ?=

BIN := .venv/bin
RUN_READY := .venv/run.stamp
TEAM_READY := .team/stamp
DEV_READY := .venv/dev.stamp
WAREHOUSE_READY := .warehouse/stamp
# Beyond this machine the app is reached under names only its operator knows, here under these two. Its own name is
# given because Streamlit would otherwise ask a host outside for the address.
OPEN := $(if $(filter 127.0.0.1 localhost,$(HOST)),,'--server.allowedHosts=*' --browser.serverAddress=$(shell uname -n))

.PHONY: run test lint bench bench-browser bench-live bench-load soak bench-sizing bench-usage test-warehouse focus \
	serve-team restart-team test-team sbom browser lock
.DEFAULT_GOAL := run

run: $(RUN_READY)
	$(BIN)/streamlit run app.py --server.address=$(HOST) --server.port=$(PORT) $(OPEN)

# What is compiled is kept, whatever the machine's habit: each server and command that a test starts would compile anew.
# And what arrays took is kept by glibc, as in the workers that draw: to ask for it anew takes the engine a twentieth more.
test: export PYTHONDONTWRITEBYTECODE =
test: export MALLOC_MMAP_THRESHOLD_ = 33554432
test: export MALLOC_TRIM_THRESHOLD_ = 268435456
test: $(DEV_READY) browser
	$(BIN)/python -m slipcover -m pytest -n auto --dist worksteal $(ARGS)
	@tail -n 1 .coverage.txt
	@echo "Lines that no test has reached: .coverage.txt"

lint: $(DEV_READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

bench: $(RUN_READY)
	$(BIN)/python -m bench.engine
	$(BIN)/python -m bench.files
	$(BIN)/python -m bench.market

bench-browser: $(DEV_READY) browser
	$(BIN)/python -m bench.browser

bench-live: $(DEV_READY) browser
	$(BIN)/python -m bench.live

# Draws and visitors beside earlier commits of this repository; some minutes on a machine with nothing else to do.
bench-load: $(DEV_READY)
	$(BIN)/python -m bench.draws
	$(BIN)/python -m bench.load $(ARGS)

# An hour of forty visitors; ARGS="--minutes 5 --visitors 10" is a shorter one.
soak: $(DEV_READY)
	$(BIN)/python -m bench.soak $(ARGS)

# One thread of linear algebra: the matrices are small.
bench-sizing: $(RUN_READY)
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.sizing $(ARGS)

# Ten million requests against pandas, and a hundred million; it takes some minutes and 5 GB of disk for the while.
bench-usage: $(RUN_READY)
	$(BIN)/python -m bench.usage $(ARGS)

# The validator of the FinOps Foundation wants Python 3.12 and a pyarrow that goes with its numpy.
focus: $(DEV_READY)
	$(PYTHON312) -m venv .focus
	.focus/bin/pip install --quiet --disable-pip-version-check focus-validator==2.2.1 'pyarrow<20'
	$(BIN)/python -m tests.focus_validator .focus/bin/focus-validator

# A log in PostgreSQL and in Spark, both on this machine; what the two need is fetched where it is missing.
test-warehouse: $(WAREHOUSE_READY)
	.warehouse/bin/pytest tests/warehouse.py $(ARGS)

# nginx before two processes, and a PostgreSQL unless CROSSOVER_DATABASE_URL names one; all of it in .team. Ends, when it
# is told to, once everybody has been answered. `make restart-team` starts one process after the other anew.
serve-team: $(TEAM_READY)
	.team/venv/bin/python -m deploy.team --host $(HOST) --port $(PORT) $(ARGS)

restart-team:
	kill -HUP $$(cat .team/pid)

# Wants what serve-team wants and a Chromium, and takes some minutes; so it is no part of `make test`.
test-team: $(TEAM_READY) browser
	.team/venv/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	.team/venv/bin/pytest tests/team.py $(ARGS)

$(TEAM_READY): requirements-team.txt requirements.txt
	@if ! command -v nginx >/dev/null || ! { command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }; then \
		if [ "$$(id -u)" = 0 ]; then sudo=; else sudo="sudo -n"; fi; \
		if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
			$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y nginx-light postgresql >/dev/null; \
		else \
			echo "nginx is wanted, and PostgreSQL unless CROSSOVER_DATABASE_URL names one: install what is missing." >&2; \
		fi; \
	fi
	$(PYTHON) -m venv .team/venv
	.team/venv/bin/pip install --quiet --disable-pip-version-check -r requirements-team.txt
	@touch $@

# What the product is made of, with licences, as CycloneDX; known vulnerabilities where a database is at hand.
sbom:
	$(PYTHON) -m venv .sbom/product
	.sbom/product/bin/pip install --quiet --disable-pip-version-check -r requirements-team.txt
	$(PYTHON) -m venv .sbom/tools
	.sbom/tools/bin/pip install --quiet --disable-pip-version-check cyclonedx-bom pip-audit
	.sbom/tools/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml -o sbom.cdx.json .sbom/product/bin/python
	$(PYTHON) -m deploy.licences sbom.cdx.json
	$(PYTHON) -m deploy.audit .sbom/tools/bin/pip-audit requirements-team.txt

$(WAREHOUSE_READY): requirements-dev.txt requirements.txt
	@if ! command -v java >/dev/null || ! { command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }; then \
		if [ "$$(id -u)" = 0 ]; then sudo=; else sudo="sudo -n"; fi; \
		if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
			$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y postgresql openjdk-17-jre-headless >/dev/null; \
		else \
			echo "PostgreSQL and Java 17 are wanted; what is missing is skipped." >&2; \
		fi; \
	fi
	$(PYTHON) -m venv .warehouse
	.warehouse/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt 'ibis-framework[postgres,pyspark]'
	@touch $@

$(RUN_READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Crossover needs Python 3.11 or newer; set PYTHON to one.")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(DEV_READY): requirements-dev.txt $(RUN_READY)
	$(BIN)/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# The browser tests need a Chromium: $CHROMIUM, one on the path, or else Debian's.
browser:
	@for name in "$$CHROMIUM" chromium chromium-browser google-chrome; do \
		command -v "$$name" >/dev/null && exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ]; then sudo=; else sudo="sudo -n"; fi; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
		$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null; \
	else \
		echo "The browser tests need Chromium: install it, or set CHROMIUM to its path." >&2; exit 1; \
	fi

lock:
	$(PYTHON) -m venv .lock
	.lock/bin/pip install --quiet --disable-pip-version-check uv
	.lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-annotate --no-header pyproject.toml -o requirements.txt
	.lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-annotate --no-header --constraint requirements.txt --group dev -o .lock/dev.txt
	.lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-annotate --no-header --constraint requirements.txt --group team -o .lock/team.txt
	{ echo "-r requirements.txt"; cat .lock/dev.txt; } > requirements-dev.txt
	{ echo "-r requirements.txt"; cat .lock/team.txt; } > requirements-team.txt
	rm -r .lock
