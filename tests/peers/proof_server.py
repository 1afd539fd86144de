"""Plays a server that asks for a proof, honestly or not.

proof_server.py COMMAND LANE FORM SECRET_FILE SERVICE [ARGUMENT...]

serve            an echo server
rogue MODE FILE  never proves itself; what comes after each claim is appended to FILE, and to
                 FILE.claims a line for each claim: its length, and whether it is good. MODE:
                 silent, drip (its answer), end, wrong (tag), refuse (a 1 for the 0), simple
                 (echoes at once)
relay TARGET     passes everything on to TARGET and back
back COMMAND...  runs COMMAND (for {} the endpoint) once for each bit of the answer, flipped

Made from the description of the proof alone. LANE is unix+TYPE:PATH, or inet+TYPE or inet6+TYPE
for a free port of loopback. All but `back` print the endpoint, then `ready`, and serve until a
signal ends them. `back` prints counts as `NAME=NUMBER`; its exit status is 0, or 1, with a line
for each, where an answer is not refused as it should be.
"""

import errno
import os
import socket
import subprocess
import sys
import threading

from endpoint import listen
from proof import Count, Line, Refused, dial, flip, main


def announce(endpoint):
    print(endpoint)
    print('ready', flush=True)


def each_peer(listener, serve):
    def run(line):
        try:
            serve(line)
        except (Refused, OSError) as reason:
            print('refused:', reason, file=sys.stderr, flush=True)
        line.close()

    while True:
        line = Line(listener.accept()[0])
        threading.Thread(target=run, args=(line,), daemon=True).start()


def serve(lane, proof):
    listener, endpoint = listen(lane)
    announce(endpoint)

    def one(line):
        challenge = os.urandom(32)
        line.send(challenge)
        claim = line.flight(proof.claim_length)
        if not proof.is_claim(challenge, claim):
            raise Refused('another secret or service')
        if proof.mutual:
            line.send(proof.answer(challenge, claim))
        line.sock.settimeout(None)
        while True:
            data = line.sock.recv(65536)
            if not data:
                return
            line.sock.sendall(data)

    each_peer(listener, one)


def rogue(lane, proof, mode, record):
    listener, endpoint = listen(lane)
    announce(endpoint)

    def watch(line):
        line.sock.settimeout(0.2)
        try:
            got = line.rest()
        except socket.timeout:
            return True
        if got:
            with open(record, 'ab') as file:
                file.write(got)
        return False

    def one(line):
        challenge = os.urandom(32)
        line.send(challenge)
        claim = line.flight(proof.claim_length)
        with open(record + '.claims', 'a') as file:
            print(len(claim), proof.is_claim(challenge, claim), file=file)
        answer = proof.answer(challenge, claim)
        if mode == 'end':
            line.sock.shutdown(socket.SHUT_WR)
        elif mode == 'wrong':
            line.send(answer[:-1] + bytes([answer[-1] ^ 1]))
        elif mode == 'refuse':
            line.send(b'\1' + answer[1:])
        elif mode == 'simple':
            line.send(claim)
        for i in range(60):
            if mode == 'drip':
                line.send(answer[i // 2:i // 2 + 1])
            if not watch(line):
                return

    each_peer(listener, one)


def back(lane, proof, *command):
    listener, endpoint = listen(lane)
    count = Count()
    status = behind = 0
    for bit in range(8 * 33 + 1):
        process = subprocess.Popen([word.replace('{}', endpoint) for word in command],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdin.write(b'payload\n')
        process.stdin.close()
        line = Line(listener.accept()[0])
        challenge = os.urandom(32)
        line.send(challenge)
        claim = line.flight(72)
        answer = proof.answer(challenge, claim)
        if bit == 8 * 33:  # nothing flipped: what was tested was the bit
            line.send(answer)
            line.send(line.sock.recv(64))
            line.sock.shutdown(socket.SHUT_WR)
            good = process.stdout.read() == b'payload\n' and process.wait() == 0
            print('control=%d' % good)
            break
        line.send(flip(answer, bit))
        got = line.rest()
        line.close()
        out = process.stdout.read()
        what = process.stderr.read()
        process.stderr.close()
        process.stdout.close()
        status = process.wait()
        behind += len(got)
        count.take(status == 76 and not out and not got and what.startswith(b'sockfam: '),
                   'answer, bit %d: status %d, %r, %r' % (bit, status, got, what))
    print('behind=%d' % behind)
    count.end('answers')


def relay(lane, proof, target):
    listener, endpoint = listen(lane)
    announce(endpoint)

    def pump(source, sink):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError as error:
            if error.errno not in (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN):
                raise

    def one(line):
        there = dial(target)
        there.sock.settimeout(None)
        line.sock.settimeout(None)
        other = threading.Thread(target=pump, args=(there.sock, line.sock), daemon=True)
        other.start()
        pump(line.sock, there.sock)
        other.join()
        there.close()

    each_peer(listener, one)


main({each.__name__: each for each in (serve, rogue, relay, back)})
