"""Plays a client that proves itself, or does not as it should.

prover.py COMMAND ENDPOINT FORM SECRET_FILE SERVICE [ARGUMENT...]
prover.py vectors

client TEXT...      proves itself, sends each TEXT and prints what comes back
hold                proves itself, says `proven`; sends each line of its input, prints the reply
pieces TEXT         like client, but every byte is sent by itself
joined TEXT         like client, but TEXT comes together with the claim
replay COUNT        records a claim that is taken, and makes it COUNT times more
flips               each claim with one bit flipped, each claim to a challenge with one bit flipped
lengths             records of every other length than the claim's
drip                a byte of a good claim now and then: prints after how many seconds it was closed
flood COUNT [once]  COUNT peers that say nothing, renewed as they are closed (once: not), until
                    its input ends; says `at the door` when all are there, and at the end how
                    many were renewed
vectors             prints what the description's example comes to

Made from the description of the proof alone. Counts are printed as `NAME=NUMBER`. The exit
status is 0; 3 where the proof is refused; 1, with a line for each, where something is not
refused as it should be.
"""

import resource
import selectors
import socket
import sys
import time

from endpoint import parse
from proof import Count, Line, Proof, Refused, dial, flip, main


def enter(endpoint, proof, send=Line.send, more=b''):
    line = dial(endpoint)
    challenge = line.flight(32)
    claim = proof.claim(challenge)
    send(line, claim + more)
    answer = proof.answer(challenge, claim)
    if answer and line.flight(len(answer)) != answer:
        raise Refused('the server has another secret')
    return line, claim


def ask(line, text):
    data = text.encode()
    line.send(data)
    return line.flight(len(data)).decode()


def client(endpoint, proof, *texts):
    line, _ = enter(endpoint, proof)
    for text in texts:
        print(ask(line, text))


def hold(endpoint, proof):
    line, _ = enter(endpoint, proof)
    print('proven', flush=True)
    for text in sys.stdin:
        print(ask(line, text.rstrip('\n')), flush=True)


def send_pieces(line, data):
    if line.sock.family != socket.AF_UNIX:
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for i in range(len(data)):
        line.send(data[i:i + 1])


def pieces(endpoint, proof, text):
    line, _ = enter(endpoint, proof, send_pieces)
    print(ask(line, text))


def joined(endpoint, proof, text):
    data = text.encode()
    line, _ = enter(endpoint, proof, more=data)
    print(line.flight(len(data)).decode())


def replay(endpoint, proof, number):
    line, claim = enter(endpoint, proof)
    if ask(line, 'taken') != 'taken':
        raise Refused('the claim to be recorded')
    count = Count()
    challenges = set()
    for i in range(int(number)):
        line = dial(endpoint)
        challenges.add(line.flight(32))
        count.claim(line, claim, 'replay %d' % i)
    print('challenges=%d' % len(challenges))
    count.end('replays')


def flips(endpoint, proof):
    count = Count()
    for bit in range(8 * proof.claim_length):
        line = dial(endpoint)
        count.claim(line, flip(proof.claim(line.flight(32)), bit), 'claim, bit %d' % bit)
    for bit in range(8 * 32):
        line = dial(endpoint)
        count.claim(line, proof.claim(flip(line.flight(32), bit)), 'challenge, bit %d' % bit)
    count.end('flips')


def lengths(endpoint, proof):
    count = Count()
    for length in [*range(proof.claim_length), *range(proof.claim_length + 1, 140), 4096, 65536]:
        line = dial(endpoint)
        line.sock.settimeout(2)  # at once, not by the deadline
        claim = (proof.claim(line.flight(32)) + b'x' * length)[:length]
        line.sock.send(claim)
        try:
            count.take(not line.rest(), 'length %d' % length)
        except socket.timeout:
            count.take(False, 'length %d: not closed' % length)
        line.close()
    count.end('lengths')


def drip(endpoint, proof):
    line = dial(endpoint)
    begin = time.monotonic()
    claim = proof.claim(line.flight(32))
    line.sock.settimeout(0.2)
    for i in range(len(claim) - 1):
        line.send(claim[i:i + 1])
        try:
            if not line.sock.recv(1):
                break
        except socket.timeout:
            continue
        except ConnectionError:
            break
    print('%.2f' % (time.monotonic() - begin))


def flood(endpoint, proof, number, once=''):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard < 4096 else 4096, hard))
    family, kind, where = parse(endpoint)
    watched = selectors.DefaultSelector()
    watched.register(sys.stdin, selectors.EVENT_READ)
    peers = renewed = 0
    told = False
    while True:
        while peers < int(number) and not (once and told):
            sock = socket.socket(family, kind)
            sock.setblocking(False)
            try:
                sock.connect(where)
            except BlockingIOError:
                if family == socket.AF_UNIX:  # its queue is full
                    sock.close()
                    break
            watched.register(sock, selectors.EVENT_READ)
            peers += 1
        if peers == int(number) and not told:
            told = True
            print('at the door', flush=True)
        time.sleep(0.02)
        for key, _ in watched.select(1):
            if key.fileobj is sys.stdin:
                print('renewed=%d' % renewed)
                return
            try:
                if key.fileobj.recv(64):
                    continue
            except BlockingIOError:
                continue
            except ConnectionError:
                pass
            watched.unregister(key.fileobj)
            key.fileobj.close()
            peers -= 1
            renewed += 1


def vectors():
    secret = b'correct horse battery staple 123'
    challenge = bytes(range(32))
    nonce = bytes(range(0x80, 0xa0))
    print(Proof('simple', secret, '').claim(challenge).hex())
    for service in 'echo', 'a much longer service name than usual, to move the block boundary':
        proof = Proof('mutual', secret, service)
        claim = proof.claim(challenge, nonce)
        print(claim[40:].hex(), proof.answer(challenge, claim)[1:].hex())


if sys.argv[1:] == ['vectors']:
    vectors()
else:
    main({each.__name__: each
          for each in (client, hold, pieces, joined, replay, flips, lengths, drip, flood)})
