"""A client, a server and some rogues for the proof of a connection, made from its description alone.

prover.py COMMAND ENDPOINT|LANE FORM SECRET_FILE SERVICE [ARGUMENT...]

Against a server of ours, ENDPOINT as it prints it:
client TEXT...       proves itself, sends each TEXT and prints what comes back; status 3: refused
hold                 proves itself, says `proven`; then each line of its input is sent, the reply printed
pieces TEXT          like client, but every byte is sent by itself
joined TEXT          like client, but TEXT comes together with the claim
replay COUNT         records a claim that is taken, and makes it COUNT times more
flips                each claim with one bit flipped, and each claim to a challenge with one bit flipped
lengths              records of every other length than the claim's
drip                 a byte of a good claim now and then: prints after how many seconds it was closed
flood COUNT [once]   COUNT peers that say nothing, renewed as they are closed (once: not), until its input ends

For clients of ours, on LANE; prints the endpoint, then `ready`:
serve                an echo server
rogue MODE FILE      never proves itself; what comes behind each claim is appended to FILE. MODE: silent,
                     drip (its answer), end, wrong (tag), refuse (a 1 for the 0), simple (echoes at once)
back COMMAND...      runs COMMAND (for {} the endpoint) once for each bit of the answer, flipped
relay TARGET         passes everything on to TARGET and back

vectors              prints what the description's example comes to
Counts are printed as `NAME=NUMBER`; whatever is not refused as it should be is told, status 1.
"""

import errno
import hashlib
import hmac
import os
import resource
import selectors
import socket
import subprocess
import sys
import threading
import time

FAMILIES = {'inet': socket.AF_INET, 'inet6': socket.AF_INET6, 'unix': socket.AF_UNIX}
TYPES = {'stream': socket.SOCK_STREAM, 'seqpacket': socket.SOCK_SEQPACKET}
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


def address(endpoint):
    lane, where = endpoint.split(':', 1)
    family, kind = lane.split('+')
    if family == 'unix':
        where = '\0' + where[1:] if where[:1] == '@' else where
        return FAMILIES[family], TYPES[kind], where
    host, port = where.rsplit(':', 1)
    return FAMILIES[family], TYPES[kind], (host.strip('[]'), int(port))


def dial(endpoint):
    family, kind, where = address(endpoint)
    sock = socket.socket(family, kind)
    sock.settimeout(10)
    sock.connect(where)
    return Line(sock)


def listen(lane):
    lane, _, path = lane.partition(':')
    family, kind = lane.split('+')
    listener = socket.socket(FAMILIES[family], TYPES[kind])
    if family == 'unix':
        listener.bind(path)
    else:
        path = '127.0.0.1:%d' if family == 'inet' else '[::1]:%d'
        listener.bind(('127.0.0.1' if family == 'inet' else '::1', 0))
        path %= listener.getsockname()[1]
    listener.listen(128)
    return listener, lane + ':' + path


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


def enter(endpoint, proof, send=Line.send, behind=b''):
    line = dial(endpoint)
    challenge = line.flight(32)
    claim = proof.claim(challenge)
    send(line, claim + behind)
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
    line, _ = enter(endpoint, proof, behind=data)
    print(line.flight(len(data)).decode())


class Count:
    """Of what must be refused."""

    def __init__(self):
        self.refused = 0
        self.wrong = []

    def claim(self, line, claim, what):
        line.send(claim)
        # a simple server says nothing to a good claim either: what is behind it would come back
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


def flip(data, bit):
    return (int.from_bytes(data, 'big') ^ 1 << bit).to_bytes(len(data), 'big')


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
    family, kind, where = address(endpoint)
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


def vectors():
    secret = b'correct horse battery staple 123'
    challenge = bytes(range(32))
    nonce = bytes(range(0x80, 0xa0))
    print(Proof('simple', secret, '').claim(challenge).hex())
    for service in 'echo', 'a much longer service name than usual, to move the block boundary':
        proof = Proof('mutual', secret, service)
        claim = proof.claim(challenge, nonce)
        print(claim[40:].hex(), proof.answer(challenge, claim)[1:].hex())


def main():
    command, *words = sys.argv[1:]
    if command == 'vectors':
        vectors()
        return
    where, form, path, service, *rest = words
    with open(path, 'rb') as file:
        proof = Proof(form, file.read(), service)
    try:
        globals()[command](where, proof, *rest)
    except Refused as reason:
        print('refused:', reason, file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
