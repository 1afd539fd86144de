#!/usr/bin/env bats
# What is installed, and where; what a release is.

load helper
load options

INSTALLED='bin/sockfam
lib/systemd/system/sockfam.service
lib/systemd/system/sockfam.socket
share/bash-completion/completions/sockfam
share/fish/vendor_completions.d/sockfam.fish
share/man/man1/sockfam-bench.1
share/man/man1/sockfam.1
share/man/man5/sockfam-json.5
share/man/man7/sockfam-wire.7
share/sockfam/schema/who.json
share/zsh/site-functions/_sockfam'

install_under() { # VARIABLE=VALUE... (TARGET=install)
	run make -C "$TREE" "${TARGET:-install}" "$@"
	echo "$output"
	((status == 0))
}

@test "make install puts every file at its place, and nothing else" {
	umask 077 # what is installed is for everybody all the same
	install_under DESTDIR="$PWD/root" PREFIX=/usr/local
	same 'make install' "$INSTALLED" "$(cd root/usr/local && find . -type f | sed 's|^\./||')"
	[[ -z $(find root -type f -not -path 'root/usr/local/*') ]]
	[[ -z $(find root -type f -not -perm -444) ]]
	[[ -z $(find root -type f -perm /111 -not -name sockfam) ]]
	[[ $(root/usr/local/bin/sockfam --version) == 'sockfam '* ]]
}

@test "make uninstall leaves nothing of it" {
	install_under DESTDIR="$PWD/root"
	[[ -n $(find root -type f) ]]
	touch root/another
	TARGET=uninstall install_under DESTDIR="$PWD/root"
	[[ $(find root -type f) == root/another ]]
}

@test "the service names the program where PREFIX puts it" {
	install_under DESTDIR="$PWD/root" PREFIX=/opt/echo
	grep -qx 'ExecStart=/opt/echo/bin/sockfam serve' root/opt/echo/lib/systemd/system/sockfam.service
	! grep -r '@[A-Z]*@' root/opt/echo/lib root/opt/echo/share
}

@test "systemd finds no fault with the units" {
	needs systemd-analyze
	install_under PREFIX="$PWD/prefix"
	run systemd-analyze verify --man=no prefix/lib/systemd/system/sockfam.{socket,service}
	echo "$output"
	[[ $status == 0 && -z $output ]]
}

@test "bindir, mandir and unitdir are the packager's; the version is the program's, in the manual too" {
	install_under DESTDIR="$PWD/root" bindir=/b mandir=/m unitdir=/u
	[[ -x root/b/sockfam && -f root/m/man1/sockfam.1 && -f root/u/sockfam.socket ]]
	grep -qx 'ExecStart=/b/sockfam serve' root/u/sockfam.service
	local version
	version=$("$SOCKFAM" --version | cut -d ' ' -f 2)
	[[ $version && $(grep -rh '^\.Os' root/m | sort -u) == ".Os sockfam $version" ]]
}

@test "make dist: a tarball that builds elsewhere, to the same program" {
	needs git gzip cmp
	git -C "$TREE" rev-parse --is-inside-work-tree > /dev/null || skip "not a git checkout"
	local here=$PWD one two
	local make=(env -u MAKEFLAGS -u MFLAGS make -s -j2 BUILD=build SANITIZE= POSIX=) # whatever the tests are made with
	make -s -C "$TREE" dist BUILD="$here/dist" > out 2>&1 || { cat out; return 1; }
	mkdir one two-more
	for each in one two-more; do
		tar -xzf dist/sockfam-*.tar.gz -C "$each"
		"${make[@]}" -C "$each"/sockfam-* CFLAGS='-O0 -g -Werror' > out 2>&1 || { cat out; return 1; }
	done
	one=(one/sockfam-*) two=(two-more/sockfam-*)
	cmp "${one[0]}/build/sockfam" "${two[0]}/build/sockfam"
	"${one[0]}/build/sockfam" demo | grep -q '^7 of 7 answered'
	# a packager's own hardening is no warning
	CFLAGS='-O1 -Werror -D_FORTIFY_SOURCE=3' "${make[@]}" -C "${one[0]}" BUILD=fortified fortified/shared/base/clock.o
}
