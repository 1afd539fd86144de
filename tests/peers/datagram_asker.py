"""Plays a datagram client that is not connected, and sees from which address it is answered.

datagram_asker.py [--bind PATH] ENDPOINT...

Says hello to each ENDPOINT from a new socket, for unix bound to PATH. Prints nothing.
The exit status is 0; 1 where the answer is not hello, from the very address that was
asked, within 10 seconds.
"""

import socket
import sys

from endpoint import parse


def ask(endpoint, path):
    family, kind, asked = parse(endpoint)
    client = socket.socket(family, kind)
    if path:
        client.bind(path)
    client.settimeout(10)
    client.sendto(b'hello', asked)
    reply, sender = client.recvfrom(100)
    if family == socket.AF_INET6:
        sender = sender[:2]  # without flow label and zone
    if reply != b'hello' or sender != asked:
        sys.exit(f'{endpoint}: {reply} from {sender}')


def main():
    endpoints, path = sys.argv[1:], None
    if endpoints[0] == '--bind':
        path, endpoints = endpoints[1], endpoints[2:]
    for endpoint in endpoints:
        ask(endpoint, path)


main()
