#!/usr/bin/env bats
# talk edits the line at a terminal: what a person types and sees, on a screen of our own
# (tests/peers/screen.py), in a wide window and in a narrow one.

# shellcheck disable=SC2030,SC2031,SC2034,SC2119,SC2120,SC2153,SC2154
# (each test is a subshell of its own; the variables are helper.bash's)

load helper

TYPES='stream dgram seqpacket'

prepare() {
	needs_python
	export TERM=xterm
}

# Runs talk with the steps of `script` (tests/peers/person.py).
person() { # [--cut] COLUMNS [ARGUMENT...]
	local cut=()
	if [[ $1 == --cut ]]; then
		cut=(--cut)
		shift
	fi
	# all that a POSIX build knows of the window's width
	COLUMNS=$1 peer person.py "${cut[@]}" "$1" script "$SOCKFAM" talk "${@:2}"
}

# A peer that sends the lines of the fifo `speak`.
start_speaker() { # LANE
	rm -f speak s
	start_peer speaker.py "$1" speak > speaker.out
	wait_until 10 grep -qx ready speaker.out
}

@test "a message, its reply, the next prompt; exit leaves" {
	local type columns
	cat > script <<- 'END'
		see >>> |
		type hello\n
		see >>> hello\nhello\n>>> |
		type how are you?\r
		see >>> how are you?\nhow are you?\n>>> |
		type exit\r
		end 0
	END
	for type in $TYPES; do
		for columns in 80 20; do
			start_server "unix+$type:s"
			person "$columns" "$ENDPOINT"
			stop_server
			served bytes=17
		done
	done
}

@test "a paste of eight lines: eight messages, and eight replies, each a line" {
	local type columns
	cat > script <<- 'END'
		see >>> |
		paste 1\n22\nthree\n4\n5\n6\n7\neight\n
		see >>> 1\n22\nthree\n4\n5\n6\n7\neight\n1\n22\nthree\n4\n5\n6\n7\neight\n>>> |
		type \x04
		end 0
	END
	for type in $TYPES; do
		for columns in 80 20; do
			start_server "unix+$type:s"
			person "$columns" "$ENDPOINT"
			stop_server
			[[ $type == stream ]] || served messages=8
			served bytes=17
		done
	done
}

@test "a paste longer than what the sockets hold" {
	local type i
	{
		printf 'see >>> |\npaste '
		for i in {1..100}; do letters 3400; printf '\\n'; done
		printf 'last\\n\nsee last\\n>>> |\ntype \\x04\nend 0\n'
	} > script
	for type in $TYPES; do
		start_server "unix+$type:s"
		person 80 "$ENDPOINT"
		stop_server
		served bytes=340004
	done
}

@test "every key" {
	cat > script <<- 'END'
		see >>> |
		type hellp\x7fo
		see >>> hello|
		type \x02\x1b[D
		see >>> hel|lo
		type \x06
		see >>> hell|o
		type \x1b[C
		see >>> hello|
		type \x01
		see >>> |hello
		type \x1b[3~
		see >>> |ello
		type \x04\x1b[C
		see >>> l|lo
		type \x05\x08
		see >>> ll|
		type \x1b[H
		see >>> |ll
		type \x1b[F
		see >>> ll|
		type \x1bOH
		see >>> |ll
		type \x1bOF
		see >>> ll|
		type \x1b[1~
		see >>> |ll
		type \x1b[4~
		see >>> ll|
		type \x01one two\x20
		see >>> one two |ll
		type \x17
		see >>> one |ll
		type \x0b
		see >>> one |
		type \x15
		see >>> |
		type one two three\x1bb\x1b[1;5D
		see >>> one |two three
		type \x1b[1;5C\x15
		see >>> | three
		type \x0bx\ty\x16\x1bz
		see >>> x   y^[z|
		type \x0c
		see >>> x   y^[z|
		type \x15\x1b[5~\x1b[[A\x1b[15~\x1bOP\x07\x14\x00ok
		see >>> ok|
		type \x15\x04
		end 0
	END
	start_server unix+seqpacket:s
	person 80 "$ENDPOINT"
	stop_server
	served messages=0
}

@test "the lines of the session, by up and down" {
	local keys up down
	start_server unix+stream:s
	for keys in '\x1b[A \x1b[B' '\x10 \x0e' '\x1bOA \x1bOB'; do
		read -r up down <<< "$keys"
		cat > script <<- END
			see >>> |
			type $up$down
			type one\\rtwo\\rtwo\\r
			see two\\n>>> |
			type unsent$up
			see >>> two|
			type $up
			see >>> one|
			type $up
			see >>> one|
			type $down$down
			see >>> unsent|
			type $down
			see >>> unsent|
			type $up$up!\\r
			see >>> one!\\none!\\n>>> |
			type $up
			see >>> one!|
			type \\x15\\x04
			end 0
		END
		person 80 "$ENDPOINT"
	done
	stop_server
}

@test "what is wide, what combines, and what is no UTF-8" {
	local columns
	cat > script <<- 'END'
		see >>> |
		type 日本e\xcc\x81x
		see >>> 日本e\xcc\x81x|
		type \x1b[D\x1b[D\x1b[D
		see >>> 日|本e\xcc\x81x
		type \x1b[C\x04
		see >>> 日本|x
		type \x7f
		see >>> 日|x
		type \xe6
		see >>> 日\\xe6|x
		type \x9c
		see >>> 日\\xe6\\x9c|x
		type \xac
		see >>> 日本|x
		type \xff\xc2\x85
		see >>> 日本\\xff\\u0085|x
		type \x7f\r
		see >>> 日本\\xffx\n日本�x\n>>> |
		type \x04
		end 0
	END
	start_server unix+seqpacket:s
	for columns in 80 20; do
		person "$columns" "$ENDPOINT"
	done
	stop_server
	# 日本, the byte, and x, twice
	served messages=2 bytes=16
}

@test "what is pasted is text, whatever keys it might be" {
	cat > script <<- 'END'
		see >>> |
		paste a\x03\x04\x1a\x1b[A\x1b[20z\tb
		see >>> a^C^D^Z^[[A^[[20z   b|
		type \x1b[200~!\r\n\x1b[201~
		see >>> a^C^D^Z^[[A^[[20z   b!\n|
		shell echo done > speak
		see >>> a^C^D^Z^[[A^[[20z   b!\ndone\n>>> |
		type \x03
		end -2
	END
	start_speaker unix+seqpacket:s
	person 80 unix+seqpacket:s
}

@test "a line wider than the window goes sideways, and is shown whole once it is sent" {
	local columns
	cat > script <<- 'END'
		see >>> |
		type 0123456789abcdefghijklmnopqrstuvwxyz
		see >>> <uvwxyz|
		type \x1b[D\x1b[D
		see >>> <uvwx|yz
		type \x01
		see >>> |0123456789abcd>
		type \x1b[C\x1b[C\x0b日本語日本語日本
		see >>> <語日本|
		type \x7f\x7f\x7f\x7f\x7f
		see >>> 01日本語|
		type xxxxxxxxxx\r
		see >>> 01日本語xxxxxxxx\nxx\n01日本語xxxxxxxxxx\n>>> |
		type exit\r
		end 0
	END
	start_server unix+seqpacket:s
	person 20 "$ENDPOINT"
	stop_server
}

@test "what comes meanwhile is printed above the unsent line" {
	local type columns
	for type in stream seqpacket dgram; do
		for columns in 80 20; do
			start_speaker "unix+$type:s"
			cat > script <<- 'END'
				see >>> |
				type x\r
				see >>> x\n|
				shell echo y > speak
				see >>> x\ny\n>>> |
				type half a
				see >>> half a|
				shell echo 'news!' > speak
				see >>> x\ny\nnews!\n>>> half a|
				type \x01
				see >>> |half a
				shell printf 'more%snews\\n' '\\n' > speak
				see news!\nmore\nnews\n>>> |half a
				type \x15\x0b\x04
				end 0
			END
			person "$columns" "unix+$type:s"
			echo end > speak
			finish "$PEER"
		done
	done
}

@test "a reply that comes in pieces while the next line is typed stays in one piece" {
	cat > script <<- 'END'
		see >>> |
		type a long line\r
		see >>> a long line\n|
		shell echo 'A lon' > speak
		see A lon|
		type ne
		see A lon\nne|
		shell echo 'g L\\xc3' > speak
		see A long L\nne|
		shell echo '\\xa9ne' > speak
		see >>> a long line\nA long Léne\n>>> ne|
		type \x15\x04
		end 0
	END
	for columns in 80 20; do
		start_speaker unix+stream:s
		person "$columns" unix+stream:s
		echo end > speak
		finish "$PEER"
	done
}

@test "^C drops a line, and without one ends talk as SIGINT would" {
	local type
	cat > script <<- 'END'
		see >>> |
		type hello\x03
		see >>> hello^C\n>>> |
		type \x1b[A
		see >>> |
		type one\r
		see one\n>>> |
		type \x03
		end -2
	END
	for type in $TYPES; do
		start_server "unix+$type:s"
		person 80 "$ENDPOINT"
		stop_server
		served bytes=3
	done
}

@test "^C also ends the wait for a reply" {
	start_speaker unix+stream:s
	cat > script <<- 'END'
		see >>> |
		type hello\r
		see >>> hello\n|
		type \x03
		end -2
	END
	person 80 unix+stream:s
}

@test "^Z stops it, and fg shows the line again" {
	local type
	cat > script <<- 'END'
		see >>> |
		type half a\x02
		see >>> half |a
		type \x1a
		stopped
		fg
		see >>> half |a
		signal SIGTSTP
		stopped
		fg
		see >>> half |a
		type \x05 line\r
		see >>> half a line\nhalf a line\n>>> |
		type \x04
		end 0
	END
	for type in $TYPES; do
		start_server "unix+$type:s"
		person 80 "$ENDPOINT"
		person 20 "$ENDPOINT"
		stop_server
		served bytes=22
	done
}

@test "the terminal is given back at every end" {
	local end
	start_server unix+seqpacket:s
	for end in 'type \x1c' 'signal SIGTERM' 'signal SIGHUP' 'signal SIGINT' 'signal SIGQUIT' 'signal SIGABRT'; do
		case $end in
		*x1c | *QUIT) number=3 ;;
		*TERM) number=15 ;;
		*HUP) number=1 ;;
		*INT) number=2 ;;
		*) number=6 ;;
		esac
		printf '%s\n' 'see >>> |' 'type half a' 'see >>> half a|' "$end" "end -$number" > script
		(ulimit -c 0; person 80 "$ENDPOINT")
	done
	# the peer's end, and its death
	printf '%s\n' 'see >>> |' 'type half a' 'see >>> half a|' "shell kill $PID" 'end 76' > script
	person 80 "$ENDPOINT"
	finish "$PID"
	start_server unix+stream:s
	printf '%s\n' 'see >>> |' 'type half a' 'see >>> half a|' "shell kill -KILL $PID" 'end 76' > script
	person 80 "$ENDPOINT"
}

@test "the window changes while a line is there" {
	skip_posix_build "be told of the window's width"
	local cut
	start_server unix+seqpacket:s
	for cut in '' --cut; do
		cat > script <<- 'END'
			see >>> |
			type short
			see >>> short|
			resize 20
			type er
			see ; exit leaves\n>>> shorter|
			resize 80
			type !
			see >>> shorter!|
			type \x15first\r
			see >>> first\nfirst\n>>> |
			type the quick brown fox jumps over the lazy dog
			see >>> the quick brown fox jumps over the lazy dog|
			resize 20
			see >>> first\nfirst\n>>> <zy dog|
			resize 60
			see >>> first\nfirst\n>>> the quick brown fox jumps over the lazy dog|
			type \x01
			see first\n>>> |the quick brown fox jumps over the lazy dog
			resize 30
			see >>> first\nfirst\n>>> |the quick brown fox jump>
			resize 80
			type \x15\x0b日本語の長い行を書いてみる。
			see >>> first\nfirst\n>>> 日本語の長い行を書いてみる。|
			resize 23
			see >>> first\nfirst\n>>> <てみる。|
			resize 80
			see >>> first\nfirst\n>>> 日本語の長い行を書いてみる。|
			type \x15\x04
			end 0
		END
		[[ -z $cut ]] || sed -i 's/^see ; exit leaves/see unix+seqpacket:s: ea/' script
		person $cut 80 "$ENDPOINT"
	done
}

@test "--no-edit and terminals that cannot: the terminal edits" {
	local term
	start_server unix+seqpacket:s
	# the terminal's own way: ^U erases what it echoed, one cell at a time
	printf '%s\n' 'see >>> |' 'type hellp\x7fo\n' 'see >>> hello\nhello\n>>> |' 'type exit\n' 'end 0' > script
	person 80 --no-edit "$ENDPOINT"
	for term in dumb ''; do
		TERM=$term person 80 "$ENDPOINT"
	done
	(unset TERM; person 80 "$ENDPOINT")
	stop_server
}
