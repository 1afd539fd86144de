"""Plays somebody who sets two echo servers on each other by one datagram with a forged sender.

forger.py inet|inet6 TARGET SENDER

The datagram goes to port TARGET of loopback and says that it is from port SENDER of it; only
root may send such a one. Prints how many datagrams the whole network has received by the time
it is silent for a quarter of a second, or `endless` where it is not within 10 seconds. The
exit status is 0.
"""

import socket
import struct
import sys
import time

DATA = b'again and again'
CHECKSUM = 7  # IPV6_CHECKSUM, which socket does not name


def forge(family, target, sender):
    datagram = struct.pack('!HHHH', sender, target, 8 + len(DATA), 0) + DATA
    if family == 'inet':
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
        raw.sendto(datagram, ('127.0.0.1', 0))
    else:
        raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_UDP)
        raw.setsockopt(socket.IPPROTO_IPV6, CHECKSUM, 6)  # the kernel fills it in at offset 6
        raw.sendto(datagram, ('::1', 0))


def received(family):
    if family == 'inet':
        with open('/proc/net/snmp', encoding='ascii') as file:
            names, values = [line.split() for line in file if line.startswith('Udp:')]
        return int(dict(zip(names, values))['InDatagrams'])
    with open('/proc/net/snmp6', encoding='ascii') as file:
        return int(dict(line.split() for line in file)['Udp6InDatagrams'])


def main():
    family, target, sender = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    forge(family, target, sender)
    before, quiet, deadline = -1, 0, time.monotonic() + 10
    while quiet < 5 and time.monotonic() < deadline:
        now = received(family)
        quiet = quiet + 1 if now == before and now > 0 else 0
        before = now
        time.sleep(0.05)
    print(before if quiet == 5 else 'endless')


main()
