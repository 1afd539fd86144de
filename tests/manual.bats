#!/usr/bin/env bats
# The manual knows the program's options, formats and messages, and no others.

load helper
load options

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
