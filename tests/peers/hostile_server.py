"""Plays an echo server that does not do what it should, for those who must notice.

hostile_server.py LANE MODE [NUMBER...]

LANE is inet+stream, inet6+dgram, unix+seqpacket:PATH and so on. The endpoint is printed as
sockfam prints it, then `ready`. Messages are counted from 1 over all peers; on a stream a
message is what one read gave, and offsets are the connection's.

echo                 as it should be
flip OFFSET EVERY    the lowest bit of that byte, in each EVERYth message; on a stream once
truncate EVERY       each EVERYth message lacks its last byte
extra EVERY          each EVERYth message has one byte more
duplicate EVERY      each EVERYth message comes twice
forge EVERY          with each EVERYth message comes another, of bytes that were never sent
reorder              each pair of messages comes in the other order
delay MS NUMBER      this one message comes so much later
drop EVERY           each EVERYth message does not come
close BYTES          the connection ends when so many came back
previous             the reply to a message is the message before it
plan DIGITS          what becomes of each message in turn: 1 right, 2 twice, 3 damaged, 4 damaged twice,
                     5 right and then damaged, 6 damaged and then right, 7 its number damaged twice,
                     8 right and then with its number damaged, 9 lost
pieces               everything comes, in small pieces of odd sizes
silent               everything is read, nothing comes
deaf                 nothing is read
full                 the listen queue is full: nobody gets in

It serves until a signal ends it, for two minutes at most: then the exit status is 3.
"""

import heapq
import itertools
import os
import socket
import sys
import threading
import time

from endpoint import listen

MOST = 1 << 20


def flipped(message, offset):
    """MESSAGE with the lowest bit of one byte turned, or of its last byte where it is shorter."""
    offset = min(offset, len(message) - 1)
    return message[:offset] + bytes([message[offset] ^ 1]) + message[offset + 1:]


class Answers:
    """What comes back for each message: a list of (seconds later, bytes)."""

    def __init__(self, mode, numbers):
        self.mode = getattr(self, mode)
        self.numbers = numbers
        self.count = 0
        self.held = None
        self.before = None

    def __call__(self, message):
        self.count += 1
        return self.mode(message, *self.numbers)

    def turn(self, every):
        return self.count % every == 0

    def echo(self, message):
        return [(0, message)]

    def flip(self, message, offset, every):
        return [(0, flipped(message, offset) if self.turn(every) else message)]

    def truncate(self, message, every):
        return [(0, message[:-1] if self.turn(every) else message)]

    def extra(self, message, every):
        return [(0, message + b'x' if self.turn(every) else message)]

    def duplicate(self, message, every):
        return [(0, message)] * (2 if self.turn(every) else 1)

    def forge(self, message, every):
        return [(0, b'\xff' * len(message)), (0, message)] if self.turn(every) else [(0, message)]

    def reorder(self, message):
        if self.held is None:
            self.held = message
            return []
        held, self.held = self.held, None
        return [(0, message), (0, held)]

    def delay(self, message, ms, number):
        return [(ms / 1000 if self.count == number else 0, message)]

    def drop(self, message, every):
        return [] if self.turn(every) else [(0, message)]

    def previous(self, message):
        before, self.before = self.before or message, message
        return [(0, before)]

    def plan(self, message, digits):
        damaged = flipped(message, 20)
        renumbered = flipped(message, 7)
        return [(0, reply) for reply in {
            '1': [message], '2': [message] * 2, '3': [damaged], '4': [damaged] * 2,
            '5': [message, damaged], '6': [damaged, message], '7': [renumbered] * 2,
            '8': [message, renumbered], '9': [],
        }[str(digits)[self.count - 1]]]

    def silent(self, _):
        return []


def serve_datagrams(server, answers):
    later, order = [], itertools.count()
    while True:
        server.settimeout(max(later[0][0] - time.monotonic(), 0.0001) if later else None)
        try:
            message, peer = server.recvfrom(MOST)
            now = time.monotonic()
            for delay, reply in answers(message):
                heapq.heappush(later, (now + delay, next(order), reply, peer))
        except TimeoutError:
            pass
        while later and later[0][0] <= time.monotonic():
            _, _, reply, peer = heapq.heappop(later)
            try:
                server.sendto(reply, peer)
            except OSError:
                pass  # the peer is gone


def send(connection, records, message):
    if records:
        connection.send(message)
    else:
        connection.sendall(message)


def serve_connection(connection, records, mode, numbers):
    answers = Answers('echo', []) if mode in ('close', 'pieces', 'deaf') else Answers(mode, numbers)
    done, sizes = 0, itertools.cycle([1, 3, 7, 2, 13, 1, 5])
    if connection.family != socket.AF_UNIX:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while mode != 'deaf':
        message = connection.recv(MOST)
        if not message:
            break
        if mode == 'close' and done + len(message) > numbers[0]:
            if not records:
                connection.sendall(message[:numbers[0] - done])
            break
        if mode == 'flip' and not records:
            offset = numbers[0] - done
            reply = bytearray(message)
            if 0 <= offset < len(reply):
                reply[offset] ^= 1
            connection.sendall(reply)
        elif mode == 'pieces':
            at = 0
            while at < len(message):
                size = next(sizes)
                connection.sendall(message[at:at + size])
                at += size
        else:
            for delay, reply in answers(message):
                time.sleep(delay)
                send(connection, records, reply)
        done += len(message)
    if mode == 'deaf':
        threading.Event().wait()
    connection.close()


def run_connection(*arguments):
    try:
        serve_connection(*arguments)
    except OSError:
        pass  # the peer is gone


def main():
    lane, mode, *numbers = sys.argv[1:]
    numbers = [int(number) for number in numbers]
    server, endpoint = listen(lane, backlog=0 if mode == 'full' else 128)
    fillers = []
    for _ in range(4 if mode == 'full' else 0):
        filler = socket.socket(server.family, server.type)
        filler.setblocking(False)
        filler.connect_ex(server.getsockname())
        fillers.append(filler)
    print(f'{endpoint}\nready', flush=True)
    if mode == 'full' or (mode == 'deaf' and server.type == socket.SOCK_DGRAM):
        threading.Event().wait()
    elif server.type == socket.SOCK_DGRAM:
        serve_datagrams(server, Answers(mode, numbers))
    records = server.type != socket.SOCK_STREAM
    while True:
        connection, _ = server.accept()
        threading.Thread(target=run_connection, daemon=True,
                         args=(connection, records, mode, numbers)).start()


if __name__ == '__main__':
    # nobody is left behind, whatever becomes of the test
    threading.Timer(120, lambda: os._exit(3)).start()
    main()
