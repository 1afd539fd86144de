"""Plays a client that sends records one by one, empty ones as well.

record_client.py PATH RECORD...

Sends each RECORD to the unix seqpacket PATH and prints what comes back, as Python writes bytes:
b'' is an empty record or the end. The exit status is 0; 1 where nothing comes for 10 seconds.
"""

import socket
import sys


def main():
    path, *records = sys.argv[1:]
    client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    client.settimeout(10)
    client.connect(path)
    for record in records:
        client.send(record.encode())
        print(client.recv(100))


main()
