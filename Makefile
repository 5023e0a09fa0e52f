.DELETE_ON_ERROR:
.PHONY: demo test check torture judges bench bench-article lock lxml generate picture
VENV    ?= .venv
PYTHON  ?= python3
BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps
LOCKED  := $(PIP) --no-compile --require-hashes --only-binary :all:
# A constraint file of the person's own could forbid what the lock demands.
unexport PIP_CONSTRAINT

demo: $(VENV)/run.stamp
	@$(BIN)/backmail demo $(if $(ARTICLE),"$$ARTICLE")

# BROWSER=0 does without the tests that need a browser, PG=0 without those that need a PostgreSQL.
test: $(VENV)/dev.stamp
	@$(if $(filter 0,$(BROWSER)),true,$(BIN)/python scripts/browser >/dev/null)
	@$(BIN)/python scripts/editor >/dev/null
	$(if $(filter 0,$(PG)),BACKMAIL_TEST_DSN=none )$(BIN)/python -m pytest -n 2 --dist loadfile $(if $(filter 0,$(BROWSER)),--ignore=tests/browser)

# PEOPLE=100 for each kill, in each database. PG=0 does without PostgreSQL, FENCE=0 without the fence, and goes red.
KILLS   ?= 20
SEEDS   ?= 2000
LEASE   ?= 2s
torture: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.torture --kills $(KILLS) --seeds $(SEEDS) --lease $(LEASE) $(if $(PEOPLE),--people $(PEOPLE)) \
		$(if $(filter 0,$(PG)),--no-postgres) $(if $(filter 0,$(FENCE)),--fault fence)

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/generate --check

# What other programs think of our mails. ARTICLE=FILE judges one more; those that are not on this machine are left out.
judges: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.judges $(if $(ARTICLE),--article "$$ARTICLE") $(if $(DOCUMENTS),--documents "$$DOCUMENTS")

# The pictures of the documentation, taken of the studio by a test.
picture: $(VENV)/dev.stamp
	@$(BIN)/python scripts/browser >/dev/null
	@$(BIN)/python -m pytest -q tests/browser/test_pictures.py -k studio_as_it_is
	@cp build/pictures/*.png docs/pictures/

# Inlining with the lowest and the highest lxml that pyproject.toml allows; pip gets both.
lxml: $(VENV)/dev.stamp
	@$(BIN)/python scripts/lxml_range

# Files that the code itself writes: config.example.yaml, docs/reference/.
generate: $(VENV)/dev.stamp
	$(BIN)/python scripts/generate

bench: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks

# SET=FOLDER of annotated articles; without it our own.
bench-article: $(VENV)/dev.stamp
	@$(BIN)/python -m benchmarks article $(if $(SET),"$$SET")

# UPGRADE=--upgrade takes the newest of everything.
lock: $(VENV)/dev.stamp
	$(BIN)/python scripts/lock $(UPGRADE)

# A stamp is on record only while nothing is half done, so a killed install starts again from nothing.
$(VENV)/run.stamp: requirements/build.txt requirements/run.txt pyproject.toml
	@echo 'Setting up $(VENV) to run backmail (at first about 45 MB to download, 165 MB on disk, 20 s).'
	@$(PYTHON) scripts/venv $(VENV)
	@rm -f $@
	@$(LOCKED) -r requirements/build.txt -r requirements/run.txt
	@$(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt
	@echo 'Adding to $(VENV) what the tests need (at first about 105 MB to download, 310 MB on disk, 15 s).'
	@rm -f $(VENV)/run.stamp
	@$(LOCKED) -r requirements/dev.txt
	@touch $(VENV)/run.stamp $@
