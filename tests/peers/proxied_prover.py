"""Plays a proxy whose client proves itself, form simple: first the header, then the proof.

proxied_prover.py ENDPOINT SECRET_FILE

Prints what comes back for `hello` after the proof. The exit status is 0; 1 where the challenge
comes before the header, or nothing for 5 seconds.
"""

import hashlib
import hmac
import socket
import sys

from endpoint import parse, receive


def main():
    endpoint, path = sys.argv[1:]
    with open(path, 'rb') as file:
        secret = file.read()
    line = socket.create_connection(parse(endpoint)[2], 5)
    line.settimeout(0.3)
    try:
        line.recv(1)
        sys.exit('the challenge came before the header')
    except socket.timeout:
        pass
    line.settimeout(5)
    line.sendall(b'PROXY UNKNOWN\r\n')
    challenge = receive(line, 32)
    line.sendall(hmac.new(secret, challenge, hashlib.sha256).digest() + b'hello')
    print(line.recv(100).decode())


main()
