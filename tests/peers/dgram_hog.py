"""Clients of a unix dgram echo: some that send and never read, then honest ones.

usage: dgram_hog.py [--bound | --stay] PATH HOGS MESSAGES SIZE HONEST

Each hog has an address of its own and sends MESSAGES of SIZE bytes without ever reading; it is connected
to PATH, which frees it from the limit of a receive queue, unless --bound is given. While the hogs stay
open, each of HONEST new clients sends one message after another, ten in all, and waits for each reply.
Prints how many of the honest ones got every reply, as "N of HONEST". With --stay it goes on until the end of
its input.
"""
import socket
import sys
import time

arguments = sys.argv[1:]
option = arguments.pop(0) if arguments[0].startswith("--") else ""
bound = option == "--bound"
path, hogs, messages, size, honest = arguments
if path.startswith("@"):
    path = "\0" + path[1:]


def client():
    end = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    end.bind("")  # the kernel chooses an abstract name
    return end


silent = []
for _ in range(int(hogs)):
    hog = client()
    if not bound:
        hog.connect(path)
    hog.settimeout(0.5)
    silent.append(hog)
    deadline = time.monotonic() + 10
    for _ in range(int(messages)):
        try:
            hog.sendto(b"x" * int(size), path) if bound else hog.send(b"x" * int(size))
        except (TimeoutError, BlockingIOError):
            if time.monotonic() > deadline:
                break

good = 0
for _ in range(int(honest)):
    with client() as end:
        end.connect(path)
        end.settimeout(0.8)
        try:
            for number in range(10):
                message = b"honest %d" % number
                end.send(message)
                if end.recv(100) != message:
                    break
            else:
                good += 1
        except TimeoutError:
            pass
print(f"{good} of {honest}", flush=True)
if option == "--stay":
    sys.stdin.read()
