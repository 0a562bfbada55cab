# The tasks of gatemix; `make help` lists them.
# Everything made here goes to .gatemix-build/, .gatemix-library/ (a private R
# library: nothing outside this directory is touched) and demo-output/.

BUILD   := .gatemix-build
LIBRARY := .gatemix-library
LOG     := $(BUILD)/log
STEP    := sh tools/step.sh
JOBS    ?= 2

export R_LIBS := $(CURDIR)/$(LIBRARY)$(if $(R_LIBS),:$(R_LIBS))
export OPENBLAS_NUM_THREADS ?= 1
export OMP_THREAD_LIMIT ?= 2

SLURM_TEST := $(BUILD)/slurm-test

.PHONY: slurm-test demo test check coverage bench docs vignettes site install build clean engine-test help
.DEFAULT_GOAL := help

help: ## list the tasks
	@sed -n 's/^\([a-z-]*\):.*## /  make \1 - /p' Makefile | expand -t 4

demo: setup-build $(LIBRARY)/gatemix/DESCRIPTION ## fit real data, show the results, draw pictures
	@Rscript tools/demo.R demo-output

test: setup-test $(LIBRARY)/gatemix/DESCRIPTION ## run the tests (of R: only files matching FILTER=regex; all cases: FULL=1)
	@sh tools/test.sh $(if $(FILTER),"$(FILTER)")

check: setup-check ## R CMD check --as-cran on the built package; a WARNING fails (TESTS=no: no tests)
	@TESTS=$(TESTS) sh tools/check.sh

coverage: setup-coverage ## share of the lines of R and C++ that the R tests run (LINES=1: which not)
	@MAKEFLAGS=-j$(JOBS) Rscript tools/coverage.R $(if $(LINES),lines=yes)

slurm-test: setup-slurm $(LIBRARY)/gatemix/DESCRIPTION ## parallel runs as jobs of a real Slurm with two virtual nodes
	@rm -rf $(SLURM_TEST) && mkdir -p $(SLURM_TEST) $(LOG)
	@sh tools/slurm.sh $(BUILD)/slurm Rscript tools/slurm-test.R $(SLURM_TEST) 2>$(LOG)/slurm-test.log || \
	  { tail -n 30 $(LOG)/slurm-test.log >&2; exit 1; }

bench: setup-bench $(LIBRARY)/gatemix/DESCRIPTION ## run the benchmarks (some: BENCH=floor,scaling; small: QUICK=1)
	@Rscript bench/all.R $(if $(QUICK),quick=1) $(if $(BENCH),only=$(BENCH))

docs: setup-docs ## regenerate RcppExports, NAMESPACE and man/
	@$(STEP) "writing RcppExports, NAMESPACE and man/" $(LOG)/docs.log \
	  Rscript tools/docs.R

vignettes: setup-vignettes $(LIBRARY)/gatemix/DESCRIPTION ## render the vignettes into .gatemix-build/vignettes/
	@$(STEP) "rendering the vignettes into $(BUILD)/vignettes/" $(LOG)/vignettes.log \
	  Rscript tools/vignettes.R $(BUILD)/vignettes

site: setup-site $(LIBRARY)/gatemix/DESCRIPTION ## the web site, offline, into .gatemix-build/site/
	@$(STEP) "building the web site in $(BUILD)/site/" $(LOG)/site.log \
	  Rscript tools/site.R $(BUILD)/site

install: setup-build $(LIBRARY)/gatemix/DESCRIPTION ## build and install into .gatemix-library/

build: setup-vignettes ## make the source package gatemix_*.tar.gz here
	@$(STEP) "building the source package" $(LOG)/build.log R CMD build --no-manual .

clean: ## remove all that these tasks made
	rm -rf $(BUILD) $(LIBRARY) demo-output gatemix_*.tar.gz *.Rcheck
	find src -name '*.o' -o -name '*.so' -o -name '*.d' | xargs rm -f

setup-%:
	@sh tools/setup.sh $*

# --- The installed package ---------------------------------------------------
# Rebuilt when a source is newer than it, or when the list of sources changed.

SOURCES := DESCRIPTION NAMESPACE .Rbuildignore $(sort $(shell \
  find R src data man inst vignettes -type f ! -name '*.o' ! -name '*.so' ! -name '*.d' 2>/dev/null))

$(BUILD)/sources: FORCE
	@$(call write_if_changed,$(SOURCES))

$(LIBRARY)/gatemix/DESCRIPTION: $(SOURCES) $(BUILD)/sources | setup-build
	@rm -rf $(BUILD)/package
	@mkdir -p $(BUILD)/package $(LIBRARY)
	@$(STEP) "building the source package" $(LOG)/build.log \
	  sh -c 'cd $(BUILD)/package && R CMD build --no-manual --no-build-vignettes ../..'
	@MAKEFLAGS=-j$(JOBS) $(STEP) "compiling and installing gatemix (this takes a while)" $(LOG)/install.log \
	  sh -c 'R CMD INSTALL --library=$(LIBRARY) $(BUILD)/package/gatemix_*.tar.gz'
	@touch $@

# Writes a list to the target unless it is there already.
write_if_changed = mkdir -p $(@D); echo '$(1)' | cmp -s - $@ || echo '$(1)' >$@
.PHONY: FORCE

# --- The engine's own tests, without R ---------------------------------------
# SANITIZE=address,undefined makes and runs an instrumented program.

ENGINE     := $(BUILD)/engine$(if $(SANITIZE),-sanitize)
ENGINE_OBJ := $(patsubst %.cpp,$(ENGINE)/%.o,$(sort \
  $(shell find src/base src/linalg src/engine -name '*.cpp' 2>/dev/null) $(wildcard tests/engine/*.cpp)))
ENGINE_FLAGS := -std=c++17 -O1 -g -Wall -Wextra -fopenmp -Isrc -Itests/engine \
  -DARMA_DONT_USE_OPENMP $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all)

engine-test: setup-test ## compile and run the engine's C++ tests (names with FILTER=text)
	@sh tools/test.sh --engine $(if $(FILTER),"$(FILTER)")

# Called by tools/test.sh, which keeps what the compiler says in a log.
engine-program: $(ENGINE)/engine-test
.PHONY: engine-program

$(ENGINE)/objects: FORCE
	@$(call write_if_changed,$(ENGINE_OBJ) $(ENGINE_FLAGS))

$(ENGINE)/engine-test: $(ENGINE_OBJ) $(ENGINE)/objects
	$(CXX) $(ENGINE_FLAGS) $(ENGINE_OBJ) -larmadillo -o $@

$(ENGINE)/%.o: %.cpp
	@mkdir -p $(@D)
	$(CXX) $(ENGINE_FLAGS) -MMD -MP -c $< -o $@

-include $(ENGINE_OBJ:.o=.d)
