"""Plays a client of a server with --reply json that sends the files of JSONTestSuite.

json_suite_client.py FOLDER STREAM RECORDS

Each file of FOLDER named y_*.json or n_*.json goes to the unix stream STREAM, in two pieces, and
to the unix seqpacket RECORDS. y_ must come back whole; of n_ no record may, and only a beginning
of the stream. Prints a line for each file that is answered otherwise, and at the end whether
there was a y_, whether an n_, and how many were wrong: `True True 0` is as it should be. The
exit status is 0.
"""

import glob
import os
import socket
import sys


def dial(path, kind):
    client = socket.socket(socket.AF_UNIX, kind)
    client.settimeout(10)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)  # some are long for a record
    client.connect(path)
    return client


def ask_stream(path, data):
    got = b''
    with dial(path, socket.SOCK_STREAM) as client:
        try:
            for piece in data[:len(data) // 2], data[len(data) // 2:]:
                client.sendall(piece)
            client.shutdown(socket.SHUT_WR)
            while piece := client.recv(1 << 20):
                got += piece
        except (BrokenPipeError, ConnectionResetError):
            pass
    return got


def ask_record(path, data):
    with dial(path, socket.SOCK_SEQPACKET) as client:
        try:
            client.send(data)
            return client.recv(1 << 20)
        except (BrokenPipeError, ConnectionResetError):
            return b''


def main():
    folder, stream_path, record_path = sys.argv[1:]
    count, wrong = {'y': 0, 'n': 0}, 0
    for path in sorted(glob.glob(os.path.join(folder, '[yn]_*.json'))):
        name = os.path.basename(path)
        with open(path, 'rb') as file:
            data = file.read()
        count[name[0]] += 1
        record = ask_record(record_path, data)
        stream = ask_stream(stream_path, data)
        good = record == data and stream == data if name[0] == 'y' else not record
        if not good or not data.startswith(stream):
            wrong += 1
            print(name, data[:40], record[:40], stream[:40])
    print(count['y'] > 0, count['n'] > 0, wrong)


main()
