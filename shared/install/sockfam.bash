# bash completion for sockfam(1)

_sockfam_file() {
	compopt -o filenames 2>/dev/null
	local IFS=$'\n'
	COMPREPLY+=($(compgen -f -- "$1"))
}

# The program's families, as its help ends: a line each, NAME TYPE|TYPE FORM-OF-ADDRESS FLAG.
_sockfam_families() {
	"${COMP_WORDS[0]}" talk --help 2>/dev/null |
		sed -nE 's/^  ([a-z0-9]+)\+([a-z|]+):([^ ]+)( -.)?$/\1 \2 \3\4/p'
}

# Endpoints: a prefix, or a path. Bash takes a colon, and what is behind it, for words of their own.
_sockfam_endpoint() {
	local word=${COMP_WORDS[COMP_CWORD]} behind=${COMP_WORDS[COMP_CWORD - 2]}
	local prefixes= file= family types form flag
	if [[ $word == : ]]; then
		word= behind=${COMP_WORDS[COMP_CWORD - 1]}
	elif [[ ${COMP_WORDS[COMP_CWORD - 1]} != : ]]; then
		behind= file=yes
	fi
	while read -r family types form flag; do
		prefixes+=" $family: $family+${types//|/: $family+}:"
		if [[ ${behind%%+*} == "$family" && $form == PATH ]]; then
			file=yes
		fi
	done < <(_sockfam_families)
	if [[ -z $behind ]]; then
		COMPREPLY=($(compgen -W "$prefixes" -- "$word"))
		if ((${#COMPREPLY[@]})); then
			compopt -o nospace 2>/dev/null
		fi
	fi
	if [[ $file ]]; then
		# a name alone would be a host's
		[[ $behind || $word == [./]* || $word == */* ]] || word=./$word
		_sockfam_file "$word"
	fi
}

_sockfam() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local endpoint options values=
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		COMPREPLY=($(compgen -W 'serve talk ping bench demo --help --version' -- "$current"))
		return
	fi
	# --option=value comes as three words
	if [[ $current == = ]]; then
		current=
	elif [[ $previous == = ]]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	endpoint="$(_sockfam_families | cut -d ' ' -f 4) --family -u -t --type"
	# VALUES: options whose argument nobody can guess
	case ${COMP_WORDS[1]} in
	serve)
		options="$endpoint --reply --backlog --max-connections --idle-timeout --workers --spin
			--mode --drain --secret-file --auth --auth-name --proxy-protocol --allow-uid
			--allow-gid --allow-low-ports --inetd --ready-fd --congestion --both -v --verbose
			--help"
		values='--backlog --max-connections --idle-timeout --workers --spin --mode --drain
			--ready-fd --auth-name --allow-uid --allow-gid' ;;
	talk)
		values='-w --timeout --auth-name --server-uid'
		options="$endpoint $values --secret-file --auth --congestion --help" ;;
	ping)
		values='-c --count -i --interval -s --size -W --wait -w --deadline --auth-name --server-uid'
		options="$endpoint $values -D --timestamps -q --quiet --json --spin --secret-file --auth --congestion
			--help" ;;
	bench)
		values='-c --connections -s --size --depth -d --duration -n --messages -R --rate
			--warmup --rounds --threads --start-at --auth-name --server-uid'
		options="$endpoint $values --spin --secret-file --auth --congestion --json --hgrm --svg
			--merge --help" ;;
	demo)
		options='--list --all --tap --help' ;;
	*)
		return ;;
	esac
	case $previous in
	--family) COMPREPLY=($(compgen -W "$(_sockfam_families | cut -d ' ' -f 1)" -- "$current")) ;;
	-t | --type)
		COMPREPLY=($(compgen -W "$(_sockfam_families | cut -d ' ' -f 2 | tr '|' '\n' | sort -u)" \
			-- "$current")) ;;
	--reply) COMPREPLY=($(compgen -W 'echo upper json' -- "$current")) ;;
	--auth) COMPREPLY=($(compgen -W 'mutual simple' -- "$current")) ;;
	--congestion)
		COMPREPLY=($(compgen -W "$(cat /proc/sys/net/ipv4/tcp_available_congestion_control \
			2>/dev/null)" -- "$current")) ;;
	--hgrm | --svg | --secret-file) _sockfam_file "$current" ;;
	*)
		if [[ -n $previous && " ${values//[[:space:]]/ } " == *" $previous "* ]]; then
			return
		elif [[ $current == -* ]]; then
			COMPREPLY=($(compgen -W "$options" -- "$current"))
		elif [[ ${COMP_WORDS[1]} == demo ]]; then
			COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" demo --list 2>/dev/null |
				cut -d ' ' -f 1)" -- "$current"))
		elif [[ " ${COMP_WORDS[*]} " == *' --merge '* ]]; then
			_sockfam_file "$current"
		else
			_sockfam_endpoint
		fi ;;
	esac
}

complete -F _sockfam sockfam
