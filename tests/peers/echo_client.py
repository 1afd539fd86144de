"""Plays a client of another make, on any family and type.

echo_client.py ENDPOINT...

Sends 1024 bytes of every value to each ENDPOINT. Prints nothing. The exit status is 0; 1 where
they do not come back as they were within 10 seconds.
"""

import socket
import sys

from endpoint import parse, receive

MESSAGE = bytes(range(256)) * 4


def main():
    for endpoint in sys.argv[1:]:
        family, kind, where = parse(endpoint)
        client = socket.socket(family, kind)
        client.settimeout(10)
        if (family, kind) == (socket.AF_UNIX, socket.SOCK_DGRAM):
            client.bind('')  # autobind: without an address of its own there is no answer
        client.connect(where)
        client.send(MESSAGE)
        got = receive(client, len(MESSAGE))
        if got != MESSAGE:
            sys.exit(f'{endpoint}: {got}')


main()
