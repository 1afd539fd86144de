"""Plays systemd with socket units: makes sockets and passes them on, from descriptor 3.

socket_activator.py [--pid PID] LANE... -- PROGRAM [ARGUMENT...]

LANE is unix+TYPE:PATH, or inet+TYPE for a free port of 127.0.0.1. LISTEN_PID is PROGRAM's own,
or PID. It becomes PROGRAM: output and exit status are PROGRAM's.
"""

import os
import sys

from endpoint import listen


def main():
    end = sys.argv.index('--')
    lanes, program = sys.argv[1:end], sys.argv[end + 1:]
    pid = os.getpid()
    if lanes[0] == '--pid':
        pid, lanes = lanes[1], lanes[2:]
    servers = [listen(lane)[0] for lane in lanes]
    # first to where none of those yet to be passed is in the way
    high = [os.dup2(server.fileno(), 20 + i, inheritable=False) for i, server in enumerate(servers)]
    for i, descriptor in enumerate(high):
        os.dup2(descriptor, 3 + i)
    os.environ.update(LISTEN_FDS=str(len(servers)), LISTEN_PID=str(pid))
    os.execv(program[0], program)


main()
