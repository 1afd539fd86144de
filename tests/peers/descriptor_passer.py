"""Plays a client that passes descriptors with what it says, which nobody asked for.

descriptor_passer.py PID ENDPOINT...

To each ENDPOINT (of unix) twenty messages, each with ten descriptors, each echoed before the
next. Then, with all of its connections open, prints how many descriptors process PID has. The
exit status is 0; 1 where an echo is wrong, or does not come within 10 seconds.
"""

import array
import os
import socket
import sys

from endpoint import parse, receive


def pass_some(client):
    files = array.array('i', [os.open('/dev/null', os.O_RDONLY) for _ in range(10)])
    client.sendmsg([b'hello'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)])
    for each in files:
        os.close(each)
    got = receive(client, len(b'hello'))
    if got != b'hello':
        sys.exit(f'not what was sent: {got}')


def main():
    pid, *endpoints = sys.argv[1:]
    clients = []
    for endpoint in endpoints:
        family, kind, where = parse(endpoint)
        client = socket.socket(family, kind)
        client.settimeout(10)
        if kind == socket.SOCK_DGRAM:
            client.bind('c')
        client.connect(where)
        for _ in range(20):
            pass_some(client)
        clients.append(client)
    print(len(os.listdir(f'/proc/{pid}/fd')))


main()
