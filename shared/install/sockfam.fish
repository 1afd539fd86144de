# fish completion for sockfam(1)

# Endpoints: a prefix, or a path, behind a prefix too.
function __sockfam_endpoints
	printf '%s\n' unix{,+stream,+dgram,+seqpacket}: inet{,6}{,+stream,+dgram}:
	set -l word (commandline -ct)
	set -l prefix (string match -r '^unix(?:\+[a-z]+)?:' -- $word)
	set -l path (string sub -s (math 1 + (string length -- "$prefix")) -- "$word")
	set -l files $path*
	printf '%s\n' $prefix$files
end

# Are we behind this command?
function __sockfam_in
	set -l words (commandline -opc)
	contains -- "$words[2]" $argv
end

complete -c sockfam -f
complete -c sockfam -n __fish_is_first_token -a serve -d 'echo server'
complete -c sockfam -n __fish_is_first_token -a talk -d 'client of an echo service'
complete -c sockfam -n __fish_is_first_token -a demo -d 'the tour'
complete -c sockfam -n __fish_is_first_token -l help -d 'list the commands'
complete -c sockfam -n __fish_is_first_token -l version -d 'tell the version'

complete -c sockfam -n '__sockfam_in serve talk' -a '(__sockfam_endpoints)'
complete -c sockfam -n '__sockfam_in serve talk' -s U -d 'unix sockets'
complete -c sockfam -n '__sockfam_in serve talk' -s 4 -d IPv4
complete -c sockfam -n '__sockfam_in serve talk' -s 6 -d IPv6
complete -c sockfam -n '__sockfam_in serve talk' -l family -x -a 'unix inet inet6' -d family
complete -c sockfam -n '__sockfam_in serve talk' -s u -d datagrams
complete -c sockfam -n '__sockfam_in serve talk' -s t -l type -x -a 'stream dgram seqpacket' -d type
complete -c sockfam -n '__sockfam_in serve talk' -l congestion -x -d 'TCP congestion control' \
	-a '(string split " " </proc/sys/net/ipv4/tcp_available_congestion_control)'
complete -c sockfam -n '__sockfam_in serve talk demo' -l help -d 'list the options'

complete -c sockfam -n '__sockfam_in serve' -l reply -x -a 'echo upper' -d 'what a message is answered with'
complete -c sockfam -n '__sockfam_in serve' -l backlog -x -d 'length of the listen queue'
complete -c sockfam -n '__sockfam_in serve' -l max-connections -x -d 'more are left in the listen queue'
complete -c sockfam -n '__sockfam_in serve' -l idle-timeout -x -d 'close a connection silent so many seconds'
complete -c sockfam -n '__sockfam_in serve' -l workers -x -d threads
complete -c sockfam -n '__sockfam_in serve' -l spin -x -d 'poll so many microseconds before sleeping'
complete -c sockfam -n '__sockfam_in serve' -l mode -x -d 'permission of a unix path, octal'
complete -c sockfam -n '__sockfam_in serve' -l drain -x -d 'deadline of the orderly end, seconds'
complete -c sockfam -n '__sockfam_in serve' -l allow-low-ports -d 'answer source ports below 1024 too'
complete -c sockfam -n '__sockfam_in serve' -l inetd -d 'serve the socket that is descriptor 0'
complete -c sockfam -n '__sockfam_in serve' -l ready-fd -x -d 'write a newline there once ready'
complete -c sockfam -n '__sockfam_in serve' -l both -d 'an inet6 listener also takes IPv4'
complete -c sockfam -n '__sockfam_in serve' -s v -l verbose -d 'tell of each connection'

complete -c sockfam -n '__sockfam_in talk' -s w -l timeout -x -d 'give up after so many silent seconds'
