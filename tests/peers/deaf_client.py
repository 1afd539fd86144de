"""Plays a datagram client that asks and never reads an answer.

deaf_client.py PATH OWN

From the unix path OWN sends 300 messages to the unix dgram PATH, fewer if its queue is full;
prints `ready`, and stays until a signal ends it.
"""

import signal
import socket
import sys


def main():
    path, own = sys.argv[1:]
    client = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    client.bind(own)
    client.setblocking(False)
    for _ in range(300):
        try:
            client.sendto(b'x' * 100, path)
        except BlockingIOError:
            break
    print('ready', flush=True)
    signal.pause()


main()
