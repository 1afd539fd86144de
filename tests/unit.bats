#!/usr/bin/env bats
# The parts without a server around them: tests/unit/*_test.c, each a program that prints TAP.

setup() {
	UNIT_DIR=${UNIT_DIR:-${TESTS_BUILD:-$BATS_TEST_DIRNAME/../build/tests}/unit}
}

# Runs a subject's program; its failing lines are the reason. One that is absent, that dies, or that
# does not come to its plan has failed.
unit() {
	local program=$UNIT_DIR/$1_test output status=0 checks planned
	[[ -x $program ]] || { echo "$program is not built"; return 1; }
	output=$("$program" 2>&1 3>&-) || status=$?
	checks=$(grep -c '^\(not \)\?ok ' <<<"$output") || true
	planned=$(sed -n 's/^1\.\.//p' <<<"$output")
	grep '^not ok ' <<<"$output" && return 1
	if ((status != 0)) || ((checks == 0)) || [[ $checks != "$planned" ]]; then
		echo "$1: status $status, $checks checks, planned: ${planned:-nothing}"
		tail -n 20 <<<"$output"
		return 1
	fi
	grep ' # SKIP ' <<<"$output" | sed 's/^/# /' >&3 || true
}

@test "unit: activation" { unit activation; }
@test "unit: agenda" { unit agenda; }
@test "unit: conversation" { unit conversation; }
@test "unit: crc32c" { unit crc32c; }
@test "unit: echo" { unit echo; }
@test "unit: editor" { unit editor; }
@test "unit: endpoint" { unit endpoint; }
@test "unit: endpoint_name" { unit endpoint_name; }
@test "unit: endpoint_random" { unit endpoint_random; }
@test "unit: error" { unit error; }
@test "unit: family" { unit family; }
@test "unit: histogram" { unit histogram; }
@test "unit: histogram_text" { unit histogram_text; }
@test "unit: json_text" { unit json_text; }
@test "unit: json_validator" { unit json_validator; }
@test "unit: keys" { unit keys; }
@test "unit: lines" { unit lines; }
@test "unit: load" { unit load; }
@test "unit: loop" { unit loop; }
@test "unit: plot" { unit plot; }
@test "unit: misbehave" { unit misbehave; }
@test "unit: misbehave_plan" { unit misbehave_plan; }
@test "unit: postponed" { unit postponed; }
@test "unit: probe" { unit probe; }
@test "unit: proof" { unit proof; }
@test "unit: proxy" { unit proxy; }
@test "unit: proxy_random" { unit proxy_random; }
@test "unit: quantity" { unit quantity; }
@test "unit: reply" { unit reply; }
@test "unit: sha256" { unit sha256; }
@test "unit: sha256_vectors" { unit sha256_vectors; }
@test "unit: statistics" { unit statistics; }
@test "unit: talk_queue" { unit talk_queue; }
@test "unit: timeline" { unit timeline; }
@test "unit: utf8" { unit utf8; }
@test "unit: width" { unit width; }
@test "unit: window" { unit window; }
@test "unit: who" { unit who; }
@test "unit: wipe" { unit wipe; }

@test "unit: every subject in tests/unit stands above" {
	local source subject
	for source in "$BATS_TEST_DIRNAME"/unit/*_test.c; do
		subject=$(basename "$source" _test.c)
		grep -q "{ unit $subject; }" "$BATS_TEST_FILENAME" || { echo "$subject is missing"; return 1; }
	done
}
