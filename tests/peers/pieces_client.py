"""Plays a client whose bytes come in pieces, whatever they mean.

pieces_client.py PATH SIZE

Sends standard input to the unix stream PATH in pieces of SIZE bytes (0: all at once),
half-closes, and prints all that comes back up to the end. The exit status is 0; 1 where that is
a reset, or 20 seconds pass without a byte.
"""

import socket
import sys
import threading


def send(client, data, size):
    try:
        for i in range(0, len(data), size):
            client.sendall(data[i:i + size])
        client.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the server has ended it: what came until then is what counts


def main():
    path, size = sys.argv[1], int(sys.argv[2])
    data = sys.stdin.buffer.read()
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(path)
    sender = threading.Thread(target=send, args=(client, data, size or len(data) or 1))
    sender.start()
    try:
        while got := client.recv(65536):
            sys.stdout.buffer.write(got)
    except ConnectionResetError:
        sys.exit('reset')
    sender.join()


main()
