# shellcheck shell=bash
# What the contract must know of IPv6.

address_of() { # TYPE
	echo '[::1]:0'
}

greatest_of() { # TYPE
	echo 65527
}
