"""The echo server that Python makes with a thread a connection: threads_echo.py KIND WHERE."""
import os
import socket
import sys
import threading

kind, where = sys.argv[1:]
family = socket.AF_UNIX if kind.startswith("unix") else socket.AF_INET
type_ = socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM
listener = socket.socket(family, type_)
if kind == "tcp":
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if os.environ.get("CONGESTION"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION,
                            os.environ["CONGESTION"].encode())
listener.bind(where if family == socket.AF_UNIX else ("127.0.0.1", int(where)))


def echo(connection):
    with connection:
        while data := connection.recv(262144):
            connection.sendall(data)


if kind == "udp":
    while True:
        listener.sendto(*listener.recvfrom(65536))
listener.listen(1024)
while True:
    threading.Thread(target=echo, args=(listener.accept()[0],), daemon=True).start()
