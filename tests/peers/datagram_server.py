"""Plays a datagram server that echoes one message and tells what address its client has.

datagram_server.py PATH

Binds the unix dgram PATH and prints `ready`. Once a message is here, prints `file` if its sender
is a path that exists, `abstract` otherwise; and when it is echoed, the path, or /nowhere for an
abstract name. The exit status is 0.
"""

import os
import sys

from endpoint import listen


def main():
    server, _ = listen('unix+dgram:' + sys.argv[1])
    print('ready', flush=True)
    message, client = server.recvfrom(100)
    is_path = isinstance(client, str)  # an abstract name is bytes
    print('file' if is_path and os.path.exists(client) else 'abstract')
    server.sendto(message, client)
    print(client if is_path else '/nowhere')


main()
