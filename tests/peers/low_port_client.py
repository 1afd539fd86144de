"""Plays a datagram client whose port is one of the system's services, as an echo server's is.

low_port_client.py PORT LOW...

Says hello to PORT of 127.0.0.1 from each port LOW, and prints a line for each: the answer,
or `nothing`. The exit status is 0; 1 where the server does not answer an ordinary client
either, within 10 seconds.
"""

import socket
import sys


def hear(port, low):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.bind(('127.0.0.1', low))
    client.sendto(b'hello', ('127.0.0.1', port))
    # one from elsewhere comes later: when it is answered, the other would have been
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    other.settimeout(10)
    other.sendto(b'other', ('127.0.0.1', port))
    if other.recv(100) != b'other':
        sys.exit('another client has another answer')
    client.setblocking(False)
    try:
        return client.recv(100).decode()
    except BlockingIOError:
        return 'nothing'


def main():
    port, *low_ports = map(int, sys.argv[1:])
    for low in low_ports:
        print(hear(port, low))


main()
