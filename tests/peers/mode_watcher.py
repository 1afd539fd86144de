"""Plays an onlooker who hopes for a moment in which a path is open to all.

mode_watcher.py PATH END

Looks at PATH without a pause, until the file END exists and PATH does not. Then prints every
mode that PATH was seen with, in octal, on one line. The exit status is 0.
"""

import os
import stat
import sys


def main():
    path, end = sys.argv[1:]
    seen = set()
    while True:
        try:
            seen.add(stat.S_IMODE(os.lstat(path).st_mode))
        except FileNotFoundError:
            if os.path.exists(end):
                break
    print(' '.join(f'{mode:o}' for mode in sorted(seen)))


main()
