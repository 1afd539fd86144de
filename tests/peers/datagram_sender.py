"""Plays a datagram client that asks, and is gone before an answer could come.

datagram_sender.py ENDPOINT COUNT LENGTH

Sends COUNT messages of LENGTH bytes from one socket, which on unix is bound to the path `mine`, and prints
its own address as sockfam writes it. The exit status is 0; 3 where the system does not let so long a
message out.
"""

import socket
import sys

from endpoint import parse

SO_SNDBUFFORCE = 32  # Linux's; this Python has no name for it


def main():
    endpoint, count, length = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    family, kind, where = parse(endpoint)
    client = socket.socket(family, kind)
    client.settimeout(10)
    if family == socket.AF_UNIX:
        client.bind('mine')
    else:
        client.bind((where[0], 0))
    if length > 65536:
        try:
            client.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 4 * length)
        except OSError:
            sys.exit(3)
    for _ in range(count):
        client.sendto(b'x' * length, where)
    own = client.getsockname()
    host = own if family == socket.AF_UNIX else '%s:%d' % (
        '[%s]' % own[0] if family == socket.AF_INET6 else own[0], own[1])
    print(endpoint.split(':')[0] + ':' + host)


main()
