"""Plays a server that answers only when its client has half-closed.

half_closer.py PATH

Listens on the unix stream PATH and prints `ready`. Takes one client, hears it to its end,
answers `heard` with all that it said, and half-closes too. The exit status is 0.
"""

import socket
import sys

from endpoint import listen


def main():
    server, _ = listen('unix+stream:' + sys.argv[1])
    print('ready', flush=True)
    client, _ = server.accept()
    heard = b''
    while piece := client.recv(100):
        heard += piece
    client.sendall(b'heard ' + heard)
    client.shutdown(socket.SHUT_WR)
    client.recv(1)


main()
