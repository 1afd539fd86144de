"""Plays an echo server of another make, on any family and type.

echo_server.py LANE...

LANE is unix+TYPE:PATH, or inet+TYPE or inet6+TYPE for a free port of loopback. Prints each
endpoint on a line, then `ready`, and serves until a signal ends it.
"""

import socket
import sys
import threading

from endpoint import listen


def serve_connections(server):
    while True:
        connection, _ = server.accept()
        while piece := connection.recv(1 << 20):
            connection.sendall(piece)
        connection.close()


def serve_datagrams(server):
    while True:
        server.sendto(*server.recvfrom(1 << 20))


def main():
    for lane in sys.argv[1:]:
        server, endpoint = listen(lane)
        serve = serve_datagrams if server.type == socket.SOCK_DGRAM else serve_connections
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        print(endpoint)
    print('ready', flush=True)
    threading.Event().wait()


main()
