#!/usr/bin/env bats
# Every size, every way to end, byte for byte, by a client that shares no code with the server.

load helper

# Every lane of the contract, at an address as it is asked for there.
asked() {
	local family type variant
	contract_lanes | while read -r family type variant; do
		# shellcheck source=/dev/null
		. "$TREE/tests/families/$family.bash"
		echo "$family+$type:$(address_of "$type" "$variant")"
	done
}

# bats test_tags=exact
@test "every byte comes back exactly: every lane, all sizes, all ways to end" {
	local lane exact=0 result endpoint total=0 bad=0 endpoints
	[[ -x $PROGRAMS/exact ]] || { echo "$PROGRAMS/exact is not built"; return 1; }
	mapfile -t endpoints < <(asked)
	((${#endpoints[@]} >= $(lanes | wc -l)))
	start_server "${endpoints[@]}"
	# shellcheck disable=SC2153 # start_server sets it
	((${#ENDPOINTS[@]} == ${#endpoints[@]}))
	for endpoint in "${ENDPOINTS[@]}"; do
		if is_posix_build && [[ $endpoint == *+seqpacket:* ]]; then
			# there an empty record counts as the end
			lane="$PROGRAMS/exact -e"
		else
			lane="$PROGRAMS/exact"
		fi
		result=0
		$lane "$endpoint" > exact.out || result=1
		read -r exact _ bad _ < <(tail -n 1 exact.out)
		[[ $exact =~ ^[0-9]+$ ]]
		total=$((total + exact))
		if ((result != 0)); then
			echo "$endpoint:"
			cat exact.out
			return 1
		fi
		((bad == 0 && exact > 0))
	done
	stop_server
	echo "# $total exact, 0 not, over ${#ENDPOINTS[@]} lanes" >&3
}
