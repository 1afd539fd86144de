# shellcheck shell=bash
# What the contract must know of IPv4.

address_of() { # TYPE
	echo 127.0.0.1:0
}

greatest_of() { # TYPE
	echo 65507
}
