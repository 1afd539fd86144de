#!/usr/bin/env bats
# The completions know the program's options, and no others.

load helper
load options

bash_completion() { # WORD...: what is offered for the last one
	bash --norc -c '. "$0"; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		"$(complete -p sockfam | sed -nE "s/.*-F ([^ ]+).*/\1/p")"
		printf "%s\n" "${COMPREPLY[@]}"' \
		"$FILES/sockfam.bash" "$@"
}

bash_options() { # COMMAND
	bash_completion sockfam "$1" -
}

complete_by_fish() { # LINE
	HOME=$PWD fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$FILES/sockfam.fish" "$1" 2>&1 | cut -f 1
}

zsh_block() { # START END
	awk -v start="$1" -v end="$2" '{ line = $0; sub(/^\t*/, "", line) }
		index(line, start) == 1 { in_it = 1 } in_it { print line } in_it && line == end { exit }' "$FILES/_sockfam"
}

zsh_options() { # COMMAND
	zsh_block "$1)" ') ;;' > "zsh.$1"
	if grep -qF "\$endpoint" "zsh.$1"; then
		zsh_block 'local -a options endpoint=(' ')' >> "zsh.$1"
		# the families fill $flags, as another test sees
		! grep -qxF $'\t\t$flags' "$FILES/_sockfam" || { flags; echo --family; }
	fi
	if grep -qF "\$secret" "zsh.$1"; then
		zsh_block 'local -a secret=(' ')' >> "zsh.$1"
	fi
	if grep -qF "\$route" "zsh.$1"; then
		zsh_block 'local route=(' ')' >> "zsh.$1"
	fi
	if grep -qF "\$server_uid" "zsh.$1"; then
		sed -n 's/^\tlocal server_uid=//p' "$FILES/_sockfam" >> "zsh.$1"
	fi
	# without descriptions and without the lists of what excludes an option
	grep -E "^['{]" "zsh.$1" | sed -E "s/\[[^]]*\]//g; s/^'\([^)]*\)//" | grep -oE -e '--?[A-Za-z0-9][a-z0-9-]*'
}

fish_options() { # COMMAND
	sed -nE "s/^\t*(complete -c sockfam -n '__sockfam_in ([a-z ]+)')/ \2 \1/p" "$FILES/sockfam.fish" |
		grep -E "^ ([a-z]+ )*$1 ([a-z]+ )*complete" > "fish.$1"
	sed -nE 's/.*complete .* -s ([^ ]+).*/-\1/p' "fish.$1" | grep -vxF -e "-\$letter"
	# $letter stands for the families', which another test sees
	! grep -qF -e "-s \$letter" "fish.$1" || flags
	sed -nE 's/.*complete .* -l ([^ ]+).*/--\1/p' "fish.$1"
}

@test "the completions offer every command, and no others" {
	same 'sockfam.bash' "$(commands)" "$(bash_completion sockfam '' | grep -v '^-')"
	same '_sockfam' "$(commands)" "$(grep -oE '[ (][a-z]+\\:"' "$FILES/_sockfam" | tr -dc 'a-z\n')"
	same 'sockfam.fish' "$(commands)" \
		"$(sed -nE 's/^complete .*__fish_is_first_token -a ([a-z]+) .*/\1/p' "$FILES/sockfam.fish")"
}

@test "bash completes the options of every command, and no others" {
	agrees 'sockfam.bash' bash_options
}

@test "zsh completes the options of every command, and no others" {
	agrees '_sockfam' zsh_options
}

@test "fish completes the options of every command, and no others" {
	agrees 'sockfam.fish' fish_options
}

@test "the completions offer the reply forms that there are" {
	local forms
	forms=$("$SOCKFAM" serve --reply '?' 2>&1 | sed -nE 's/.*is none of (.*)/\1/p' | sed 's/, /\n/g')
	grep -qx echo <<< "$forms"
	same 'sockfam.bash' "$forms" "$(bash_completion sockfam serve --reply '')"
	same '_sockfam' "$forms" "$(sed -nE 's/.*:form:\((.*)\).*/\1/p' "$FILES/_sockfam" | tr ' ' '\n')"
	same 'sockfam.fish' "$forms" \
		"$(sed -nE "s/.* -l reply -x -a '([^']*)'.*/\1/p" "$FILES/sockfam.fish" | tr ' ' '\n')"
}

@test "the completions offer the forms of proof that there are" {
	local forms
	forms=$("$SOCKFAM" talk --secret-file /dev/null --auth '?' 2>&1 | sed -nE 's/.*is none of (.*)/\1/p' | sed 's/, /\n/g')
	grep -qx mutual <<< "$forms"
	same 'sockfam.bash' "$forms" "$(bash_completion sockfam talk --auth '')"
	same '_sockfam' "$forms" "$(sed -nE 's/.*:form of proof:\((.*)\).*/\1/p' "$FILES/_sockfam" | tr ' ' '\n')"
	same 'sockfam.fish' "$forms" \
		"$(sed -nE "s/.* -l auth -x -a '([^']*)'.*/\1/p" "$FILES/sockfam.fish" | tr ' ' '\n')"
}

@test "bash completes the demonstrations" {
	[[ -n $(demo_names) ]]
	same 'all of them' "$(demo_names)" "$(bash_completion sockfam demo '')"
	same 'behind another' "$(demo_names)" "$(bash_completion sockfam demo --tap x '')"
	same 'one' "$(demo_names | head -n 1)" \
		"$(bash_completion sockfam demo "$(demo_names | head -n 1)" | head -n 1)"
	same 'none' '' "$(bash_completion sockfam demo no-such)"
}

@test "fish completes the demonstrations" {
	needs fish
	[[ -n $(demo_names) ]]
	same 'all of them' "$(demo_names)" "$(complete_by_fish 'sockfam demo ')"
}

@test "zsh completes the demonstrations" {
	needs zsh
	[[ -n $(demo_names) ]]
	# what stands round it needs a terminal: they are asked for, cut and handed on in one function
	run zsh -f -o extendedglob -c 'program=sockfam
		_call_program() { shift; eval "$@"; }
		_describe() { print -rl -- ${(P)${@[-1]}}; }
		eval "$(sed -n "/^_sockfam_demo()/,/^}/p" $1)"; _sockfam_demo' zsh "$FILES/_sockfam"
	same 'names and claims' "$("$SOCKFAM" demo --list | sed -E 's/ +[a-z0-9]+ +/:/')" "$output"
}

@test "bash completes values, prefixes and paths" {
	touch a.sock
	same 'an option with =' $'dgram' "$(bash_completion sockfam talk --type = d)"
	same 'a prefix' "$(prefixes | grep '^inet6')" "$(bash_completion sockfam serve inet6)"
	same 'the families' "$(families)" "$(bash_completion sockfam ping --family '')"
	same 'the types' "$(families | while read -r family; do types_of "$family"; done)" \
		"$(bash_completion sockfam ping -t '')"
	same 'a path' ./a.sock "$(bash_completion sockfam talk ./a)"
	same 'a path behind a prefix' a.sock "$(bash_completion sockfam talk unix : a)"
	same 'a path right behind a prefix' "$(ls)" "$(bash_completion sockfam talk unix+dgram :)"
	same 'no path' '' "$(bash_completion sockfam talk inet :)"
	same 'a number' '' "$(bash_completion sockfam serve --backlog '')"
	same 'a number of another command' '' "$(bash_completion sockfam bench --depth '')"
	same 'a number behind =' '' "$(bash_completion sockfam bench --rate = '')"
	same '--spin takes one in serve' '' "$(bash_completion sockfam serve --spin a)"
	same '--spin takes none in ping' ./a.sock "$(bash_completion sockfam ping --spin a)"
	same 'a name alone, which would be a host' ./a.sock "$(bash_completion sockfam talk a)"
	same 'a file alone' "$(ls)" "$(bash_completion sockfam bench --svg '')"
	same 'a secret file' "$(ls)" "$(bash_completion sockfam serve --secret-file '')"
	same 'a list' '' "$(bash_completion sockfam serve --allow-uid '')"
	same 'a user' '' "$(bash_completion sockfam ping --server-uid '')"
	same 'files alone' "$(ls)" "$(bash_completion sockfam bench --merge '')"
}

@test "fish completes options, values and paths" {
	needs fish
	touch a.sock
	same 'the prefixes' "$(prefixes)" "$(complete_by_fish 'sockfam talk ' | grep ':$')"
	same 'the families' "$(families)" "$(complete_by_fish 'sockfam talk --family ')"
	same 'the flags' "$(flags)" \
		"$(complete_by_fish 'sockfam talk -' | grep -xF -e "$(flags)")"
	same 'a type' $'dgram\nseqpacket\nstream' "$(complete_by_fish 'sockfam talk -t ')"
	same 'a path' unix:a.sock "$(complete_by_fish 'sockfam talk unix:a')"
	same 'a path without one' ./a.sock "$(complete_by_fish 'sockfam talk ./a')"
	same 'a name alone would be a host' '' "$(complete_by_fish 'sockfam talk a' | grep sock)"
	same 'an endpoint' unix:a.sock "$(complete_by_fish 'sockfam ping --spin unix:a')"
	same 'a file' a.sock "$(complete_by_fish 'sockfam bench --svg a')"
	same 'no path' '' "$(complete_by_fish 'sockfam talk ./none')"
	same 'an option' --reply "$(complete_by_fish 'sockfam serve --rep')"
	same 'not that of another command' '' "$(complete_by_fish 'sockfam talk --rep')"
}

@test "zsh completes the families" {
	needs zsh
	local line
	run zsh -f -o extendedglob -c 'program=sockfam
		typeset -a families types prefixes paths flags
		_call_program() { shift; eval "$@"; }
		eval "$(sed -n "/^_sockfam_families()/,/^}/p" $1)"; _sockfam_families
		print -rl -- "= "$^families "t "$^types ": "$^prefixes "/ "$^paths $flags' zsh "$FILES/_sockfam"
	printf '%s\n' "${lines[@]}" > out
	same 'names' "$(families)" "$(sed -n 's/^= //p' out)"
	same 'types' "$(families | while read -r line; do types_of "$line"; done)" "$(sed -n 's/^t //p' out)"
	same 'prefixes' "$(prefixes)" "$(sed -n 's/^: //p' out)"
	same 'those with paths' "$(family_lines | sed -nE 's/ .* PATH.*//p')" "$(sed -n 's|^/ ||p' out)"
	same 'flags' "$(flags; echo --family)" \
		"$(sed -nE 's/^\([^)]*\)(--?[a-zA-Z0-9]+).*/\1/p' out)"
}

@test "zsh loads its completion" {
	needs zsh
	run zsh -f -c 'fpath=($1 $fpath) && autoload -Uz compinit && compinit -u -d dump &&
		autoload +X _sockfam && print -r -- $_comps[sockfam]' zsh "$FILES"
	echo "$output"
	[[ $status == 0 && $output == _sockfam ]]
}
