# make run    sets this machine up, builds percept and opens it
# make test   sets this machine up, checks everything and runs all tests
#
# Both ask before they install anything and install nothing when nothing is missing. `make help` lists the
# rest. Arguments for the program go into ARGS: make run ARGS="clip.mp4 --device cpu"

SHELL := bash
CARGO ?= cargo
ARGS ?=
# A fresh rustup is not yet on the PATH of the shell that installed it.
export PATH := $(PATH):$(HOME)/.cargo/bin

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run release test fmt lint doc deny unit clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup: ## install what building and running need, after asking
	@scripts/setup.sh

# The development profile, on purpose: it optimises what is hot (the CPU backend, image codecs) and leaves
# the rest, so that a first start takes about half as long as with --release, and `make test` shares it.
run: setup ## build and open the window: make run ARGS="clip.mp4"
	$(CARGO) run --locked -- $(ARGS)

release: setup ## build the fully optimised program: target/release/percept
	$(CARGO) build --locked --release

# The tests come last, so that their summary is what one sees at the end.
test: setup-test fmt lint doc deny unit ## check formatting, lints, docs, licences; run all tests

.PHONY: setup-test
setup-test:
	@scripts/setup.sh --test

fmt:
	$(CARGO) fmt --check

lint: ## clippy; warnings are errors
	$(CARGO) clippy --locked --all-targets -- -D warnings

# Private items are documented too, so links to them lead somewhere.
doc: ## the crate's documentation; warnings are errors
	RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" $(CARGO) doc --locked --no-deps --document-private-items

# Licences and duplicates are also tested by tests/house.rs, which needs no tool; cargo-deny sees more.
deny:
	@if $(CARGO) deny --version >/dev/null 2>&1; then \
		$(CARGO) deny --locked check licenses bans sources; \
	else echo "cargo-deny is not installed: its check is skipped"; fi

unit: ## all tests, nothing else
	$(CARGO) test --locked --no-fail-fast

clean: ## remove everything that was built
	$(CARGO) clean
