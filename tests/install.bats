#!/usr/bin/env bats
# What is installed, and that the manual and the completions know the options that the program has.

load helper

INSTALLED='bin/sockfam
lib/systemd/system/sockfam.service
lib/systemd/system/sockfam.socket
share/bash-completion/completions/sockfam
share/fish/vendor_completions.d/sockfam.fish
share/man/man1/sockfam-bench.1
share/man/man1/sockfam.1
share/man/man5/sockfam-json.5
share/man/man7/sockfam-wire.7
share/sockfam/schema/who.json
share/zsh/site-functions/_sockfam'

prepare() {
	FILES=$TREE/shared/install
	# the program as `sockfam`, for completions that ask it
	mkdir -p "$BATS_FILE_TMPDIR/bin"
	ln -sf "$SOCKFAM" "$BATS_FILE_TMPDIR/bin/sockfam"
	PATH=$BATS_FILE_TMPDIR/bin:$PATH
}

install_under() { # VARIABLE=VALUE... (TARGET=install)
	run make -C "$TREE" "${TARGET:-install}" "$@"
	echo "$output"
	((status == 0))
}

same() { # WHAT EXPECTED GOT: as lists, a line each, in any order
	diff <(sort -u <<< "$2") <(sort -u <<< "$3") > difference && return 0
	printf '%s: < the program, > what it should match\n' "$1"
	cat difference
	return 1
}

# The commands that `sockfam --help` lists.
commands() {
	"$SOCKFAM" --help | sed -nE 's/^  ([a-z]+) .*/\1/p'
}

# A line for each option of COMMAND: its forms, as --help has them.
option_lines() { # COMMAND
	"$SOCKFAM" "$1" --help | sed -nE 's/^  (-[A-Za-z0-9])?(,? *)(--[a-z0-9-]+)?( .*)?$/\1 \3/p' |
		grep -e -
}

options() { # COMMAND
	option_lines "$1" | grep -oE -e '--?[A-Za-z0-9][a-z0-9-]*'
}

# For each command, OPTIONS_OF COMMAND prints what --help lists.
agrees() { # WHAT OPTIONS_OF
	local command bad=0 count=0
	for command in $(commands); do
		count=$((count + 1))
		same "$1, $command" "$(options "$command")" "$("$2" "$command")" || bad=1
	done
	((count >= 5 && bad == 0))
}

man_pages() {
	(cd "$FILES" && printf '%s\n' *.[1-9])
}

man_section() { # PAGE MACRO NAME: the text from it to the next section
	awk -v start=".$2 $3" '$0 == start { in_it = 1; next } /^\.S[hs] / { in_it = 0 } in_it' "$FILES/$1"
}

man_flags() {
	grep -oE 'Fl [^ ]+' | sed 's/^Fl /-/'
}

# A command has its options in a page of its own, or else in a section of sockfam.1.
man_page_of() { # COMMAND
	if [[ -e $FILES/sockfam-$1.1 ]]; then echo "sockfam-$1.1"; else echo sockfam.1; fi
}

man_options() { # COMMAND
	if [[ $(man_page_of "$1") != sockfam.1 ]]; then
		man_section "$(man_page_of "$1")" Ss Options > "man.$1"
	else
		man_section sockfam.1 Ss "$1" > "man.$1"
		# said of all commands at once
		man_section sockfam.1 Sh COMMANDS | grep '^\.Nm Ar command Fl -help' | man_flags
	fi
	[[ -s man.$1 ]] || echo "no options of $1"
	grep '^\.It .*Fl' "man.$1" | man_flags
	if grep -q '^\.Sx Endpoint options' "man.$1"; then
		man_section sockfam.1 Ss 'Endpoint options' | grep '^\.It .*Fl' | man_flags
	fi
}

synopsis() { # COMMAND [PAGE]
	man_section "${2:-$(man_page_of "$1")}" Sh SYNOPSIS |
		awk -v start=".Cm $1" '/^\.Nm/ { in_it = 0 } $0 == start { in_it = 1 } in_it'
}

# The pages of this manual that PAGE refers to, each by its file.
man_references() { # PAGE
	sed -nE 's/^\.(It )?Xr (sockfam[a-z-]*) ([1-9]).*/\2.\3/p' "$FILES/$1"
}

# The manual has the fields of FILE in its section SCHEMA, and their types.
documents() { # SCHEMA FILE
	local name type
	man_section sockfam-json.5 Ss "$1" > man.schema
	grep -qF "Qq $1" man.schema
	same "sockfam-json.5, $1" "$(reader json_fields.py null < "$2")" \
		"$(sed -nE 's/^\.(It )?Li ([a-z0-9_]+)( .*)?$/\2/p' man.schema)"
	while read -r name type; do
		# what is not in a table is said to be an integer
		grep -q "^\.It Li $name Ta" man.schema || { [[ $type == integer ]] && continue; }
		grep -q "^\.It Li $name Ta $type Ta" man.schema && continue
		echo "$1: $name is not said to be: $type"
		return 1
	done < <(reader json_fields.py < "$2")
}

# Of endpoints.
prefixes() {
	families | sed 's/$/:/'
	lanes | sed 's/$/:/'
}

demo_names() {
	"$SOCKFAM" demo --list | cut -d ' ' -f 1
}

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

# Those that choose a family.
flags() {
	family_lines | sed -nE 's/.* (-.)$/\1/p'
}

fish_options() { # COMMAND
	sed -nE "s/^\t*(complete -c sockfam -n '__sockfam_in ([a-z ]+)')/ \2 \1/p" "$FILES/sockfam.fish" |
		grep -E "^ ([a-z]+ )*$1 ([a-z]+ )*complete" > "fish.$1"
	sed -nE 's/.*complete .* -s ([^ ]+).*/-\1/p' "fish.$1" | grep -vxF -e "-\$letter"
	# $letter stands for the families', which another test sees
	! grep -qF -e "-s \$letter" "fish.$1" || flags
	sed -nE 's/.*complete .* -l ([^ ]+).*/--\1/p' "fish.$1"
}

@test "make install puts every file at its place, and nothing else" {
	umask 077 # what is installed is for everybody all the same
	install_under DESTDIR="$PWD/root" PREFIX=/usr/local
	same 'make install' "$INSTALLED" "$(cd root/usr/local && find . -type f | sed 's|^\./||')"
	[[ -z $(find root -type f -not -path 'root/usr/local/*') ]]
	[[ -z $(find root -type f -not -perm -444) ]]
	[[ -z $(find root -type f -perm /111 -not -name sockfam) ]]
	[[ $(root/usr/local/bin/sockfam --version) == 'sockfam '* ]]
}

@test "make uninstall leaves nothing of it" {
	install_under DESTDIR="$PWD/root"
	[[ -n $(find root -type f) ]]
	touch root/another
	TARGET=uninstall install_under DESTDIR="$PWD/root"
	[[ $(find root -type f) == root/another ]]
}

@test "the service names the program where PREFIX puts it" {
	install_under DESTDIR="$PWD/root" PREFIX=/opt/echo
	grep -qx 'ExecStart=/opt/echo/bin/sockfam serve' root/opt/echo/lib/systemd/system/sockfam.service
	! grep -r '@[A-Z]*@' root/opt/echo/lib root/opt/echo/share
}

@test "systemd finds no fault with the units" {
	needs systemd-analyze
	install_under PREFIX="$PWD/prefix"
	run systemd-analyze verify --man=no prefix/lib/systemd/system/sockfam.{socket,service}
	echo "$output"
	[[ $status == 0 && -z $output ]]
}

@test "the manual has the options of every command, and no others" {
	agrees 'the manual' man_options
}

@test "the manual's synopsis names every option once, and no others" {
	local command line bad=0 count=0
	for command in $(commands); do
		count=$((count + 1))
		[[ -n $(synopsis "$command" sockfam.1) ]] || {
			echo "$command: not in the synopsis of sockfam.1"
			bad=1
		}
		synopsis "$command" | man_flags > "synopsis.$command"
		if [[ -n $(comm -23 <(sort "synopsis.$command") <(options "$command" | sort)) ]]; then
			echo "$command: more in the synopsis than in --help"
			bad=1
		fi
		while read -r line; do
			[[ $line == --help ]] && continue
			[[ $(grep -cxF -e "${line// /$'\n'}" "synopsis.$command") == 1 ]] && continue
			echo "$command: $line is not once in the synopsis"
			bad=1
		done < <(option_lines "$command")
	done
	((count >= 5 && bad == 0))
}

@test "no option is there twice, a letter of a family's least of all" {
	local command
	for command in $(commands); do
		[[ -z $(options "$command" | sort | uniq -d) ]]
	done
}

@test "the manual has every family and type, and no others" {
	local types
	types=$(for family in $(families); do types_of "$family" | tr ' ' '\n'; done)
	same 'sockfam.1, endpoints' "$(families)"$'\n'"$types" \
		"$(man_section sockfam.1 Sh ENDPOINTS | sed -nE 's/^\.It Cm ([a-z0-9]+)$/\1/p')"
}

@test "the manual has every command, and no others" {
	same 'sockfam.1, list of commands' "$(commands)" \
		"$(man_section sockfam.1 Sh DESCRIPTION | sed -nE 's/^\.It Cm ([a-z]+)$/\1/p')"
	same 'sockfam.1, subsections' "$(commands)" \
		"$(awk '/^\.S[hs] / { in_it = in_it && /^\.Ss/ || $2 == "COMMANDS" } in_it && /^\.Ss/ { print $2 }' \
			"$FILES/sockfam.1")"
}

@test "the manual has every field of ping's JSON with its type, and no others" {
	start_server inet+stream::0 inet+dgram::0
	"$SOCKFAM" ping -c 2 -i 0 --json "$ENDPOINT" > stream.json
	"$SOCKFAM" ping -c 2 -i 0 --json "${ENDPOINTS[1]}" > dgram.json
	documents sockfam-ping/1 stream.json
	documents sockfam-ping/1 dgram.json
	grep -qF '"connect_ns": null' dgram.json
}

@test "the manual has every field of bench's JSON with its type, and no others" {
	start_server inet+stream::0
	"$SOCKFAM" bench -n 20 --warmup 0 --rounds 2 -R 1000.5 --congestion reno --json "$ENDPOINT" > all.json ||
		"$SOCKFAM" bench -n 20 --warmup 0 --rounds 2 -R 1000.5 --json "$ENDPOINT" > all.json
	"$SOCKFAM" bench -d 0.01 --warmup 0 --json "$ENDPOINT" > closed.json
	"$SOCKFAM" bench --merge --json all.json all.json > merged.json
	documents sockfam-bench/1 all.json
	documents sockfam-bench/1 closed.json
	documents sockfam-bench/1 merged.json
	grep -qF '"duration_ns": null' all.json
}

@test "the manual has the members of a reply that says who asks, as its schema has them" {
	needs_python
	same 'sockfam-json.5, who' "$(python -c '
import json, sys
members = json.load(open(sys.argv[1]))["properties"]
for name in members:
    print(name)
' "$FILES/schema/who.json" | sort)" \
		"$(man_section sockfam-json.5 Sh 'THE REPLIES OF --reply who' |
			sed -nE 's/^\.It Li ([a-z0-9_]+) Ta.*/\1/p' | sort)"
}

@test "the manual has the columns of bench's table, and no others" {
	start_server inet+stream::0 inet+dgram::0
	"$SOCKFAM" bench -n 2 --warmup 0 "${ENDPOINTS[@]}" > table
	same 'sockfam-bench.1, table' "$(sed -n 2p table | tr -s ' ' '\n')" \
		"$(man_section sockfam-bench.1 Sh 'THE TABLE' | sed -nE 's/^\.It Li ([^ ]+) Ta.*/\1/p')"
}

@test "the manual's histogram is one that the program reads" {
	local example
	example=$(man_section sockfam-json.5 Ss 'The line in the JSON' | sed -n 's/^\.Dl //p')
	[[ $example == 'count=3 '* ]]
	start_server inet+stream::0
	"$SOCKFAM" bench -n 3 --rounds 1 --warmup 0 --json "$ENDPOINT" |
		sed -E "s/(\"[a-z_]*histogram\": )\"[^\"]*\"/\1\"$example\"/" > example.json
	"$SOCKFAM" bench --merge --json example.json > merged.json
	grep -qF "\"histogram\": \"$example\"" merged.json
}

@test "the manual's diagnostics are what the program says" {
	local text count=0
	man_section sockfam.1 Sh DIAGNOSTICS | sed -nE 's/^\.It .* : No (.*)/\1/p' > diagnostics
	grep -rhF --include='*.c' '"' "$TREE/shared" "$TREE"/af_* > said
	python -c 'import errno, os; print(*map(os.strerror, errno.errorcode), sep="\n")' >> said
	while read -r text; do
		count=$((count + 1))
		grep -qF -e "$text" said || {
			echo "sockfam.1: nothing says: $text"
			return 1
		}
	done < <(sed -E 's/^\\&//; s/ Pq [0-9]+$//' diagnostics)
	((count >= 10 && count == $(man_section sockfam.1 Sh DIAGNOSTICS | grep -c '^\.It')))
}

@test "the manual's example of a proof is right" {
	sed -nE 's/^(Kc|Ks|tagC|tagS|HMAC) +([0-9a-f]{64})$/\1 \2/p' "$FILES/sockfam-wire.7" > printed
	python -c '
import hashlib, hmac
def mac(key, text):
    return hmac.new(key, text, hashlib.sha256).digest()
secret, service = b"correct horse battery staple 123", b"echo"
server, client = bytes(range(32)), bytes(range(128, 160))
keys = [mac(secret, b"sockfam-auth/1 key " + way) for way in (b"client-to-server", b"server-to-client")]
text = b"sockfam-auth/1\0SFECHO\1\0" + len(service).to_bytes(2, "big") + service + server + client
tag = mac(keys[0], text)
for name, value in zip("Kc Ks tagC tagS HMAC".split(),
                       keys + [tag, mac(keys[1], text + tag), mac(secret, server)]):
    print(name, value.hex())' > computed
	diff printed computed
}

@test "mandoc has no complaint about the manual" {
	needs mandoc
	local page bad=0 count=0
	for page in $(man_pages); do
		count=$((count + 1))
		mandoc -T lint -W warning "$FILES/$page" || bad=1
	done
	((count >= 4 && bad == 0))
}

@test "sockfam.1 refers to every other page, and every page to what there is" {
	local page reference
	same 'sockfam.1' "$(man_pages)" "sockfam.1
$(man_references sockfam.1)"
	for page in $(man_pages); do
		[[ $page == sockfam.1 ]] || man_references "$page" | grep -qx sockfam.1
		man_references "$page" > references
		while read -r reference; do
			[[ -f $FILES/$reference ]] || {
				echo "$page refers to $reference"
				return 1
			}
		done < references
	done
	# one that does not begin its line would not have been seen
	[[ $(cat "$FILES"/*.[1-9] | grep -c 'Xr sockfam') == "$(for page in $(man_pages); do
		man_references "$page"
	done | grep -c .)" ]]
}

@test "a page's own cross-references lead to sections that it has" {
	local page name count=0
	for page in $(man_pages); do
		while read -r name; do
			count=$((count + 1))
			grep -qE "^\.S[hs] $name\$" "$FILES/$page" || {
				echo "$page has no section: $name"
				return 1
			}
		done < <(sed -nE 's/^.*Sx ([A-Za-z][A-Za-z -]*[A-Za-z]).*$/\1/p' "$FILES/$page")
	done
	((count >= 10))
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

@test "bindir, mandir and unitdir are the packager's; the version is the program's, in the manual too" {
	install_under DESTDIR="$PWD/root" bindir=/b mandir=/m unitdir=/u
	[[ -x root/b/sockfam && -f root/m/man1/sockfam.1 && -f root/u/sockfam.socket ]]
	grep -qx 'ExecStart=/b/sockfam serve' root/u/sockfam.service
	local version
	version=$("$SOCKFAM" --version | cut -d ' ' -f 2)
	[[ $version && $(grep -rh '^\.Os' root/m | sort -u) == ".Os sockfam $version" ]]
}

@test "make dist: a tarball that builds elsewhere, to the same program" {
	needs git gzip cmp
	git -C "$TREE" rev-parse --is-inside-work-tree > /dev/null || skip "not a git checkout"
	local here=$PWD one two
	local make=(env -u MAKEFLAGS -u MFLAGS make -s -j2 BUILD=build SANITIZE= POSIX=) # whatever the tests are made with
	make -s -C "$TREE" dist BUILD="$here/dist" > out 2>&1 || { cat out; return 1; }
	mkdir one two-more
	for each in one two-more; do
		tar -xzf dist/sockfam-*.tar.gz -C "$each"
		"${make[@]}" -C "$each"/sockfam-* CFLAGS='-O0 -g -Werror' > out 2>&1 || { cat out; return 1; }
	done
	one=(one/sockfam-*) two=(two-more/sockfam-*)
	cmp "${one[0]}/build/sockfam" "${two[0]}/build/sockfam"
	"${one[0]}/build/sockfam" demo | grep -q '^7 of 7 answered'
	# a packager's own hardening is no warning
	CFLAGS='-O1 -Werror -D_FORTIFY_SOURCE=3' "${make[@]}" -C "${one[0]}" BUILD=fortified fortified/shared/base/clock.o
}
