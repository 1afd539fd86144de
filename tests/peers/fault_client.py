"""A client that says what became of it: fault_client.py ENDPOINT BYTES PIECE [stay]

Connects to a stream or seqpacket endpoint, sends BYTES bytes in pieces of PIECE (each a record, where
there are such), reads at the same time, and ends its sending side; with `stay` it does not end it.
Prints how many bytes came back, the checksum of them, how it ended, and after how many seconds:

    back=4096 crc=1a2b3c4d end=reset after=0.1

The end is `end`, `reset`, `refused` (nothing could be sent or read at all), or `silence`: none in 2 seconds.
"""

import select
import socket
import sys
import time
import zlib

from endpoint import parse


def main():
    endpoint, count, piece = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    family, kind, address = parse(endpoint)
    began = time.monotonic()
    peer = socket.socket(family, kind)
    peer.connect(address)
    peer.setblocking(False)
    left = bytes((i * 7 + i // 251) % 256 for i in range(count))
    back, end, was_reset, ended = b'', None, False, 'stay' in sys.argv[4:]
    while end is None:
        readable, writable, _ = select.select([peer], [peer] if left else [], [], 2)
        if not readable and not writable:
            end = 'silence'
        try:
            if writable:
                left = left[peer.send(left[:piece]):]
            if not left and not ended:
                peer.shutdown(socket.SHUT_WR)
                ended = True
        except OSError as error:
            # the system tells of a reset once: here, or to whoever reads
            was_reset = was_reset or isinstance(error, ConnectionResetError)
            left, ended = b'', True
        try:
            if readable:
                got = peer.recv(1 << 20)
                back += got
                end = None if got else 'reset' if was_reset else 'end'
        except BlockingIOError:
            pass
        except ConnectionResetError:
            end = 'reset'
    print(f'back={len(back)} crc={zlib.crc32(back):08x} end={end} after={time.monotonic() - began:.1f}')


main()
