"""Plays a server that has locked its path and does not listen yet.

lock_holder.py FILE

Locks FILE, which is made where it is missing, prints `ready`, and holds the lock until
a signal ends it.
"""

import fcntl
import signal
import sys


def main():
    with open(sys.argv[1], 'w', encoding='utf-8') as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        print('ready', flush=True)
        signal.pause()


main()
