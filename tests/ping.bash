# shellcheck shell=bash
# For the tests of ping: how it is run, and what it must print.

# shellcheck disable=SC2034 # the variables are the tests'
LANES=(unix:s unix+dgram:d unix+seqpacket:q "unix:@ping-$$" "unix+dgram:@ping-$$" "unix+seqpacket:@ping-$$"
	inet:127.0.0.1:0 inet+dgram:127.0.0.1:0 'inet6:[::1]:0' 'inet6+dgram:[::1]:0')

# Pings and keeps its output in `out`, its standard error in `err`; it ends with STATUS.
ping_status() { # STATUS ARGUMENT...
	local expected=$1 status=0
	shift
	timeout -s KILL 30 "$SOCKFAM" ping "$@" > out 2> err || status=$?
	[[ $status == "$expected" ]] && return 0
	printf 'ping %s: status %s, expected %s\n' "$*" "$status" "$expected"
	cat out err
	return 1
}

# The line of counts: sent, received, lost, duplicate, reordered, damaged.
counts() { # NUMBER...
	local line
	line=$(grep ' sent, ' out) || true
	[[ $line == "$1 sent, $2 received, $3 lost, $4 duplicate, $5 reordered, $6 damaged" ]] && return 0
	printf 'expected %s\n' "$*"
	cat out err
	return 1
}

# No line of `out` matches.
lacks() { # PATTERN
	if grep -e "$1" out; then
		return 1
	fi
}

# Every line of `out` is the contract's, in its place, with the sizes and numbers of COUNT replies that all
# came in order. "connected in" stands for a connection, in addition.
well_formed() { # ENDPOINT BYTES COUNT
	local lines i ms='[0-9]+\.[0-9]{3}' endpoint=$1 tail
	mapfile -t lines < out
	[[ ${lines[0]} == "PING $endpoint $2 bytes of data" ]] || return 1
	for ((i = 1; i <= $3; i++)); do
		[[ ${lines[i]} == "$2 bytes from $endpoint: seq=$i time="* &&
			${lines[i]##*time=} =~ ^$ms\ ms$ ]] || { echo "${lines[i]}"; return 1; }
	done
	[[ ${lines[i]} == "--- $endpoint ping statistics ---" ]] || return 1
	[[ ${lines[i + 1]} == "$3 sent, $3 received, 0 lost, 0 duplicate, 0 reordered, 0 damaged" ]] || return 1
	if [[ $endpoint != *+dgram:* && ${lines[i + 2]} == connected* ]]; then
		[[ ${lines[i + 2]} =~ ^connected\ in\ $ms\ ms$ ]] || return 1
		i=$((i + 1))
	fi
	tail=${lines[i + 2]}
	[[ $tail =~ ^rtt\ min/avg/max/mdev\ =\ $ms/$ms/$ms/$ms\ ms,\ p50/p90/p99\ =\ $ms/$ms/$ms\ ms$ ]] || return 1
	((${#lines[@]} == i + 3)) && times_rise "$tail"
}

# min, p50, p90, p99 and max rise; the average is between min and max; mdev is within them.
times_rise() { # LINE
	awk -F '[=/, ]+' '{
		for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]/) value[++n] = $i
		exit !(n == 7 && value[1] <= value[5] && value[5] <= value[6] && value[6] <= value[7] &&
			value[7] <= value[3] && value[1] <= value[2] && value[2] <= value[3] &&
			value[4] <= value[3] - value[1] + 0.001)
	}' <<< "$1"
}
