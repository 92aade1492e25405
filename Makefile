# One Makefile, no recursion. Everything built lands in build/$(VARIANT)/.
#   make                        build/release/fundwatch
#   make demo                   the whole story on the shipped samples, from packages to KPI sentence
#   make year                   the year of test_year.py with 1,000 members, 60 portals, 1,500 calls
#   make test                   every test, release and ASan+UBSan; ends with "N passed, N failed"
#   make VARIANT=asan all       one variant by hand;  WERROR=1 makes warnings errors (as CI does)
VARIANT    ?= release
BUILD      := build/$(VARIANT)$(if $(ONLY),-$(lastword $(ONLY)))
PKG_CONFIG ?= pkg-config
PREFIX     ?= /usr/local
DESTDIR    ?=
PYTHON     := /usr/bin/python3

PKGS       := libcurl libxml-2.0 sqlite3 libesmtp-1.0 gmime-3.0 libutf8proc libseccomp nettle zlib libical hunspell libvoikko
TEST_PKGS  := cmocka
RUN_DEBS   := ca-certificates tzdata
BUILD_DEBS := gcc make pkg-config python3 libc6-dev libcurl4-openssl-dev libxml2-dev libsqlite3-dev libesmtp-dev \
              libjq-dev libgmime-3.0-dev libutf8proc-dev libstemmer-dev libseccomp-dev nettle-dev zlib1g-dev \
              libcsv-dev libical-dev libhunspell-dev libvoikko-dev
# Word forms: found at run time, recommended to users.
DICT_DEBS  := voikko-fi hunspell-bg hunspell-cs hunspell-da hunspell-es hunspell-fr-classical hunspell-hr hunspell-hu \
              hunspell-it hunspell-lt hunspell-lv hunspell-nl hunspell-pl hunspell-pt-pt hunspell-ro \
              hunspell-sk hunspell-sl hunspell-sv
TEST_DEBS  := libcmocka-dev mandoc perl python3-aiosmtpd python3-feedparser python3-icalendar libmime-tools-perl \
              gettext libxml2-utils pmccabe git \
              $(DICT_DEBS)

SRCS  := $(sort $(foreach d,$(if $(ONLY),$(ONLY),*),$(wildcard src/$(d)/*.c)))
MAIN  := src/cli/main.c
UNITS := $(sort $(wildcard tests/unit/*/test_*.c))
BYTES := $(patsubst tests/fuzz/bytes_%.c,%,$(sort $(wildcard tests/fuzz/bytes_*.c)))
FUZZ  := $(sort $(wildcard tests/fuzz/fuzz_*.c))
SQL   := $(sort $(wildcard src/store/schema/*.sql))
TMPL  := $(sort $(wildcard conf/templates/*.mustache))
PO    := $(sort $(wildcard conf/po/*.po))

obj   = $(patsubst %.c,$(BUILD)/%.o,$(1))
LIB  := $(BUILD)/libfundwatch.a
BIN  := $(BUILD)/fundwatch
GEN  := $(BUILD)/gen/schema.c $(BUILD)/gen/templates.c $(BUILD)/gen/catalogues.c
TBIN := $(patsubst %.c,$(BUILD)/%,$(UNITS) $(FUZZ))

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
CFLAGS.fuzz     := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LDFLAGS.fuzz    := -fsanitize=address,undefined

# System headers, so that their own warnings are not ours.
sysinc = $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(1) 2>/dev/null))
override CPPFLAGS += -Isrc -D_GNU_SOURCE $(call sysinc,$(PKGS))
override CFLAGS   += -std=gnu17 $(WARN) $(if $(WERROR),-Werror) $(CFLAGS.$(VARIANT)) -MMD -MP
override LDFLAGS  += $(LDFLAGS.$(VARIANT))
LDLIBS = $(shell $(PKG_CONFIG) --libs $(PKGS)) -ljq -lstemmer -lcsv -lm

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all man test year tests replays unit demo lint bench bench-quality bench-relevance axe fuzz fuzz-bytes install deps clean check-deps

# One word a step; V=1 shows the commands.
Q   := $(if $(V),,@)
say = $(if $(V),,@printf '  %-4s %s\n' $(1) $@)

all: $(BIN)

$(LIB): $(call obj,$(filter-out $(MAIN),$(SRCS))) $(GEN:.c=.o)
	$(call say,LIB)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^
$(BIN): $(call obj,$(MAIN)) $(LIB)
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/src/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -include base/banned.h -c -o $@ $<
$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -Wno-overlength-strings -c -o $@ $<
$(BUILD)/gen/schema.c: $(SQL) tests/lint/embed.py
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)$(PYTHON) tests/lint/embed.py store/schema.h schema_files $(SQL) > $@
$(BUILD)/gen/templates.c: $(TMPL) tests/lint/embed.py
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)$(PYTHON) tests/lint/embed.py render/templates.h template_files $(TMPL) > $@

$(BUILD)/gen/catalogues.c: $(PO) tests/lint/po.py
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)$(PYTHON) tests/lint/po.py $(PO) > $@

$(TBIN): $(BUILD)/%: %.c $(LIB)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) $(LDFLAGS) -o $@ $< $(LIB) $(LDLIBS) $(shell $(PKG_CONFIG) --libs $(TEST_PKGS))

# Manual pages: a line "@verbs" becomes what the program says of its own tables.
MAN := $(patsubst src/cli/man/%,$(BUILD)/man/%,$(wildcard src/cli/man/*.[157]))
man: $(MAN)
$(BUILD)/man/%: src/cli/man/% $(BIN)
	@mkdir -p $(@D)
	$(Q)awk '/^@/ { if (system("$(BIN) help --mdoc " substr($$0, 2)) != 0) exit 1; next } { print; fflush() }' $< > $@

$(BUILD)/tests/bench/%: tests/bench/%.c $(LIB)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LIB) $(LDLIBS)

# The tests: TAP programs under prove's engine; the last line counts them. ASan+UBSan
# runs the unit tests and the pipeline once more.
INTEGRATION := $(sort $(wildcard tests/integration/test_*.py))
test: check-deps
	$(MAKE) VARIANT=release all tests
	$(MAKE) VARIANT=asan all tests replays
	tests/run.pl $(if $(T),$(T),$(addprefix build/asan/tests/fuzz/replay_,$(BYTES)) \
	    tests/lint/layers.sh tests/lint/docs.py tests/lint/catalogues.py tests/lint/messages.py \
	    $(patsubst %.c,build/release/%,$(UNITS)) $(patsubst %.c,build/asan/%,$(UNITS) $(FUZZ)) \
	    $(INTEGRATION) $(addprefix asan:,$(filter-out %crash.py %year.py,$(INTEGRATION))))
tests: $(TBIN)

# The year of tests/integration/test_year.py, larger than in `make test`; YEAR says how large.
YEAR ?= seed=2 members=1000 sources=60 calls=1500
year: check-deps
	$(MAKE) all
	V=1 FUNDWATCH_YEAR="$(YEAR)" tests/run.pl tests/integration/test_year.py

# Unit tests of one or a few folders, linked with no more than they need:
#   make ONLY="base model conf" VARIANT=asan unit
unit: $(filter $(foreach d,$(if $(ONLY),$(lastword $(ONLY)),%),$(BUILD)/tests/unit/$(d)/%),$(TBIN))
	tests/run.pl $^

# Each fuzzer for so many seconds; what it broke on is left in build/asan/tests/fuzz/*.input.
FUZZ_SECONDS ?= 60
fuzz: check-deps fuzz-bytes
	$(MAKE) VARIANT=asan $(patsubst %.c,build/asan/%,$(FUZZ))
	for f in $(patsubst %.c,build/asan/%,$(FUZZ)); do nice $$f $(FUZZ_SECONDS) || exit 1; done

# What reads bytes from outside: by libFuzzer (clang), each for so many seconds, and in
# `make test` over its corpus alone. What it learns and what it broke on stays in build/fuzz.
$(BUILD)/tests/fuzz/bytes_%: tests/fuzz/bytes_%.c tests/fuzz/bytes.h $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $< $(LIB) $(LDLIBS)
$(BUILD)/tests/fuzz/replay_%: tests/fuzz/bytes_%.c tests/fuzz/replay.c tests/fuzz/bytes.h $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(filter-out -MMD -MP,$(CFLAGS)) $(LDFLAGS) -o $@ $(filter %.c,$^) $(LIB) $(LDLIBS)
replays: $(addprefix $(BUILD)/tests/fuzz/replay_,$(BYTES))
fuzz-bytes:
	$(MAKE) CC=clang VARIANT=fuzz $(addprefix build/fuzz/tests/fuzz/bytes_,$(BYTES))
	set -e; for f in $(BYTES); do mkdir -p build/fuzz/corpus/$$f; \
	    nice build/fuzz/tests/fuzz/bytes_$$f -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=2048 \
	        -max_len=65536 -verbosity=0 -print_final_stats=1 -artifact_prefix=build/fuzz/$$f- \
	        build/fuzz/corpus/$$f tests/fuzz/corpus/$$f; done

lint: check-deps
	tests/run.pl tests/lint/layers.sh tests/lint/docs.py tests/lint/catalogues.py tests/lint/messages.py

demo: check-deps
	$(MAKE) all
	$(PYTHON) tests/demo/demo.py

bench: check-deps
	$(MAKE) all $(addprefix build/release/tests/bench/,digests feeds match)
	$(PYTHON) tests/bench/bench.py

# What a rule of one word finds, per language: lists that the word forms were built on,
# and lists that they were not.
bench-quality: check-deps
	$(MAKE) build/release/tests/bench/quality
	build/release/tests/bench/quality $(sort $(wildcard tests/quality/*.tsv)) $(sort $(wildcard tests/quality/held/*.tsv))

# How many of the real calls that suit a firm its rules find. The texts of the calls are
# not ours to ship: make bench-relevance CALLS=path of a file with them, one a line.
bench-relevance: check-deps
	@test -n "$(CALLS)" || { echo "bench-relevance needs CALLS=path, see tests/relevance/README.md" >&2; exit 2; }
	$(MAKE) all
	$(PYTHON) tests/relevance/relevance.py "$(CALLS)"

# Accessibility of the golden mails by axe-core in Chromium, with screenshots in
# build/axe/mails. Needs npm and Debian's chromium, which `make test` does without.
axe: check-deps
	$(MAKE) build/release/tests/unit/render/test_golden
	mkdir -p build/axe/mails
	npm install --silent --no-fund --no-audit --prefix build/axe axe-core@4 playwright-core@1
	FUNDWATCH_MAILS=build/axe/mails build/release/tests/unit/render/test_golden
	node tests/axe/axe.mjs build/axe/mails

# Debian packages, only when one is missing.
DEBS := $(BUILD_DEBS) $(RUN_DEBS) $(TEST_DEBS)
check-deps:
	@dpkg-query -W -f='$${db:Status-Status}\n' $(DEBS) 2>/dev/null | grep -c '^installed$$' | \
	    grep -qx $(words $(DEBS)) || $(MAKE) deps
deps:
	$(if $(filter 0,$(shell id -u)),,sudo) apt-get update
	$(if $(filter 0,$(shell id -u)),,sudo) env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(DEBS)

install: all man
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)/etc/fundwatch/profiles.d $(DESTDIR)/etc/fundwatch/rules.d \
	    $(DESTDIR)/etc/fundwatch/feeds.d $(DESTDIR)/usr/share/fundwatch/feeds/samples/detail $(DESTDIR)/lib/systemd/system \
	    $(DESTDIR)/usr/share/doc/fundwatch $(foreach n,1 5 7,$(DESTDIR)$(PREFIX)/share/man/man$(n))
	install -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/fundwatch
	install -m 644 feeds/*.conf $(DESTDIR)/usr/share/fundwatch/feeds
	install -m 644 $(wildcard feeds/samples/*.*) $(DESTDIR)/usr/share/fundwatch/feeds/samples
	install -m 644 feeds/samples/detail/* $(DESTDIR)/usr/share/fundwatch/feeds/samples/detail
	for f in systemd/*.service; do sed 's#/usr/local/bin/#$(PREFIX)/bin/#' $$f > $(DESTDIR)/lib/systemd/system/$${f##*/}; done
	install -m 644 conf/README.md $(DESTDIR)/usr/share/doc/fundwatch
	for n in 1 5 7; do install -m 644 $(BUILD)/man/*.$$n $(DESTDIR)$(PREFIX)/share/man/man$$n; done
	for f in fundwatch.conf profiles.d/*.conf rules.d/*.conf; do \
	    set -- conf/$$f; for p in "$$@"; do t=$(DESTDIR)/etc/fundwatch/$${p#conf/}; [ -e "$$t" ] || install -m 644 "$$p" "$$t"; done; done

clean:
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
