"""Plays a person at a terminal, who waits for each text before typing the next line.

typist.py DIALOGUE SCREEN PROGRAM [ARGUMENT...]

Each line of the file DIALOGUE is WANTED|TYPED: once WANTED is on the screen (anew; at once, if
it is empty), TYPED is typed, with the escapes of Python's strings; after a ! it is a command for
the shell instead. What the terminal showed, up to PROGRAM's end, is written to the file SCREEN.
The exit status is PROGRAM's; 1, with the screen on standard error, where WANTED or the end is
not seen within 10 seconds.
"""

import os
import pty
import select
import sys
import time


class Terminal:
    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.screen = ''
        self.unread = 0  # where on it the next WANTED may begin

    def more(self, deadline):
        """Waits for output; False: there will be no more."""
        patience = max(0, deadline - time.monotonic())
        if not select.select([self.descriptor], [], [], patience)[0]:
            sys.exit(f'not seen in time; the screen: {self.screen!r}')
        try:
            piece = os.read(self.descriptor, 65536)
        except OSError:  # how Linux tells that nobody has the other side open
            return False
        self.screen += piece.decode('latin-1')
        return bool(piece)

    def await_text(self, wanted):
        deadline = time.monotonic() + 10
        while wanted not in self.screen[self.unread:]:
            if not self.more(deadline):
                sys.exit(f'ended before {wanted!r}; the screen: {self.screen!r}')
        self.unread = self.screen.index(wanted, self.unread) + len(wanted)

    def type(self, text):
        """What is shown meanwhile is read: else a long text could block both sides."""
        rest = text.encode().decode('unicode_escape').encode('latin-1')
        os.set_blocking(self.descriptor, False)
        while rest:
            readable, writable, _ = select.select([self.descriptor], [self.descriptor], [], 10)
            if not readable and not writable:
                sys.exit(f'{len(rest)} bytes could not be typed')
            if readable and not self.more(time.monotonic()):
                sys.exit(f'ended before it was typed: {rest!r}')
            if writable:
                try:
                    rest = rest[os.write(self.descriptor, rest):]
                except BlockingIOError:
                    pass


def main():
    dialogue, screen, *program = sys.argv[1:]
    with open(dialogue, encoding='utf-8') as file:
        lines = [line.rstrip('\n').split('|', 1) for line in file]
    pid, descriptor = pty.fork()
    if pid == 0:
        os.execv(program[0], program)
    terminal = Terminal(descriptor)
    for wanted, typed in lines:
        terminal.await_text(wanted)
        if typed.startswith('!'):
            os.system(typed[1:])
        else:
            terminal.type(typed)
    while terminal.more(time.monotonic() + 10):
        pass
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with open(screen, 'w', encoding='utf-8') as file:
        file.write(terminal.screen.replace('\r\n', '\n'))
    sys.exit(status)


main()
