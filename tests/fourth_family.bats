#!/usr/bin/env bats
# To add a family is a folder, a line in family.h and a line in family.c: here one is added so, to a copy
# of the tree, with the members alone that a family must have (tests/fourth_family/), and used.

load helper

# shellcheck disable=SC2153 # helper.bash has TREE
setup_file() {
	local tree=$BATS_FILE_TMPDIR/tree
	if is_posix_build; then
		return 0
	fi
	mkdir "$tree"
	cd "$TREE" || return 1
	cp -R Makefile af_* shared tests "$tree" || return 1
	cd "$tree" || return 1
	cp -R tests/fourth_family/af_twin . || return 1
	cp tests/fourth_family/twin.bash tests/families/twin.bash || return 1
	ln -s contract.bash tests/families/twin-stream.bats || return 1
	sed -i 's/^extern const struct family af_inet6;$/&\nextern const struct family af_twin;/' shared/net/family.h
	sed -i 's/^\t&af_inet6,$/&\n\t\&af_twin,/' shared/net/family.c
	# a plain build, whatever the one under test was made with
	env -u MAKEFLAGS -u MFLAGS make -s -j2 BUILD=build SANITIZE= CFLAGS='-O1 -Werror' > build.log 2>&1 || return 0 # each test will say so
}

prepare() {
	skip_posix_build "have this family: abstract names are Linux's"
	FOURTH=$BATS_FILE_TMPDIR/tree
	SOCKFAM=$FOURTH/build/sockfam
	[[ -x $SOCKFAM ]] || { cat "$FOURTH/build.log"; return 1; }
	NAME=sockfam/fourth-$$-$BATS_TEST_NUMBER # written as a path of unix, whose domain it shares
}

@test "it was added by a folder and two lines" {
	run diff -r -q "$TREE/shared" "$FOURTH/shared"
	[[ $output == *family.c* && $output == *family.h* && ${#lines[@]} == 2 ]]
	for file in family.c family.h; do
		run diff "$TREE/shared/net/$file" "$FOURTH/shared/net/$file"
		[[ $(grep -c '^>' <<< "$output") == 1 && $output != *$'\n<'* ]]
	done
}

@test "the help and its errors know it" {
	[[ $(families | tail -n 1) == twin ]]
	[[ $(types_of twin) == stream && -z $(flag_of twin) ]]
	"$SOCKFAM" talk --help | grep -qx '      --family FAMILY            unix, inet, inet6 or twin'
	fails_with 64 "$SOCKFAM" talk --family x
	grep -qF 'unix, inet, inet6, twin' fails.err
	fails_with 64 "$SOCKFAM" talk -u twin:x
	grep -qF 'twin has no dgram sockets' fails.err
	fails_with 64 "$SOCKFAM" talk -4 twin:x
	fails_with 64 "$SOCKFAM" talk -t seqpacket localhost:1
	grep -qF 'only unix has seqpacket sockets' fails.err
}

@test "serve, talk, ping and bench, by prefix and by flag" {
	start_server -v "twin:$NAME" unix+stream:s
	[[ $ENDPOINT == "twin+stream:$NAME" && ${ENDPOINTS[1]} == unix+stream:s ]]
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk "$ENDPOINT") == hello ]]
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk --family twin "$NAME") == hello ]]
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk "@$NAME") == hello ]] # its domain is unix's
	timeout 20 "$SOCKFAM" ping -c 3 -i 0 "twin:$NAME" > out
	grep -qF '3 sent, 3 received, 0 lost' out
	timeout 20 "$SOCKFAM" bench -n 100 --warmup 0 "twin:$NAME" > out
	grep -q "^twin+stream:$NAME " out
	stop_server
	# its peers are its own, though unix has their domain too
	grep -qx 'connect twin+stream:' "$LOG"
	fails_with 69 "$SOCKFAM" talk "twin:$NAME"
}

@test "its default endpoint: serve --family twin, and talk" {
	if ! start_server --family twin > started; then
		grep -qF 'Address already in use' "$LOG" || { cat started; return 1; }
		skip 'somebody has sockfam-twin'
	fi
	[[ $ENDPOINT == twin+stream:sockfam-twin ]]
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk --family twin) == hello ]]
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk twin:) == hello ]]
	stop_server
}

@test "what it has no member for is left alone" {
	printf 'sixteen bytes or more' > secret
	chmod 600 secret
	start_server --allow-uid 4000000 --mode 0700 --both --secret-file secret "twin:$NAME"
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk --secret-file secret --congestion reno "twin:$NAME") == hello ]]
	fails_with 64 "$SOCKFAM" talk --server-uid 0 "twin:$NAME"
	stop_server
	start_server -v --congestion reno --proxy-protocol "twin:$NAME"
	[[ $(printf 'PROXY TCP4 192.0.2.1 192.0.2.2 50000 7\r\nhello\n' | timeout 20 "$SOCKFAM" talk "$ENDPOINT") == hello ]]
	stop_server
	grep -qF 192.0.2.1:50000 "$LOG"
}

@test "bench without operands measures it with the others" {
	timeout 60 "$SOCKFAM" bench -n 50 --warmup 0 --rounds 2 > out
	grep -q '^twin+stream ' out
	(($(grep -cE '^[a-z0-9]+\+[a-z]+ ' out) == $(lanes | wc -l)))
	timeout 60 "$SOCKFAM" bench -n 50 --warmup 0 --rounds 1 --family twin > out
	[[ $(grep -cE '^[a-z0-9]+\+[a-z]+ ' out) == 1 ]]
}

@test "the tour lists it and finds it right" {
	timeout 60 "$SOCKFAM" demo > out
	cat out
	grep -qE '^twin\+stream:.* hello twin +HELLO TWIN ' out
	grep -qF "$(lanes | wc -l) of $(lanes | wc -l) answered" out
}

# A claim about every lane may be false for one that its author did not know: that is no crash.
@test "demo --all comes to its end" {
	local status=0
	timeout 120 "$SOCKFAM" demo --all --tap > out 2> err || status=$?
	cat err
	((status <= 1))
	tail -n 1 out | grep -qx "1\.\.$(grep -cE '^(not )?ok ' out)"
	grep -q 'twin+stream' out
}

@test "the contract holds for it" {
	local lane=$FOURTH/tests/families/twin-stream.bats
	[[ -L $lane ]]
	bats --tap "$lane" > out 3>&- || { cat out; return 1; }
	(($(grep '^ok' out | grep -vc '# skip') == $(bats --count "$lane")))
}

@test "the rules of the layout hold with it" {
	bats --tap -f 'folder|names no family|knows net|lanes' "$FOURTH/tests/layout.bats" > out 3>&- || { cat out; return 1; }
	(($(grep -c '^ok' out) == 4))
}
