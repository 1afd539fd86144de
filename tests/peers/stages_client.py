"""Plays clients that say all they have to say without waiting for anything, cut at every point.

stages_client.py ENDPOINT none|mutual|simple SECRET_FILE none|v1|v2 TEXT

The server's challenge is to be all zeros, as tests/sabotage/failing.c makes it, so that a client knows its claim
in advance. What it says is the header, the claim and TEXT, those of them that there are. It is said in one
piece; in two, cut at each point, the second when the server has read the first; and byte by byte. Each
client must hear the challenge, the answer and TEXT, those that there are, and then the end. Prints how many
clients did, as `N of COUNT`, and for others what they heard. unix+stream only, for only there can be seen
what the other side has read.
"""

import array
import fcntl
import socket
import sys
import termios
import time

from endpoint import parse
from proof import Proof

HEADERS = {
    'none': b'',
    'v1': b'PROXY TCP4 192.0.2.1 192.0.2.2 50000 7\r\n',
    'v2': b'\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x02\xc3\x50\0\x07',
}


def is_read(client):
    unread = array.array('i', [0])
    fcntl.ioctl(client, termios.TIOCOUTQ, unread)
    return unread[0] == 0


def say(where, pieces):
    """What comes back."""
    client = socket.socket(*where[:2])
    client.settimeout(10)
    client.connect(where[2])
    for piece in pieces:
        client.sendall(piece)
        until = time.monotonic() + 10
        while not is_read(client) and time.monotonic() < until:
            pass
    client.shutdown(socket.SHUT_WR)
    heard = b''
    while more := client.recv(65536):
        heard += more
    client.close()
    return heard


def main():
    endpoint, form, path, header, text = sys.argv[1:]
    said, wanted = HEADERS[header], b''
    if form != 'none':
        with open(path, 'rb') as file:
            proof = Proof(form, file.read(), 'echo')
        challenge = bytes(32)
        claim = proof.claim(challenge, bytes(range(32)))
        said += claim
        wanted = challenge + proof.answer(challenge, claim)
    said += text.encode()
    wanted += text.encode()
    ways = [[said], [said[i:i + 1] for i in range(len(said))]]
    ways += [[said[:cut], said[cut:]] for cut in range(1, len(said))]
    good = 0
    for pieces in ways:
        heard = say(parse(endpoint), pieces)
        good += heard == wanted
        if heard != wanted:
            print('in pieces of', [len(piece) for piece in pieces], 'heard', heard)
    print(f'{good} of {len(ways)}')


main()
