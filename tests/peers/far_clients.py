"""Honest peers from far away at a door that somebody floods.

usage: far_clients.py PORT SECRET_FILE RATE DELAY COUNT [proxied]

From 127.0.0.1 RATE connections a second come to 127.0.0.1:PORT and say nothing. COUNT clients that hold the
secret come one after another from 127.0.0.2, and answer the challenge DELAY seconds after they got it.
With `proxied` all of them come through a proxy at 127.0.0.1, whose header says for the flood 192.0.2.1, and
198.51.100.1 for those that hold the secret.
Prints how many of those were let in at their first try, and how many connections the flood made in a
second, as "N of COUNT, rate=R".
"""
import os
import signal
import socket
import sys
import time

import proof as proofs

port, secret_file, rate, delay, count, *proxied = sys.argv[1:]
where = ("127.0.0.1", int(port))
with open(secret_file, "rb") as file:
    proof = proofs.Proof("mutual", file.read(), "echo")


def header(source):
    return b"PROXY TCP4 %s 192.0.2.2 50000 7\r\n" % source if proxied else b""


def flood(report):
    made, begin, held = 0, time.monotonic(), []

    def stop(*_):
        os.write(report, b"%d" % (made / (time.monotonic() - begin)))
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    while True:
        due = (time.monotonic() - begin) * float(rate)
        if made >= due:
            time.sleep(0.001)
        while made < due:
            peer = socket.socket()
            peer.setblocking(False)
            peer.connect_ex(where)
            try:
                peer.send(header(b"192.0.2.1"))
            except OSError:  # its queue is full
                pass
            held.append(peer)
            made += 1
            if len(held) > 400:
                held.pop(0).close()


readable, writable = os.pipe()
pid = os.fork()
if pid == 0:
    flood(writable)
good = 0
try:
    time.sleep(0.3)  # the flood is on
    for _ in range(int(count)):
        own = ("127.0.0.1" if proxied else "127.0.0.2", 0)
        with socket.create_connection(where, timeout=5, source_address=own) as sock:
            line = proofs.Line(sock)
            try:
                line.send(header(b"198.51.100.1"))
                challenge = line.flight(32)
                time.sleep(float(delay))
                claim = proof.claim(challenge)
                line.send(claim)
                good += line.flight(33) == proof.answer(challenge, claim)
            except (proofs.Refused, OSError):
                pass
finally:
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
print(f"{good} of {count}, rate={os.read(readable, 20).decode()}")
