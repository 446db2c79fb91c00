# Unroll. `make` lists what there is to do. All that is generated goes to build/.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile

run: build ## train "hello" in the terminal, then serve the page
	@node web/cli.js train hello
	@node web/serve.js build/site

test: setup-test node_modules/.package-lock.json ## check everything
	@node tests/run.js

test-long: build ## every preset to its goal, from five seeds
	@node tests/run.js long

bench: setup-test build tests/bench/node_modules/.package-lock.json ## measure speed, beside others; QUICK=1 takes a third of the time
	@node tests/bench/run.js $(if $(QUICK),--quick)

sanitize: setup-test ## the tests of the C core alone, under ASan and UBSan
	@node tests/run.js clang

coverage: setup-test ## how much of src/ the C tests run
	@node tests/run.js gcc && node tests/coverage.js

clean: ## remove all that was generated
	rm -rf build

.PHONY: help run test test-long bench sanitize coverage clean build setup setup-test native-gcc native-clang

# ---- Set-up: each need is a command or a file, and the Debian package that brings it.

RUN_NEEDS = node:nodejs npm:npm emcc:emscripten
TEST_NEEDS = $(RUN_NEEDS) gcc:gcc gcov:gcc /usr/include/stdlib.h:libc6-dev clang:clang \
  '/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.asan-*:libclang-rt-dev' clang-format:clang-format \
  chromium:chromium firefox-esr:firefox-esr WebKitWebDriver:webkit2gtk-driver Xvfb:xvfb \
  /usr/lib/python3/dist-packages/torch:python3-torch /usr/share/fonts/opentype/urw-base35/P052-Roman.otf:fonts-urw-base35

# For the modules beside rnn.wasm; where they cannot be had, the build goes on without.
# clang and wasm-ld know all that they need since 19: Debian's, or those inside a newer Emscripten.
FIND_LLVM = for folder in /usr/lib/llvm-19/bin "$$(em-config LLVM_ROOT)"; do \
  [ -x "$$folder/wasm-ld" ] && [ "$$("$$folder/clang" -dumpversion | cut -d. -f1)" -ge 19 ] && echo "$$folder" && break; done
LLVM_NEEDS := /usr/lib/llvm-19/bin/clang:clang-19 /usr/lib/llvm-19/bin/wasm-ld:lld-19

setup:
	@./setup.sh $(RUN_NEEDS)
	@[ "$$($(FIND_LLVM))" ] || ./setup.sh $(LLVM_NEEDS) || true

setup-test: setup
	@./setup.sh $(TEST_NEEDS)

# npm writes this file last, so it tells whether what is installed is as old as the lock file.
node_modules/.package-lock.json: package-lock.json | setup
	@mkdir -p build
	@echo "Installing npm packages …"
	@npm ci --ignore-scripts --no-audit --no-fund >build/npm.log 2>&1 || { cat build/npm.log; exit 1; }
	@touch $@

# What the benchmark compares with; without it, it says what is missing.
tests/bench/node_modules/.package-lock.json: tests/bench/package-lock.json | setup
	@echo "Installing what to compare with …"
	@npm ci --prefix tests/bench --ignore-scripts --no-audit --no-fund >build/npm-bench.log 2>&1 || tail -n 3 build/npm-bench.log
	@[ ! -e $@ ] || touch $@

# ---- The C core as WebAssembly, and the site around it. Five modules are made from the same source:
#
#   rnn.wasm                              by Emscripten, and the same bits on every machine
#   rnn-seq2seq.wasm                      that with encoders, which the others leave out to be small
#   rnn-fused.wasm                        relaxed SIMD: products and sums that round once where the machine can
#   rnn-threads.wasm rnn-fused-threads.wasm   both, in a memory that threads share

SOURCES := $(wildcard src/*.c src/*/*.c)
WHOLE := $(filter-out src/kernels_reference.c,$(SOURCES))
CORE := $(filter-out src/seq2seq.c src/attention.c,$(WHOLE))
WITHOUT_ENCODERS := -DRNN_SEQ2SEQ=0
WARNINGS := -std=c11 -Wall -Wextra -Wconversion -Werror
# The same bits on every machine: no product is fused with a sum.
EXACT := -ffp-contract=off
MODULES := $(patsubst %,build/unroll/%.wasm,rnn rnn-fused rnn-threads rnn-fused-threads rnn-seq2seq)

# What runs in each step is made fast, the rest small. The whole is optimized at once: small networks spend much of
# their time in calls between files. There, a small struct is passed as its members (experimental-mv), not in memory.
HOT := $(patsubst %,src/%.c,bptt kernels_simd lanes losses/cross_entropy optimizers/adam peak reading text)
# Every browser with SIMD has these three, too, and they make modules smaller.
MODERN := -mbulk-memory -mnontrapping-fptoint -msign-ext
WASM = $(if $(filter $(HOT),$<),-O2,-Oz) -flto -msimd128 $(MODERN) -Xclang -target-abi -Xclang experimental-mv \
  $(EXACT) $(WARNINGS) -MMD -c -o $@ $<
# The stack comes first in memory, so that an overflow traps and overwrites nothing.
STACK := 262144

# The page waits for a module, so what it weighs counts as well: made anew from its loops and branches, it is smaller.
SMALLER = node_modules/.bin/wasm-opt --enable-threads --enable-simd --enable-relaxed-simd --enable-bulk-memory \
  --enable-sign-ext --enable-mutable-globals --enable-nontrapping-float-to-int --flatten --rereloop -Oz -Oz $@ -o $@

# $(call strict,name,sources,flags to compile)
define strict
build/unroll/$1.wasm: $(2:%.c=build/wasm/$1/%.o) | node_modules/.package-lock.json
	@mkdir -p $$(@D)
	@emcc -Os -flto --no-entry -sSTANDALONE_WASM -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=4GB \
	  -sTOTAL_STACK=$(STACK) -Wl,--stack-first -o $$@ $$^
	@$$(SMALLER)

build/wasm/$1/%.o: %.c Makefile | build/wasm/$1
	@mkdir -p $$(@D)
	@emcc $3 $$(WASM)
endef
$(eval $(call strict,rnn,$(CORE),$(WITHOUT_ENCODERS)))
$(eval $(call strict,rnn-seq2seq,$(WHOLE)))

$(patsubst %,build/wasm/%,rnn rnn-seq2seq fused threads fused-threads): build/wasm/%: | setup
	@echo "Compiling the core, $* …"
	@mkdir -p $@

# $(call once,name,command): a variable that asks a command when it is needed first, which is after the set-up.
once = $(eval $1 = $$(eval $1 := $$(shell $2))$$($1))
$(call once,LLVM,$$(FIND_LLVM))
$(call once,CACHE,em-config CACHE)
SYSROOT = $(CACHE)/sysroot
LIBRARIES = $(patsubst %,$(SYSROOT)/lib/wasm32-emscripten/%,crt1_reactor.o libc.a libcompiler_rt.a)

FUSED := -DRNN_FUSED -mrelaxed-simd
THREADS := -matomics
# Each instance is given the memory and a stack of its own; the first one fills in the data. Only one may allocate,
# so the C library need not know of threads.
SHARED := --shared-memory --import-memory --no-check-features --export=__stack_pointer

# $(call module,name,flags to compile,flags to link). Loops are left as they were written (-disable-lsr), as Emscripten
# does. Without a compiler for it, there is no such module.
define module
build/unroll/rnn-$1.wasm: $(CORE:%.c=build/wasm/$1/%.o) | node_modules/.package-lock.json
	@rm -f $$@ && mkdir -p $$(@D)
	@if [ "$$(LLVM)" ]; then "$$(LLVM)/wasm-ld" --entry=_initialize --stack-first -z stack-size=$(STACK) \
	  --max-memory=4294967296 -mllvm -disable-lsr -mllvm -inline-threshold=5 -mllvm -enable-merge-functions $3 --strip-all --compress-relocations -o $$@ $$^ $$(LIBRARIES) && $$(SMALLER); \
	else echo "There is no clang 19: going on without rnn-$1.wasm."; fi

build/wasm/$1/%.o: %.c Makefile | build/wasm/$1
	@mkdir -p $$(@D)
	@[ ! "$$(LLVM)" ] || "$$(LLVM)/clang" --target=wasm32-unknown-emscripten --sysroot="$$(SYSROOT)" $(WITHOUT_ENCODERS) $2 $$(WASM)
endef
$(eval $(call module,fused,$(FUSED)))
$(eval $(call module,threads,$(THREADS),$(SHARED)))
$(eval $(call module,fused-threads,$(FUSED) $(THREADS),$(SHARED)))

build: build/site/index.html

build/site/index.html: $(MODULES) $(shell find web -type f) node_modules/.package-lock.json
	@echo "Building the site …"
	@node web/build.js
	@touch $@

# ---- The C tests, native: tests/c/test_*.c are programs, the other files there help them all.
# They run with each compiler; float takes the fast kernels, double the reference.

DOUBLE_TESTS := test_gradients test_networks test_golden test_golden_networks test_updates test_jacobians test_holds test_seq2seq
PROGRAMS := $(patsubst tests/c/%.c,%,$(wildcard tests/c/test_*.c))
HELPERS := $(filter-out tests/c/test_%,$(wildcard tests/c/*.c))
# GCC notes that passing vectors without AVX has another ABI; no vector leaves a program here.
NATIVE := -O2 -g $(EXACT) $(WARNINGS) -Wno-psabi -Isrc -MMD
# Clang's programs are sanitized; GCC's count which lines of src/ they run, for tests/coverage.js.
LINKED_clang := -fsanitize=address,undefined
COMPILED_clang := $(LINKED_clang) -fno-sanitize-recover=all
LINKED_gcc := --coverage
COMPILED_gcc = $(if $(filter src/%,$<),--coverage)

# $(call native,compiler,float or double,flags,kernels to leave out,programs)
define native
build/native/$1/$2/%.o: %.c Makefile
	@mkdir -p $$(@D)
	$1 $(NATIVE) $$(COMPILED_$1) $3 -c -o $$@ $$<

$(patsubst %,build/native/$1/%,$5): build/native/$1/%: build/native/$1/$2/tests/c/%.o \
  $(patsubst %.c,build/native/$1/$2/%.o,$(filter-out src/%wasm.c $4,$(SOURCES)) $(HELPERS))
	$1 $(LINKED_$1) -o $$@ $$^ -lm

native-$1: $(patsubst %,build/native/$1/%,$5)
endef
$(foreach compiler,gcc clang,\
  $(eval $(call native,$(compiler),float,,src/kernels_reference.c,$(filter-out $(DOUBLE_TESTS),$(PROGRAMS))))\
  $(eval $(call native,$(compiler),double,-DRNN_REAL_DOUBLE,src/kernels_simd.c,$(filter $(DOUBLE_TESTS),$(PROGRAMS)))))

# Lines are counted from here on.
native-gcc:
	@find build/native/gcc -name '*.gcda' -delete

.SECONDARY:
-include $(shell find build/native build/wasm -name '*.d' 2>/dev/null)
