# `make run` and `make test` are all that a fresh machine needs: they install what is missing and say so.

-include .tools/env.mk

.PHONY: run demo pictures screenshots lighthouse watch build check test fmt

# First run: about 20 minutes on two cores, most of it dependencies. Then seconds.
run: build
	@echo "==> Starting Nameplate (Ctrl-C stops it)"
	@target/release/nameplate serve

# Believable people in a scratch installation (target/demo), made anew each time; `data` is not touched.
demo: build
	@node end2end/demo/main.mjs

# The pictures of the README.
pictures: build
	@node end2end/demo/pictures.mjs

# Every page in each of its states, at three widths, light and dark, in both languages: end2end/results/screens.
screenshots: build
	@SCREENSHOTS=1 npx --no-install playwright test --config end2end screenshots --project desktop

# The pages a newcomer meets, by Lighthouse on its mobile profile: 100 of 100 in each category.
lighthouse: build
	@node end2end/demo/lighthouse.mjs

SOURCES := Cargo.toml Cargo.lock build.rs package-lock.json .ci/build .ci/site.mjs .ci/trim.mjs \
  $(shell find src style public migrations -not -path 'src/tests*' -not -path 'public/vendor*')

# Second makes, here and below, because a make reads the environment that the set-up writes only when it starts.
build: target/release/nameplate
target/release/nameplate: $(SOURCES) | .tools/env.mk
	@$(MAKE) --no-print-directory release
	@touch $@

# Rebuilds and reloads on every change, at the same address.
watch:
	@.ci/setup watch
	@$(MAKE) --no-print-directory leptos-watch

# Format, lints, Rust tests on SQLite and PostgreSQL, browser tests on the release: about 30 minutes the first time.
test:
	@.ci/setup test
	@$(MAKE) --no-print-directory checks

# The minutes between edits: format, lints for both targets, unit tests.
check: .tools/env.mk
	@.ci/check

fmt: .tools/env.mk
	@cargo fmt

.tools/env.mk: .ci/setup Cargo.toml package-lock.json
	@.ci/setup build

.PHONY: release leptos-watch checks
release:
	@.ci/build
leptos-watch:
	@cargo leptos watch
checks:
	@.ci/test
