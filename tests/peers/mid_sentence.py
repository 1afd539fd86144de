"""Stream clients that are in the middle of something when the server is told to end.

usage: mid_sentence.py CONNECTIONS PID ENDPOINT

CONNECTIONS connections to ENDPOINT (as the server prints it) send a piece each and wait for it to come back.
Then the server, process PID, gets SIGTERM, and at once each of them sends four more pieces, one connection
after another. At last everything that comes back is read. Prints how many connections got back all that they
had sent and then an orderly end, as "N of CONNECTIONS".
"""
import os
import signal
import socket
import sys

from endpoint import parse

connections, pid, endpoint = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
family, _, where = parse(endpoint)
PIECE = b"a piece of a longer message, "


def read_to_end(sock):
    got = b""
    try:
        while part := sock.recv(65536):
            got += part
    except ConnectionError:
        return None
    return got


peers = []
for _ in range(connections):
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.settimeout(20)
    sock.connect(where)
    sock.sendall(PIECE)
    assert sock.recv(len(PIECE), socket.MSG_WAITALL) == PIECE
    peers.append(sock)
os.kill(pid, signal.SIGTERM)
for _ in range(4):
    for sock in peers:
        try:
            sock.sendall(PIECE)
        except ConnectionError:
            pass  # what it got back tells
print(sum(read_to_end(sock) == 4 * PIECE for sock in peers), "of", connections)
