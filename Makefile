# make            build/sockfam
# make run        the tour: every family and type, one message through each
# make test       every test (gets bats where it is missing)
# make bench      the same work by the servers and clients of others, in ratios (make bench-peers); TABLES='one bulk'
#                 measures some, QUICK=1 in less time; make bench-readme puts the last figures into the README
# make install    under $(PREFIX), or bindir, mandir and unitdir; DESTDIR honoured
# make dist       build/sockfam-VERSION.tar.gz
#
# CC, CFLAGS, LDFLAGS as usual. POSIX=1 leaves out all that POSIX.1-2008 does not have;
# TESTS='tests/unix.bats' runs some; SANITIZE=address,undefined builds with those; BUILD=DIR puts the result there.

CFLAGS ?= -O2 -g
PREFIX ?= /usr/local

version := $(shell sed -n 's/^.define VERSION "\(.*\)"$$/\1/p' shared/base/version.h)

BUILD = build$(if $(POSIX),/posix)$(if $(SANITIZE),/sanitize)

strict := -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wvla -Wundef
# A packager's own choice of it stands; without optimisation it is of no use, and warns.
fortify := $(if $(SANITIZE)$(findstring _FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS)),,$(if \
	$(filter -O -O1 -O2 -O3 -Os -Og,$(CFLAGS)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
hardening := $(fortify) -fstack-protector-strong -fPIE
# The folder that it was built in is in no file: two builds are the same.
mapping := -ffile-prefix-map=$(CURDIR)=.
mapping := $(shell $(CC) $(mapping) -E -x c /dev/null >/dev/null 2>&1 && echo '$(mapping)')
linking := -pthread $(if $(filter -static,$(LDFLAGS)),,-pie -Wl,-z,relro,-z,now)
sanitizing := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all)

# What is beyond POSIX stands in a file of its own, with a twin that is not.
linux := %_linux.c %_epoll.c
posix := %_posix.c %_poll.c
beyond := $(if $(POSIX),,$(if $(filter Linux,$(shell uname -s)),yes))
sources := $(filter-out $(if $(beyond),$(posix),$(linux)),$(sort \
	$(wildcard af_*/*.c af_*/*/*.c shared/*.c shared/*/*.c)))
objects := $(sources:%.c=$(BUILD)/%.o)

COMPILE = $(CC) $(strict) $(hardening) $(mapping) $(sanitizing) -Ishared -I. -pthread -MMD -MP $(CPPFLAGS) $(CFLAGS)
LINK = $(CC) $(hardening) $(sanitizing) $(CFLAGS) $(LDFLAGS) $(linking)

all: $(BUILD)/sockfam

$(BUILD)/sockfam: $(objects)
	$(LINK) -o $@ $(objects) $(LDLIBS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

# Programs that only the tests need.
parts := $(filter-out $(BUILD)/shared/main.o,$(objects))
helpers := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/*.c tests/unit/*.c))

# What a comparison finds is public; what it compares is not (tests/secret_flow.c).
$(BUILD)/tests/secret_flow: linking += -Wl,--wrap=secret_equal

# It shares no code with what it tests.
$(BUILD)/tests/exact: tests/exact.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) -o $@ $< $(LDFLAGS) $(linking) $(LDLIBS)

$(BUILD)/tests/%: tests/%.c $(parts) Makefile
	@mkdir -p $(@D)
	$(COMPILE) -Itests -o $@ $< $(parts) $(LDFLAGS) $(linking) $(LDLIBS)

test: all $(helpers)
	SOCKFAM=$(abspath $(BUILD))/sockfam UNIT_DIR=$(abspath $(BUILD))/tests/unit TESTS_BUILD=$(abspath $(BUILD))/tests tests/run $(TESTS)

run: all
	$(BUILD)/sockfam demo

# The program against its peers: ratios within one run, not a test. It prints which peers are missing.
bench_programs := floor epoll_echo epoll_load single_load \
	$(if $(filter bench,$(MAKECMDGOALS)),$(shell pkg-config --exists libuv 2>/dev/null && echo uv_echo; \
		pkg-config --exists libevent 2>/dev/null && echo event_echo; \
		echo 'int x = __NR_io_uring_setup + IORING_SETUP_DEFER_TASKRUN;' | $(CC) -include sys/syscall.h \
			-include linux/io_uring.h -fsyntax-only -xc - 2>/dev/null && echo uring_echo))
bench_parts := $(addprefix tests/bench/,place.c exchange.c usage.c)

$(BUILD)/bench/uv_echo: libraries = $(shell pkg-config --cflags --libs libuv)
$(BUILD)/bench/event_echo: libraries = $(shell pkg-config --cflags --libs libevent)

$(BUILD)/bench/%: tests/bench/%.c $(bench_parts) $(bench_parts:.c=.h) Makefile
	@mkdir -p $(@D)
	$(CC) -std=c11 -Wall -Wextra -Wpedantic -pthread $(CPPFLAGS) $(CFLAGS) -o $@ $< $(bench_parts) \
		$(LDFLAGS) $(libraries)

bench: all $(bench_programs:%=$(BUILD)/bench/%)
	SOCKFAM=$(abspath $(BUILD))/sockfam PROGRAMS=$(abspath $(BUILD))/bench QUICK=$(QUICK) tests/bench/run $(TABLES)

# The table between the README's two marks, and the picture, from what the last runs left.
bench-readme: $(BUILD)/bench/results/goals.md
	awk -v table=$< '/^<!-- goals end -->/ { skip = 0 } !skip { print } \
		/^<!-- goals begin -->/ { skip = 1; while ((getline line <table) > 0) print line }' README.md >$<.readme
	cat $<.readme >README.md
	if [ -f $(<D)/growth.svg ]; then cp $(<D)/growth.svg tests/bench/growth.svg; fi

bench-peers:
	apt-get install -y --no-install-recommends libuv1-dev libevent-dev pkg-config python3 socat ncat xinetd sockperf

root = $(DESTDIR)$(PREFIX)
bindir = $(PREFIX)/bin
mandir = $(PREFIX)/share/man
unitdir = $(PREFIX)/lib/systemd/system
bin = $(DESTDIR)$(bindir)
man = $(DESTDIR)$(mandir)
units = $(DESTDIR)$(unitdir)
bash = $(root)/share/bash-completion/completions
zsh = $(root)/share/zsh/site-functions
fish = $(root)/share/fish/vendor_completions.d
schemas = $(root)/share/sockfam/schema

# Each page of the manual goes where its section says.
pages := $(wildcard shared/install/*.[157])
installed_pages = $(foreach page,$(pages),"$(man)/man$(patsubst .%,%,$(suffix $(page)))/$(notdir $(page))")

# The service names the program by its place, which systemd wants absolute.
install: all
	install -d "$(bin)" "$(man)/man1" "$(man)/man5" "$(man)/man7" "$(bash)" "$(zsh)" "$(fish)" "$(units)" "$(schemas)"
	install -m 755 $(BUILD)/sockfam "$(bin)/sockfam"
	for page in $(pages); do \
		to="$(man)/man$${page##*.}/$${page##*/}"; \
		sed 's/@VERSION@/$(version)/' "$$page" >"$$to" && chmod 644 "$$to" || exit; \
	done
	install -m 644 shared/install/sockfam.bash "$(bash)/sockfam"
	install -m 644 shared/install/_sockfam "$(zsh)/_sockfam"
	install -m 644 shared/install/sockfam.fish "$(fish)/sockfam.fish"
	install -m 644 shared/install/schema/*.json "$(schemas)"
	install -m 644 shared/install/sockfam.socket "$(units)/sockfam.socket"
	sed 's|@BINDIR@|$(bindir)|' shared/install/sockfam.service >"$(units)/sockfam.service"
	chmod 644 "$(units)/sockfam.service"

uninstall:
	rm -f "$(bin)/sockfam" $(installed_pages) "$(bash)/sockfam" "$(zsh)/_sockfam" \
		"$(fish)/sockfam.fish" "$(units)/sockfam.socket" "$(units)/sockfam.service" \
		$(patsubst shared/install/schema/%,"$(schemas)/%",$(wildcard shared/install/schema/*.json))

# What a release is: the files that are kept, in a folder of their own. It is the same each time.
dist:
	@mkdir -p $(BUILD)
	git ls-files | LC_ALL=C sort | tar --no-recursion --owner=0 --group=0 --numeric-owner \
		--mtime="@$$(git log -1 --format=%ct)" --transform='s|^|sockfam-$(version)/|S' -T - -cf - | \
		gzip -n9 >$(BUILD)/sockfam-$(version).tar.gz

clean:
	rm -rf build

-include $(objects:.o=.d) $(helpers:=.d)

.PHONY: all run test install uninstall dist clean bench bench-readme bench-peers
