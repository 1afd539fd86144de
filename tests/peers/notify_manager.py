"""Plays systemd for a service of Type=notify: told that it is ready, wants to be served at once.

notify_manager.py ADDRESS ENDPOINT

ADDRESS is the service's NOTIFY_SOCKET, a path or @NAME. Prints `ready`, and when
ENDPOINT (a stream) has echoed, the message; at last what it is told when the service
ends. The exit status is 0; 1 where one of them does not come within 10 seconds.
"""

import socket
import sys

from endpoint import parse


def main():
    address, endpoint = sys.argv[1:]
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind('\0' + address[1:] if address.startswith('@') else address)
    manager.settimeout(10)
    print('ready', flush=True)
    message = manager.recv(1000).decode()
    family, kind, where = parse(endpoint)
    client = socket.socket(family, kind)
    client.settimeout(10)
    client.connect(where)
    client.sendall(b'hello')
    if client.recv(100) != b'hello':
        sys.exit('it said that it is ready, but does not echo')
    print(message, flush=True)
    print(manager.recv(1000).decode())


main()
