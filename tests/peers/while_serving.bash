#!/bin/bash
# Runs servers of ours, and a command while they are ready: for a network of its own (see alone()).
#
# while_serving.bash SOCKFAM ARGUMENTS... -- COMMAND [ARGUMENT...]
#
# There is a server for each of ARGUMENTS, one word that is split at its spaces. What the servers
# print goes to serve.0.out and so on; their standard error, and all that COMMAND prints, is the
# caller's. The exit status is COMMAND's; 1 if a server does not become ready, 3 if one does not end
# in order.
sockfam=$1
shift
set -f # an endpoint may have a * in it
servers=()
while [[ $1 != -- ]]; do
	# shellcheck disable=SC2086 # options and operands
	"$sockfam" serve $1 > "serve.${#servers[@]}.out" &
	servers+=($!)
	shift
done
shift
for i in "${!servers[@]}"; do
	until grep -q ready "serve.$i.out"; do
		kill -0 "${servers[i]}" || exit 1
		sleep 0.02
	done
done
"$@"
status=$?
kill "${servers[@]}"
for server in "${servers[@]}"; do
	wait "$server" || exit 3
done
exit "$status"
