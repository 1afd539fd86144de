# shellcheck shell=bash
# What the contract must know of the family in af_twin/.

address_of() { # TYPE
	printf 'sockfam-test-%s-%s' $$ "$BATS_TEST_NUMBER"
}
