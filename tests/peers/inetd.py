"""Plays inetd: starts a program with a socket as its standard input.

inetd.py nowait TYPE [MESSAGE...] -- PROGRAM [ARGUMENT...]
inetd.py wait LANE -- PROGRAM [ARGUMENT...]

nowait  The socket is a connection of unix, TYPE stream or seqpacket, and it is standard output
        and error as well. Each MESSAGE is sent with a newline, once there is an answer to the
        one before; the last one is followed by a half-close. Without MESSAGE nothing is sent and
        nothing closed. Prints all that comes, up to the end. The exit status is PROGRAM's; 1
        where nothing comes for 10 seconds.
wait    The socket is a server's, of LANE (unix+TYPE:PATH). It becomes PROGRAM: output and
        exit status are PROGRAM's.
"""

import os
import socket
import sys

from endpoint import TYPES, listen


def nowait(program, kind, *messages):
    here, there = socket.socketpair(socket.AF_UNIX, TYPES[kind])
    here.settimeout(10)
    pid = os.fork()
    if pid == 0:
        here.close()
        for descriptor in (0, 1, 2):
            os.dup2(there.fileno(), descriptor)
        os.execv(program[0], program)
    there.close()
    wire = sys.stdout.buffer
    for message in messages:
        here.send(message.encode() + b'\n')
        wire.write(here.recv(100))
    if messages:
        here.shutdown(socket.SHUT_WR)
    while piece := here.recv(1000):
        wire.write(piece)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def wait(program, lane):
    server, _ = listen(lane)
    os.dup2(server.fileno(), 0)
    os.execv(program[0], program)


def main():
    end = sys.argv.index('--')
    mode, *arguments = sys.argv[1:end]
    {'nowait': nowait, 'wait': wait}[mode](sys.argv[end + 1:], *arguments)


main()
