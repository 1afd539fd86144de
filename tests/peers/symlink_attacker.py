"""Plays a user who wants the server, another one, to write where only the server may.

symlink_attacker.py FOLDER

Root starts it. In FOLDER are the server's unix dgram `s`, a folder `private` of root's
and `nobody` of user 65534's. Root binds `private/secret`; as 65534 it asks from a path
that is replaced by a link to that one before the answer. The exit status is 0 if nothing
came to the secret socket; 1, with a line, if it did, or if that user was not refused
there in the first place.
"""

import os
import socket
import sys


def bind(path, patience):
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.bind(path)
    sock.settimeout(patience)
    return sock


def ask(client, server, message):
    client.sendto(message, server)
    if client.recv(100) != message:
        sys.exit(f'no echo of {message}')


def attack(server, secret, own):
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    try:
        open(secret, 'rb')
        sys.exit('it may use the secret socket anyway')
    except PermissionError:
        pass
    # an honest one is answered
    honest = bind(own, 10)
    ask(honest, server, b'honest')
    # the name is looked up when the server answers: by then it is a link
    forged = bind(own + '2', 10)
    os.unlink(own + '2')
    os.symlink(secret, own + '2')
    forged.sendto(b'forged', server)
    ask(honest, server, b'after')


def main():
    folder = sys.argv[1]
    secret = bind(folder + '/private/secret', 0.5)
    pid = os.fork()
    if pid == 0:
        attack(folder + '/s', folder + '/private/secret', folder + '/nobody/c')
        sys.exit()
    if os.waitpid(pid, 0)[1] != 0:
        sys.exit('the attack itself failed')
    try:
        sys.exit(f'the server delivered {secret.recv(100)}')
    except socket.timeout:
        pass


main()
