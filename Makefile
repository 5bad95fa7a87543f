# Every target makes what it needs (.venv, the front end) and does again only what changed.
.DEFAULT_GOAL := help
.PHONY: help demo test bench stress lint lock frontend wheel clean environment environment-dev

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: frontend ## Build the reference city and serve its portal (NO_SERVE=1: build only)
	@.venv/bin/portico demo cities/torino $(if $(NO_SERVE),--no-serve)

test: frontend environment-dev ## Lint, type-check and test; says which browser was used
	@scripts/test.sh

bench: environment-dev ## Time our code beside a reference and print the ratios
	@.venv/bin/python -m benchmarks

stress: frontend environment-dev ## Run the long tests: fuzzing, kill loops, large files
	@.venv/bin/pytest -m slow tests

lint: environment-dev ## Read the code without running it: ruff, mypy, import-linter
	@scripts/lint.sh

lock: ## Renew the locks (UPGRADE=1: take the newest versions)
	@scripts/environment.sh
	@scripts/lock.sh
	@scripts/environment.sh default build
	@scripts/frontend.sh lock

frontend: environment ## Build the portal's styles and scripts, lay the fonts of dossiers
	@scripts/frontend.sh

wheel: frontend ## Build the wheel and the source archive into dist/
	@.venv/bin/python -m hatchling build -t sdist -t wheel

clean: ## Remove everything that was made here, the environment included
	@rm -rf .venv dist frontend/node_modules src/portico/web/static src/portico/dossier/document/fonts .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find src tests benchmarks scripts -name __pycache__ -type d -exec rm -rf {} + 2>/dev/null || true

environment:
	@scripts/environment.sh default build

# PORTICO_POSTGRES_URL: the tests of the shared database need its driver.
environment-dev: environment
	@scripts/environment.sh default build dev $(if $(PORTICO_POSTGRES_URL),postgres)
