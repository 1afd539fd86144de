"""Sends one datagram with an IP header of its own making, and prints the reply.

tos_asker.py ENDPOINT TTL DSCP ECN

The exit status is 0; 1 where no reply comes within 5 seconds.
"""

import socket
import sys

from endpoint import parse

endpoint, ttl, dscp, ecn = sys.argv[1], *map(int, sys.argv[2:5])
family, kind, address = parse(endpoint)
asker = socket.socket(family, kind)
if family == socket.AF_INET:
    asker.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
    asker.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, dscp << 2 | ecn)
else:
    asker.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, ttl)
    asker.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, dscp << 2 | ecn)
asker.settimeout(5)
asker.sendto(b'hello', address)
print(asker.recv(65536).decode())
