"""What the proof of a connection is, for prover.py and proof_server.py.

Made from the description of the proof alone. Not a program: it takes no
arguments and prints nothing.
"""

import hashlib
import hmac
import os
import socket
import sys

from endpoint import parse

HEADER = b'SFECHO\x01\x00'


class Refused(Exception):
    pass


def sign(key, *parts):
    return hmac.new(key, b''.join(parts), hashlib.sha256).digest()


class Proof:
    """What each side says, for one form, secret and service."""

    def __init__(self, form, secret, service):
        self.mutual = {'mutual': True, 'simple': False}[form]
        self.secret = secret
        self.client_key = sign(secret, b'sockfam-auth/1 key client-to-server')
        self.server_key = sign(secret, b'sockfam-auth/1 key server-to-client')
        name = service.encode()
        self.context = b'sockfam-auth/1\0' + HEADER + len(name).to_bytes(2, 'big') + name
        self.claim_length = 72 if self.mutual else 32

    def claim(self, challenge, nonce=None):
        if not self.mutual:
            return sign(self.secret, challenge)
        nonce = nonce or os.urandom(32)
        return HEADER + nonce + sign(self.client_key, self.context, challenge, nonce)

    def is_claim(self, challenge, claim):
        return hmac.compare_digest(claim, self.claim(challenge, claim[8:40]))

    def answer(self, challenge, claim):
        if not self.mutual:
            return b''
        return b'\0' + sign(self.server_key, self.context, challenge, claim[8:])


class Line:
    """A connection; on seqpacket each flight must be one record of its length."""

    def __init__(self, sock):
        self.sock = sock
        self.records = sock.type == socket.SOCK_SEQPACKET
        sock.settimeout(10)

    def flight(self, length):
        got = b''
        try:
            while len(got) < length:
                part = self.sock.recv(4096 if self.records else length - len(got))
                if not part:
                    raise Refused('ended after %d of %d bytes' % (len(got), length))
                got += part
                if self.records and len(got) != length:
                    raise Refused('a record of %d bytes for %d' % (len(got), length))
        except ConnectionError:
            raise Refused('broken after %d of %d bytes' % (len(got), length)) from None
        return got

    def send(self, data):
        try:
            self.sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # what it ended with is seen when receiving

    def rest(self):
        """All that still comes."""
        got = b''
        try:
            while True:
                part = self.sock.recv(65536)
                if not part:
                    return got
                got += part
        except ConnectionError:
            return got

    def close(self):
        self.sock.close()


def dial(endpoint):
    family, kind, where = parse(endpoint)
    sock = socket.socket(family, kind)
    sock.settimeout(10)
    sock.connect(where)
    return Line(sock)


class Count:
    """Of what must be refused."""

    def __init__(self):
        self.refused = 0
        self.wrong = []

    def claim(self, line, claim, what):
        line.send(claim)
        # a simple server says nothing to a good claim either: what follows it would come back
        line.send(b'payload')
        got = line.rest()
        line.close()
        self.take(not got, what + ': ' + repr(got[:40]))

    def take(self, good, what):
        self.refused += good
        if not good:
            self.wrong.append(what)

    def end(self, name):
        print('%s=%d' % (name, self.refused))
        for what in self.wrong[:20]:
            print('not refused:', what)
        sys.exit(bool(self.wrong))


def flip(data, bit):
    return (int.from_bytes(data, 'big') ^ 1 << bit).to_bytes(len(data), 'big')


def main(commands):
    """COMMAND ENDPOINT|LANE FORM SECRET_FILE SERVICE [ARGUMENT...]; a refusal is status 3."""
    command, where, form, path, service, *rest = sys.argv[1:]
    with open(path, 'rb') as file:
        proof = Proof(form, file.read(), service)
    try:
        commands[command](where, proof, *rest)
    except Refused as reason:
        print('refused:', reason, file=sys.stderr)
        sys.exit(3)
