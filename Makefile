# One Makefile, no recursion. Everything built lands in build/$(VARIANT)/.
#   make                        build/release/fundwatch
#   make demo                   the whole story on the shipped samples, from packages to KPI sentence
#   make test                   every test, release and ASan+UBSan; ends with "N passed, N failed"
#   make VARIANT=asan all       one variant by hand;  WERROR=1 makes warnings errors (as CI does)
VARIANT    ?= release
BUILD      := build/$(VARIANT)$(if $(ONLY),-$(lastword $(ONLY)))
PKG_CONFIG ?= pkg-config
PREFIX     ?= /usr/local
DESTDIR    ?=
PYTHON     := /usr/bin/python3

PKGS       := libcurl libxml-2.0 sqlite3 libesmtp-1.0 gmime-3.0 libutf8proc nettle zlib
TEST_PKGS  := cmocka
RUN_DEBS   := ca-certificates tzdata
BUILD_DEBS := gcc make pkg-config libc6-dev libcurl4-openssl-dev libxml2-dev libsqlite3-dev libesmtp-dev \
              libjq-dev libgmime-3.0-dev libutf8proc-dev libstemmer-dev nettle-dev zlib1g-dev
TEST_DEBS  := libcmocka-dev perl python3 python3-aiosmtpd python3-feedparser libxml2-utils mandoc pmccabe

SRCS  := $(sort $(foreach d,$(if $(ONLY),$(ONLY),*),$(wildcard src/$(d)/*.c)))
MAIN  := src/cli/main.c
UNITS := $(sort $(wildcard tests/unit/*/test_*.c))
SQL   := $(sort $(wildcard src/store/schema/*.sql))
TMPL  := $(sort $(wildcard conf/templates/*.mustache))

obj   = $(patsubst %.c,$(BUILD)/%.o,$(1))
LIB  := $(BUILD)/libfundwatch.a
BIN  := $(BUILD)/fundwatch
GEN  := $(BUILD)/gen/schema.c $(BUILD)/gen/templates.c
TBIN := $(patsubst %.c,$(BUILD)/%,$(UNITS))

is_gcc := $(findstring gcc,$(shell $(CC) -v 2>&1 | tail -1))
WARN   := -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wundef -Wformat=2 -Wwrite-strings -Wcast-qual -Wpointer-arith \
          -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wredundant-decls -Wimplicit-fallthrough \
          -Wnull-dereference -Wconversion -Wsign-conversion -Wdate-time
WARN   += $(if $(is_gcc),-Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wformat-overflow=2 \
          -Wformat-truncation=1 -Wformat-signedness -Wjump-misses-init -Warith-conversion -Wcast-align=strict \
          -Wuse-after-free=3 -Wdangling-pointer=2 -Wstringop-overflow=4 -Warray-bounds=2 -Wbidi-chars=any,\
          -Wcomma -Wunreachable-code -Wconditional-uninitialized -Wassign-enum -Wmissing-variable-declarations)
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -fPIE \
          $(if $(is_gcc),-ftrivial-auto-var-init=zero -fzero-call-used-regs=used-gpr)
CFLAGS.release  := -O2 -g -D_FORTIFY_SOURCE=3 $(HARDEN)
LDFLAGS.release := -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed
CFLAGS.asan     := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LDFLAGS.asan    := -fsanitize=address,undefined

# System headers, so that their own warnings are not ours.
sysinc = $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(1) 2>/dev/null))
override CPPFLAGS += -Isrc -D_GNU_SOURCE $(call sysinc,$(PKGS))
override CFLAGS   += -std=gnu17 $(WARN) $(if $(WERROR),-Werror) $(CFLAGS.$(VARIANT)) -MMD -MP
override LDFLAGS  += $(LDFLAGS.$(VARIANT))
LDLIBS = $(shell $(PKG_CONFIG) --libs $(PKGS)) -ljq -lstemmer -lm

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all test demo lint bench install deps clean check-deps

all: $(BIN)

$(LIB): $(call obj,$(filter-out $(MAIN),$(SRCS))) $(GEN:.c=.o)
	@rm -f $@
	$(AR) rcs $@ $^
$(BIN): $(call obj,$(MAIN)) $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/src/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -include base/banned.h -c -o $@ $<
$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
$(BUILD)/gen/schema.c: $(SQL) tests/lint/embed.py
	@mkdir -p $(@D)
	$(PYTHON) tests/lint/embed.py store/schema.h schema_files $(SQL) > $@
$(BUILD)/gen/templates.c: $(TMPL) tests/lint/embed.py
	@mkdir -p $(@D)
	$(PYTHON) tests/lint/embed.py render/templates.h template_files $(TMPL) > $@

$(TBIN): $(BUILD)/%: %.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) $(LDFLAGS) -o $@ $< $(LIB) $(LDLIBS) $(shell $(PKG_CONFIG) --libs $(TEST_PKGS))

# Unit tests of the folders in ONLY (or all): make ONLY="base model" VARIANT=asan unit
unit: $(filter $(foreach d,$(if $(ONLY),$(lastword $(ONLY)),%),$(BUILD)/tests/unit/$(d)/%),$(TBIN))
	CMOCKA_MESSAGE_OUTPUT=TAP prove $(if $(V),-v) $^

clean:
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
