"""Endpoints as sockfam writes them, FAMILY+TYPE:ADDRESS, for the programs beside this one.

Not a program: it takes no arguments and prints nothing.
"""

import socket

FAMILIES = {'unix': socket.AF_UNIX, 'inet': socket.AF_INET, 'inet6': socket.AF_INET6}
TYPES = {'stream': socket.SOCK_STREAM, 'dgram': socket.SOCK_DGRAM,
         'seqpacket': socket.SOCK_SEQPACKET}
LOOPBACK = {'inet': '127.0.0.1', 'inet6': '[::1]'}


def parse(endpoint):
    """The family, the type and the address, as the methods of a socket take them."""
    lane, _, where = endpoint.partition(':')
    family, kind = lane.split('+')
    if family != 'unix':
        host, port = where.rsplit(':', 1)
        where = host.strip('[]'), int(port)
    elif where.startswith('@'):
        where = '\0' + where[1:]
    return FAMILIES[family], TYPES[kind], where


def listen(lane, backlog=128):
    """A server's socket and its endpoint.

    LANE is unix+TYPE:PATH, or inet+TYPE or inet6+TYPE for a free port of loopback.
    """
    name, _, where = lane.partition(':')
    loopback = LOOPBACK.get(name.split('+')[0])
    family, kind, address = parse(f'{name}:{loopback}:0' if loopback else lane)
    server = socket.socket(family, kind)
    server.bind(address)
    if kind != socket.SOCK_DGRAM:
        server.listen(backlog)
    if loopback:
        where = f'{loopback}:{server.getsockname()[1]}'
    return server, f'{name}:{where}'


def receive(sock, length):
    """LENGTH bytes and whatever comes with the last of them; fewer where the peer ends before."""
    got = b''
    while len(got) < length and (piece := sock.recv(65536)):
        got += piece
    return got
