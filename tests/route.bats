#!/usr/bin/env bats
# --source, --interface, --dscp, --ttl: from where a client's packets come, and what stands in them.

# shellcheck disable=SC2030,SC2031,SC2034,SC2119,SC2120,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

# A network of our own with loopback, and in it the commands on standard input, under bash -e. The program
# is "$SOCKFAM" there too. Status 9: it could not be tried, and the last line says why.
inside() {
	local status=0
	timeout -s KILL 60 unshare -rn --kill-child --pid --fork --mount-proc bash -e -c "
		SOCKFAM=$SOCKFAM
		ip link set lo up
		$(declare -f inside_server wait_until)
		$(cat)" > inside.out 2>&1 3>&- || status=$?
	cat inside.out
	((status != 9)) || skip "$(tail -n 1 inside.out)"
	return "$status"
}

# A server in the background, whose endpoints are in ENDPOINTS.
inside_server() { # NAME ARGUMENT...
	"$SOCKFAM" serve "${@:2}" > "$1.out" 2> "$1.err" &
	SERVER=$!
	wait_until 10 grep -qx ready "$1.out"
	mapfile -t ENDPOINTS < <(sed -n 's/^listening //p' "$1.out")
}

@test "usage: each range is checked, and the option named" {
	local command
	start_server inet:127.0.0.1:0 unix:s
	for command in talk ping bench; do
		fails_with 64 "$SOCKFAM" $command --dscp 64 "$ENDPOINT"
		grep -q -- '--dscp 64: .*0 to 63' fails.err
		fails_with 64 "$SOCKFAM" $command --ttl 0 "$ENDPOINT"
		grep -q -- '--ttl 0: .*1 to 255' fails.err
		fails_with 64 "$SOCKFAM" $command --ttl 256 "$ENDPOINT"
		fails_with 64 "$SOCKFAM" $command --source 1.2.3 "$ENDPOINT"
		grep -q -- '--source 1.2.3: ' fails.err
		fails_with 64 "$SOCKFAM" $command --source 127.0.0.1:70000 "$ENDPOINT"
		fails_with 64 "$SOCKFAM" $command --source '[::1' "$ENDPOINT"
		fails_with 64 "$SOCKFAM" $command --source ::1 "$ENDPOINT"
		grep -q -- '--source ::1 is of another family' fails.err
		for option in '--source 127.0.0.1' '--interface lo' '--dscp 0' '--ttl 9'; do
			# shellcheck disable=SC2086 # two words
			fails_with 64 "$SOCKFAM" $command $option unix:s
			grep -q -- "${option% *} is for inet and inet6 alone" fails.err
		done
	done
	fails_with 64 "$SOCKFAM" bench -c 2 --source 127.0.0.1:9 "$ENDPOINT"
	grep -q 'a port is for one connection' fails.err
	fails_with 64 "$SOCKFAM" bench --rounds 2 --source 127.0.0.1:9 "$ENDPOINT"
	stop_server
}

@test "--source: an address that is not ours, a port that is taken" {
	local family
	start_server inet:127.0.0.1:0 inet+dgram:127.0.0.1:0
	fails_with 73 "$SOCKFAM" talk --source 192.0.2.77 "$ENDPOINT"
	grep -q -- '--source 192.0.2.77: .*no address of this machine' fails.err
	fails_with 73 "$SOCKFAM" talk --source "127.0.0.1:${ENDPOINTS[1]##*:}" "${ENDPOINTS[1]}"
	grep -q -- '--source 127.0.0.1:.* in use' fails.err
	stop_server
}

# What the server says of its peers is what the client was told to be.
@test "--source: the peer that the server sees, with and without a port" {
	needs_network
	inside <<- 'END'
		inside_server s -v inet:127.0.0.1:0 'inet6:[::1]:0'
		ip addr add 10.7.7.7/32 dev lo
		ip addr add fd07::7/128 dev lo
		"$SOCKFAM" ping -q -c 2 -i 0 --source 10.7.7.7 "${ENDPOINTS[0]}"
		"$SOCKFAM" ping -q -c 2 -i 0 --source 10.7.7.7:4711 "${ENDPOINTS[0]}"
		"$SOCKFAM" ping -q -c 2 -i 0 --source fd07::7 "${ENDPOINTS[1]}"
		"$SOCKFAM" bench -n 5 --source '[fd07::7]:4712' "${ENDPOINTS[1]}"
		"$SOCKFAM" ping -q -c 1 --source '*:4713' "${ENDPOINTS[0]}"
		echo hello | "$SOCKFAM" talk --source 127.0.0.9 "${ENDPOINTS[0]}"
		kill -TERM $SERVER
		wait $SERVER
		cat s.err
		grep -q '^connect inet+stream:10\.7\.7\.7:' s.err
		grep -qx 'connect inet+stream:10.7.7.7:4711' s.err
		grep -q '^connect inet6+stream:\[fd07::7\]:' s.err
		(($(grep -c '^connect inet6+stream:\[fd07::7\]:4712$' s.err) == 2))
		grep -qx 'connect inet+stream:127.0.0.1:4713' s.err
		grep -q '^connect inet+stream:127\.0\.0\.9:' s.err
	END
}

@test "--interface: through it alone" {
	skip_posix_build 'choose an interface'
	needs_network
	inside <<- 'END'
		inside_server s inet:127.0.0.1:0 inet+dgram:127.0.0.1:0
		ip link add v0 type dummy 2> /dev/null || { echo "no dummy interface here"; exit 9; }
		ip link set v0 up
		for endpoint in "${ENDPOINTS[@]}"; do
			"$SOCKFAM" ping -q -c 2 -i 0 --interface lo "$endpoint"
			status=0
			"$SOCKFAM" ping -q -c 1 -W 0.3 --interface v0 "$endpoint" || status=$?
			((status == 1 || status == 69 || status == 124))
			status=0
			"$SOCKFAM" ping -q -c 1 --interface nosuch0 "$endpoint" 2> err || status=$?
			((status == 69))
			grep -q -- '--interface nosuch0: no such interface' err
		done
	END
}

# A firewall counts what is marked as it should be. Of TCP what opens a connection and what carries bytes: the
# kernel's last acknowledgement, from TIME_WAIT, is of no socket any more and has the system's TTL.
@test "--dscp, --ttl: in every packet that we send" {
	skip_posix_build 'mark packets'
	needs_network
	needs nft
	inside <<- 'END'
		nft add table inet t 2> nft.err || { echo "no nftables here: $(cat nft.err)"; exit 9; }
		nft -f - <<- 'RULES'
			table inet t {
				counter good4 { }
				counter good6 { }
				counter bad { }
				chain c {
					type filter hook output priority 0;
					udp dport 7002 jump seen
					tcp dport 7001 tcp flags & (syn | psh) != 0 jump seen
				}
				chain seen {
					ip dscp 46 ip ttl 9 counter name good4 return
					ip6 dscp 46 ip6 hoplimit 9 counter name good6 return
					counter name bad
				}
			}
		RULES
		inside_server s inet:127.0.0.1:7001 inet+dgram:127.0.0.1:7002 'inet6:[::1]:7001' 'inet6+dgram:[::1]:7002'
		for endpoint in "${ENDPOINTS[@]}"; do
			"$SOCKFAM" ping -q -c 3 -i 0 --dscp 46 --ttl 9 "$endpoint"
			"$SOCKFAM" bench -n 3 --dscp 46 --ttl 9 "$endpoint" > /dev/null
			echo hello | "$SOCKFAM" talk --dscp 46 --ttl 9 "$endpoint"
		done
		nft list counters
		nft list counter inet t bad | grep -q 'packets 0 '
		! nft list counter inet t good4 | grep -q 'packets 0 '
		! nft list counter inet t good6 | grep -q 'packets 0 '
		"$SOCKFAM" ping -q -c 1 "${ENDPOINTS[0]}"
		! nft list counter inet t bad | grep -q 'packets 0 '
	END
}

# The kernel remembers where it sent a flow. When the rule changes, whoever keeps the port is still sent to
# the old place, where nobody is any more.
@test "--source: a stale entry of connection tracking holds a fixed port, and no new one" {
	needs_network
	needs nft
	inside <<- 'END'
		nft -f - 2> nft.err <<- 'RULES' || { echo "no NAT of nftables here: $(cat nft.err)"; exit 9; }
			table ip t {
				chain c {
					type nat hook output priority -100;
					udp dport 7000 dnat to 127.0.0.1:7001
				}
			}
		RULES
		inside_server old inet+dgram:127.0.0.1:7001
		OLD=$SERVER
		"$SOCKFAM" ping -q -c 2 -i 0 --source 127.0.0.1:4711 inet+dgram:127.0.0.1:7000
		nft flush chain ip t c
		nft add rule ip t c udp dport 7000 dnat to 127.0.0.1:7002
		inside_server new inet+dgram:127.0.0.1:7002
		kill -TERM $OLD
		wait $OLD
		status=0
		"$SOCKFAM" ping -q -c 2 -i 0.01 -W 0.3 --source 127.0.0.1:4711 inet+dgram:127.0.0.1:7000 || status=$?
		((status == 69 || status == 1))
		"$SOCKFAM" ping -q -c 2 -i 0 --source 127.0.0.1 inet+dgram:127.0.0.1:7000
	END
}
