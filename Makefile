# Unroll. `make` lists what there is to do. All that is generated goes to build/.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile

run: build ## train "hello" in the terminal, then serve the page
	@node web/cli.js train hello
	@node web/serve.js build/site

test: setup-test node_modules/.package-lock.json ## check everything
	@node tests/run.js

sanitize: setup-test ## the tests of the C core alone, under ASan and UBSan
	@node tests/run.js gcc clang

clean: ## remove all that was generated
	rm -rf build

.PHONY: help run test sanitize clean build setup setup-test native-gcc native-clang

# ---- Set-up: each need is a command or a file, and the Debian package that brings it.

RUN_NEEDS = node:nodejs npm:npm emcc:emscripten
TEST_NEEDS = $(RUN_NEEDS) gcc:gcc /usr/include/stdlib.h:libc6-dev clang:clang \
  '/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.asan-*:libclang-rt-dev' clang-format:clang-format \
  chromium:chromium firefox-esr:firefox-esr WebKitWebDriver:webkit2gtk-driver Xvfb:xvfb

setup:
	@./setup.sh $(RUN_NEEDS)

setup-test:
	@./setup.sh $(TEST_NEEDS)

# npm writes this file last, so it tells whether what is installed is as old as the lock file.
node_modules/.package-lock.json: package-lock.json | setup
	@mkdir -p build
	@echo "Installing npm packages …"
	@npm ci --ignore-scripts --no-audit --no-fund >build/npm.log 2>&1 || { cat build/npm.log; exit 1; }
	@touch $@

# ---- The C core as WebAssembly, and the site around it.

HEADERS := $(wildcard src/*.h src/*/*.h)
SOURCES := $(wildcard src/*.c src/*/*.c)
WARNINGS := -std=c11 -Wall -Wextra -Wconversion -Werror
# The same bits on every machine: no product is fused with a sum.
EXACT := -ffp-contract=off

# The stack comes first in memory, so that an overflow traps and overwrites nothing.
build/unroll/rnn.wasm: $(SOURCES) $(HEADERS) Makefile | setup
	@mkdir -p $(@D)
	@echo "Compiling the core …"
	@emcc -O3 -msimd128 $(EXACT) $(WARNINGS) --no-entry -sSTANDALONE_WASM -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=4GB \
	  -sTOTAL_STACK=262144 -Wl,--stack-first -o $@ $(filter-out src/kernels_reference.c,$(SOURCES))

build: build/site/index.html

build/site/index.html: build/unroll/rnn.wasm $(shell find web -type f) node_modules/.package-lock.json
	@echo "Building the site …"
	@node web/build.js
	@touch $@

# ---- The C tests, native and sanitized: tests/c/test_*.c are programs, the other files there help them all.
# They run with each compiler; float takes the fast kernels, double the reference.

DOUBLE_TESTS := test_gradients test_golden
PROGRAMS := $(patsubst tests/c/%.c,%,$(wildcard tests/c/test_*.c))
HELPERS := $(filter-out tests/c/test_%,$(wildcard tests/c/*.c))
# GCC notes that passing vectors without AVX has another ABI; no vector leaves a program here.
NATIVE := -O2 -g $(EXACT) $(WARNINGS) -Wno-psabi -Isrc -fsanitize=address,undefined -fno-sanitize-recover=all -MMD

# $(call native,compiler,float or double,flags,kernels to leave out,programs)
define native
build/native/$1/$2/%.o: %.c Makefile
	@mkdir -p $$(@D)
	$1 $(NATIVE) $3 -c -o $$@ $$<

$(patsubst %,build/native/$1/%,$5): build/native/$1/%: build/native/$1/$2/tests/c/%.o \
  $(patsubst %.c,build/native/$1/$2/%.o,$(filter-out src/wasm.c $4,$(SOURCES)) $(HELPERS))
	$1 -fsanitize=address,undefined -o $$@ $$^ -lm

native-$1: $(patsubst %,build/native/$1/%,$5)
endef
$(foreach compiler,gcc clang,\
  $(eval $(call native,$(compiler),float,,src/kernels_reference.c,$(filter-out $(DOUBLE_TESTS),$(PROGRAMS))))\
  $(eval $(call native,$(compiler),double,-DRNN_REAL_DOUBLE,src/kernels_simd.c,$(filter $(DOUBLE_TESTS),$(PROGRAMS)))))

.SECONDARY:
-include $(shell find build/native -name '*.d' 2>/dev/null)
