"""Plays as many clients as a test wants, which steers each of them.

steered_clients.py ENDPOINT

Reads commands from standard input, a line each, and answers each with a line; a failure's begins
with `failed: `. I is the number of a connection, from 0.

open N       opens N connections more, waits for none of them: "open", how many there are
send I TEXT  sends TEXT on connection I: "sent"
hear I       waits for what comes back on it: the text, "end" or "reset"
told I       waits until the other side has ended its direction, and reads nothing: "told"
flood I      sends on it without reading, until for a while nothing more goes: "flooded"
burst I      sends 32 kB at once, without reading: "sent"
drain I      half-closes, reads to the end: "HEARD of SENT", in bytes, and what broke it, if it did
silent I     looks whether something is there to be read, without waiting: "silent" or "heard", what
close I      closes it: "closed"

The exit status is 0, at the end of its input.
"""

import select
import socket
import sys

from endpoint import parse

PATIENCE = 20  # seconds
FLOOD = b'flood of bytes, ' * 4096
POLLRDHUP = 0x2000  # Linux's; this Python has no name for it
BURST = b'burst of bytes, ' * 2048


class Clients:
    """Each command is a method."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.all = []
        self.sent = {}

    def dial(self):
        family, kind, where = parse(self.endpoint)
        client = socket.socket(family, kind)
        client.connect(where)
        client.settimeout(PATIENCE)
        return client

    def open(self, count):
        self.all.extend(self.dial() for _ in range(count))
        return f'open {len(self.all)}'

    def send(self, i, text=''):
        self.all[i].sendall(text.encode())
        return 'sent'

    def hear(self, i):
        try:
            return self.all[i].recv(65536).decode() or 'end'
        except ConnectionResetError:
            return 'reset'

    def told(self, i):
        watch = select.poll()
        watch.register(self.all[i], POLLRDHUP)
        return 'told' if watch.poll(PATIENCE * 1000) else 'nothing'

    def flood(self, i):
        self.all[i].settimeout(0.15)
        self.sent[i] = 0
        try:
            while True:
                self.sent[i] += self.all[i].send(FLOOD)
        except socket.timeout:
            pass
        self.all[i].settimeout(PATIENCE)
        return 'flooded'

    def burst(self, i):
        self.all[i].sendall(BURST)
        self.sent[i] = len(BURST)
        return 'sent'

    def drain(self, i):
        heard, broken = 0, ''
        try:
            self.all[i].shutdown(socket.SHUT_WR)
            while piece := self.all[i].recv(1 << 20):
                heard += len(piece)
        except OSError as error:
            broken = f': {error}'
        return f'{heard} of {self.sent.get(i, 0)}{broken}'

    def silent(self, i):
        self.all[i].setblocking(False)
        try:
            return f'heard {self.all[i].recv(100)}'
        except BlockingIOError:
            return 'silent'
        finally:
            self.all[i].settimeout(PATIENCE)

    def close(self, i):
        self.all[i].close()
        return 'closed'


def main():
    clients = Clients(sys.argv[1])
    for line in sys.stdin:
        command, number, *text = line.rstrip('\n').split(' ', 2)
        try:
            print(getattr(clients, command)(int(number), *text), flush=True)
        except Exception as error:
            print(f'failed: {error!r}', flush=True)


main()
