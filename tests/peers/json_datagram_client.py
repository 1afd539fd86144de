"""Plays a datagram client of a server with --reply json: what is not JSON, then what is.

json_datagram_client.py ENDPOINT

On unix its own address is the path `mine`. For each of eight wrong datagrams it prints the first
answer that comes after it: `{"a": 1}`, if the wrong one has none. The exit status is 0; 1 where
no answer comes for 10 seconds.
"""

import socket
import sys

from endpoint import parse

WRONG = [b'', b' ', b'[1', b'1 2', b'nul', b'"\xff"', b'[]]', b'[' * 1025 + b']' * 1025]


def main():
    family, kind, where = parse(sys.argv[1])
    client = socket.socket(family, kind)
    if family == socket.AF_UNIX:
        client.bind('mine')
    client.settimeout(10)
    for wrong in WRONG:
        client.sendto(wrong, where)
        # answers come in order: the first is the answer to what was wrong, if there is one
        client.sendto(b'{"a": 1}', where)
        print(client.recv(4096).decode())


main()
