"""Plays a server that speaks when it is told to, whatever its client says.

speaker.py LANE FIFO

LANE is unix+stream:PATH and so on. Makes the fifo, prints `ready`, and takes one client; a dgram
client is known by its first message. Each line of the fifo is sent, with the escapes of Python's
bytes. The line `end` closes all; the exit status is 0.
"""

import codecs
import os
import select
import socket
import sys

from endpoint import listen


def main():
    lane, fifo = sys.argv[1:]
    os.mkfifo(fifo)
    orders = os.fdopen(os.open(fifo, os.O_RDWR), 'rb', buffering=0)
    server, _ = listen(lane)
    print('ready', flush=True)
    if server.type == socket.SOCK_DGRAM:
        _, address = server.recvfrom(65536)
        client = server
        client.connect(address)
    else:
        client, _ = server.accept()
    rest = b''
    heard = [client, orders]
    while True:
        readable, _, _ = select.select(heard, [], [])
        if client in readable and not client.recv(65536):
            heard.remove(client)
        if orders in readable:
            *lines, rest = (rest + orders.read(65536)).split(b'\n')
            for line in lines:
                if line == b'end':
                    return
                client.send(codecs.escape_decode(line)[0])


main()
