#!/usr/bin/env bats
# Every size, every way to end, byte for byte, by a client that shares no code with the server.

load helper

# bats test_tags=exact
@test "every byte comes back exactly: ten lanes, all sizes, all ways to end" {
	local lane exact=0 result endpoint total=0 bad=0
	[[ -x $PROGRAMS/exact ]] || { echo "$PROGRAMS/exact is not built"; return 1; }
	start_server unix+stream:s unix+dgram:d unix+seqpacket:q \
		"unix+stream:@exact-s.$$" "unix+dgram:@exact-d.$$" "unix+seqpacket:@exact-q.$$" \
		inet:127.0.0.1:0 inet+dgram:127.0.0.1:0 'inet6:[::1]:0' 'inet6+dgram:[::1]:0'
	((${#ENDPOINTS[@]} == 10))
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
