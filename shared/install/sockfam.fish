# fish completion for sockfam(1)

# The program's families, as its help ends: a line each, NAME TYPE|TYPE FORM-OF-ADDRESS FLAG.
function __sockfam_families
	set -l words (commandline -opc 2>/dev/null) sockfam # none while this file is read
	$words[1] talk --help 2>/dev/null |
		string replace -rf '^  ([a-z0-9]+)\+([a-z|]+):([^ ]+)( -.)?$' '$1 $2 $3$4'
end

function __sockfam_family_names
	__sockfam_families | string replace -r ' .*' ''
end

function __sockfam_types
	__sockfam_families | string split ' ' -f 2 | string split '|' | sort -u
end

# Endpoints: a prefix, or a path, behind a prefix too. A name alone would be a host's: no files for it.
function __sockfam_endpoints
	set -l word (commandline -ct)
	set -l prefix
	for line in (__sockfam_families)
		set -l family (string split ' ' -- $line)
		printf '%s\n' $family[1]: $family[1]+(string split '|' -- $family[2]):
		if test $family[3] = PATH
			set -a prefix (string match -r "^$family[1](?:\\+[a-z]+)?:" -- $word)
		end
	end
	set -l path (string sub -s (math 1 + (string length -- "$prefix")) -- "$word")
	set -l files
	if set -q prefix[1]; or string match -qr '^\.|/' -- "$path"
		set files $path*
	end
	printf '%s\n' "$prefix"$files
end

# Names, and what they claim.
function __sockfam_demos
	set -l words (commandline -opc)
	$words[1] demo --list 2>/dev/null | string replace -r '^(\S+) +\S+ +' '$1\t'
end

# Are we behind this command?
function __sockfam_in
	set -l words (commandline -opc)
	contains -- "$words[2]" $argv
end

complete -c sockfam -f
complete -c sockfam -n __fish_is_first_token -a serve -d 'echo server'
complete -c sockfam -n __fish_is_first_token -a talk -d 'client of an echo service'
complete -c sockfam -n __fish_is_first_token -a ping -d 'round-trip time and loss'
complete -c sockfam -n __fish_is_first_token -a bench -d 'load and latency'
complete -c sockfam -n __fish_is_first_token -a demo -d 'the tour, and demonstrations'
complete -c sockfam -n __fish_is_first_token -l help -d 'list the commands'
complete -c sockfam -n __fish_is_first_token -l version -d 'tell the version'

complete -c sockfam -n '__sockfam_in serve talk ping bench' -a '(__sockfam_endpoints)'
for line in (__sockfam_families)
	set -l family (string split ' ' -- $line)
	if set -q family[4]
		set -l letter (string sub -s 2 -- $family[4])
		complete -c sockfam -n '__sockfam_in serve talk ping bench' -s $letter -d $family[1]
	end
end
complete -c sockfam -n '__sockfam_in serve talk ping bench' -l family -x -a '(__sockfam_family_names)' -d family
complete -c sockfam -n '__sockfam_in serve talk ping bench' -s u -d datagrams
complete -c sockfam -n '__sockfam_in serve talk ping bench' -s t -l type -x -a '(__sockfam_types)' -d type
complete -c sockfam -n '__sockfam_in serve talk ping bench' -l congestion -x -d 'TCP congestion control' \
	-a '(string split " " </proc/sys/net/ipv4/tcp_available_congestion_control)'
complete -c sockfam -n '__sockfam_in serve talk ping bench' -l secret-file -rF -d 'prove that both sides hold this secret'
complete -c sockfam -n '__sockfam_in serve talk ping bench' -l auth -x -a 'mutual simple' -d 'form of the proof'
complete -c sockfam -n '__sockfam_in serve talk ping bench' -l auth-name -x -d 'the service that the proof is for'
complete -c sockfam -n '__sockfam_in talk ping bench' -l source -x -d 'send from this address of ours'
complete -c sockfam -n '__sockfam_in talk ping bench' -l interface -x -d 'send through this interface alone' \
	-a '(command ls /sys/class/net 2>/dev/null)'
complete -c sockfam -n '__sockfam_in talk ping bench' -l dscp -x -d 'mark packets with this DSCP'
complete -c sockfam -n '__sockfam_in talk ping bench' -l ttl -x -d 'so many hops at most'
complete -c sockfam -n '__sockfam_in talk ping bench' -l server-uid -x -a '(__fish_complete_users)' -d 'a unix server must be of this user'
complete -c sockfam -n '__sockfam_in serve talk ping bench demo' -l help -d 'list the options'

complete -c sockfam -n '__sockfam_in serve' -l reply -x -a 'echo upper json who' -d 'what a message is answered with'
complete -c sockfam -n '__sockfam_in serve' -l backlog -x -d 'length of the listen queue'
complete -c sockfam -n '__sockfam_in serve' -l max-connections -x -d 'more are left in the listen queue'
complete -c sockfam -n '__sockfam_in serve' -l idle-timeout -x -d 'close a connection silent so many seconds'
complete -c sockfam -n '__sockfam_in serve' -l workers -x -d threads
complete -c sockfam -n '__sockfam_in serve' -l spin -x -d 'poll so many microseconds before sleeping'
complete -c sockfam -n '__sockfam_in serve' -l mode -x -d 'permission of a unix path, octal'
complete -c sockfam -n '__sockfam_in serve' -l name -x -d 'what --reply who calls this server'
complete -c sockfam -n '__sockfam_in serve' -l grace -x -d 'after SIGTERM serve those who are there so many seconds'
complete -c sockfam -n '__sockfam_in serve' -l misbehave -x -d 'wrong on purpose: faults, with commas'
complete -c sockfam -n '__sockfam_in serve' -l seed -x -d 'the same seed, the same faults'
complete -c sockfam -n '__sockfam_in serve' -l drain -x -d 'deadline of the orderly end, seconds'
complete -c sockfam -n '__sockfam_in serve' -l proxy-protocol -d 'connections begin with a PROXY header'
complete -c sockfam -n '__sockfam_in serve' -l allow-uid -x -d 'unix peers let in: users, with commas'
complete -c sockfam -n '__sockfam_in serve' -l allow-gid -x -d 'unix peers let in: groups, with commas'
complete -c sockfam -n '__sockfam_in serve' -l allow-low-ports -d 'answer source ports below 1024 too'
complete -c sockfam -n '__sockfam_in serve' -l inetd -d 'serve the socket that is descriptor 0'
complete -c sockfam -n '__sockfam_in serve' -l ready-fd -x -d 'write a newline there once ready'
complete -c sockfam -n '__sockfam_in serve' -l both -d 'an inet6 listener also takes IPv4'
complete -c sockfam -n '__sockfam_in serve' -s v -l verbose -d 'tell of each connection'

complete -c sockfam -n '__sockfam_in talk' -s w -l timeout -x -d 'give up after so many silent seconds'
complete -c sockfam -n '__sockfam_in talk' -l no-edit -d 'leave the editing of lines to the terminal'

complete -c sockfam -n '__sockfam_in ping' -s c -l count -x -d 'stop after so many messages'
complete -c sockfam -n '__sockfam_in ping' -s i -l interval -x -d 'seconds between messages'
complete -c sockfam -n '__sockfam_in ping' -s s -l size -x -d 'bytes of a message'
complete -c sockfam -n '__sockfam_in ping' -s w -l deadline -x -d 'seconds for the whole'
complete -c sockfam -n '__sockfam_in ping' -s D -l timestamps -d 'print the time before each line'
complete -c sockfam -n '__sockfam_in ping' -s W -l wait -x -d 'seconds for connecting and for the last replies'
complete -c sockfam -n '__sockfam_in ping' -s w -l deadline -x -d 'seconds for the whole'
complete -c sockfam -n '__sockfam_in ping' -s D -l timestamps -d 'print the time before each line'
complete -c sockfam -n '__sockfam_in ping' -s q -l quiet -d 'print the statistics alone'

complete -c sockfam -n '__sockfam_in ping bench' -l json -d 'print one JSON object instead'
complete -c sockfam -n '__sockfam_in ping bench' -l spin -d 'look for replies without sleeping'

complete -c sockfam -n '__sockfam_in bench' -s c -l connections -x -d 'at once'
complete -c sockfam -n '__sockfam_in bench' -s s -l size -x -d 'bytes of a message'
complete -c sockfam -n '__sockfam_in bench' -l depth -x -d 'messages in flight on each connection'
complete -c sockfam -n '__sockfam_in bench' -s d -l duration -x -d 'seconds for each endpoint'
complete -c sockfam -n '__sockfam_in bench' -s n -l messages -x -d 'for each endpoint'
complete -c sockfam -n '__sockfam_in bench' -s R -l rate -x -d 'messages a second that are due'
complete -c sockfam -n '__sockfam_in bench' -l warmup -x -d 'seconds at the start of each round'
complete -c sockfam -n '__sockfam_in bench' -l rounds -x -d 'endpoints in turn'
complete -c sockfam -n '__sockfam_in bench' -l threads -x -d 'of the client'
complete -c sockfam -n '__sockfam_in bench' -l hgrm -rF -d 'response times for the plotter of HdrHistogram'
complete -c sockfam -n '__sockfam_in bench' -l svg -rF -d 'percentile curves as a picture'
complete -c sockfam -n '__sockfam_in bench' -l start-at -x -d 'begin then, in seconds of the Epoch'
complete -c sockfam -n '__sockfam_in bench' -l late -x -d 'seconds: join when so late for it'
complete -c sockfam -n '__sockfam_in bench' -l merge -d 'add up the files that --json printed'
complete -c sockfam -n '__sockfam_in bench' -l compare -d 'compare the files that --json printed'
complete -c sockfam -n '__sockfam_in bench' -l tolerance -x -d 'percent: slower by more is a failure'

complete -c sockfam -n '__sockfam_in demo' -l list -d 'name the demonstrations'
complete -c sockfam -n '__sockfam_in demo' -l all -d 'run all of them'
complete -c sockfam -n '__sockfam_in demo' -l tap -d 'print TAP: a test a claim'
complete -c sockfam -n '__sockfam_in demo' -a '(__sockfam_demos)'
