# shellcheck shell=bash
# What the contract must know of unix sockets.

# shellcheck disable=SC2034 # they are for contract.bash
VARIANTS=(abstract)

# connect(2) already finds that nobody has the name, on every type.
NAMES_ARE_FOUND=true

address_of() { # TYPE [VARIANT]
	case ${2-} in
	abstract) printf '@sockfam-test-%s-%s-%s' $$ "$BATS_TEST_NUMBER" "$1" ;;
	*) printf '%s.sock' "$1" ;;
	esac
}

# What the greatest one is, is the system's setting: this is the default.
greatest_of() { # TYPE
	echo 212960
}

# ... and never so much.
too_long_for() { # TYPE
	echo 2000000
}

# The path that a datagram client made for itself, where it has one (a POSIX build): nobody removes it
# for a client that is killed.
private_path() { # PID
	local fd inode
	for fd in /proc/"$1"/fd/*; do
		inode=$(readlink "$fd")
		awk -v inode="${inode//[!0-9]/}" '$7 == inode && $8 ~ "^/tmp/sockfam[.]" { print $8 }' /proc/net/unix
	done
}
