"""Plays a datagram client that asks and never reads an answer.

deaf_client.py PATH OWN

From the unix path OWN sends 300 messages to the unix dgram PATH, whose answers its own queue cannot
hold; prints `ready`, and stays until a signal ends it. The exit status is 1 where the server takes
no message for 10 seconds.
"""

import signal
import socket
import sys


def main():
    path, own = sys.argv[1:]
    client = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    client.bind(own)
    client.settimeout(10)
    for _ in range(300):
        client.sendto(b'x' * 100, path)
    print('ready', flush=True)
    signal.pause()


main()
