"""Plays a person at a terminal whose screen is looked at, and the shell that runs a program there.

person.py [--cut] COLUMNS SCRIPT PROGRAM [ARGUMENT...]

SCRIPT is a file of lines; escapes are those of Python's bytes:
    see TEXT        wait until the rows of the screen end with TEXT, where | is the cursor and \\n
                    ends a row; a line of SCRIPT that begins with a blank goes on with the one before
    type TEXT       type it at once
    paste TEXT      paste it, in the brackets that the program may have asked for
    resize COLUMNS  give the window another width
    signal NAME     send the program a signal
    shell COMMAND   run a command
    stopped         wait until the program has stopped
    fg              continue it
    end STATUS      wait until it has ended so: its exit status, or less the number of its signal

Whenever it stops or ends, the terminal must be as it was before, and the cursor at the beginning of
a row. What is not seen within 10 seconds ends the whole with status 1, and what there was instead.
--cut: the terminal cuts rows that no longer fit its window; else they go on on the next row.
"""

import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

from screen import Screen

PATIENCE = 10


def supervise(program, report, order):
    """The shell: runs the program as a job in the foreground, and says when it stops and ends."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    before = termios.tcgetattr(0)
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        # a shell in the background had the tests ignore some, and that is inherited
        for number in (signal.SIGTTOU, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
            signal.signal(number, signal.SIG_DFL)
        os.execv(program[0], program)
    os.write(report, f'pid {pid}\n'.encode())
    while True:
        _, status = os.waitpid(pid, os.WUNTRACED)
        same = termios.tcgetattr(0) == before
        os.tcsetpgrp(0, os.getpgrp())
        modes = 'same' if same else 'changed'
        if os.WIFSTOPPED(status):
            os.write(report, f'stopped {modes}\n'.encode())
            if not os.read(order, 1):
                os._exit(0)
            termios.tcsetattr(0, termios.TCSADRAIN, before)
            os.tcsetpgrp(0, pid)
            os.killpg(pid, signal.SIGCONT)
        else:
            os.write(report, f'{os.waitstatus_to_exitcode(status)} {modes}\n'.encode())
            # the terminal goes with us: first all must be read
            os.read(order, 1)
            os._exit(0)


class Person:
    def __init__(self, columns, reflow, program):
        report, self_report = os.pipe()
        self_order, order = os.pipe()
        gate, opened = os.pipe()
        child, self.terminal = pty.fork()
        if child == 0:
            os.close(report)
            os.close(order)
            os.read(gate, 1)  # until the window has its size
            supervise(program, self_report, self_order)
        os.close(self_report)
        os.close(self_order)
        self.report, self.order, self.heard = report, order, b''
        self.screen = Screen(columns, 24, self.write, reflow)
        self.set_size(columns)
        os.write(opened, b'\n')
        self.pid = int(self.hear('pid'))

    def set_size(self, columns):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))

    def fail(self, text):
        sys.exit(f'{text}; the screen:\n' + '\n'.join(self.screen.seen()))

    def wait(self, deadline, writing=False):
        """Takes in what comes; true if there is room for writing."""
        wanted = [self.terminal] if writing else []
        patience = max(0, deadline - time.monotonic())
        readable, writable, _ = select.select([self.terminal, self.report], wanted, [], patience)
        if self.report in readable:
            piece = os.read(self.report, 4096)
            self.heard += piece
            if not piece:
                self.fail('the shell is gone')
        if self.terminal in readable:
            try:
                self.screen.feed(os.read(self.terminal, 65536))
            except ValueError as error:
                self.fail(error)
        return bool(writable)

    def until(self, what, condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                self.fail(f'not seen in time: {what}')
            self.wait(deadline)

    def hear(self, first=None):
        self.until(first or 'the end', lambda: b'\n' in self.heard)
        line, self.heard = self.heard.split(b'\n', 1)
        words = line.decode().split()
        if first and words[0] != first:
            self.fail(f'wanted {first}, but: {line.decode()}')
        return words[1] if first else words

    def write(self, rest):
        os.set_blocking(self.terminal, False)
        deadline = time.monotonic() + PATIENCE
        while rest:
            if time.monotonic() > deadline:
                self.fail(f'{len(rest)} bytes could not be typed')
            if self.wait(deadline, writing=True):
                try:
                    rest = rest[os.write(self.terminal, rest):]
                except BlockingIOError:
                    pass

    def settled(self, modes):
        """The program has left the terminal; what it wrote last is still to be read."""
        while select.select([self.terminal], [], [], 0)[0]:
            self.wait(time.monotonic())
        if modes != 'same':
            self.fail('the modes of the terminal are not what they were')
        if self.screen.brackets:
            self.fail('pastes are still bracketed')
        if self.screen.x != 0:
            self.fail('the cursor is not at the beginning of a row')

    def see(self, text):
        rows = text.decode().split('\n')
        self.until('\n'.join(rows), lambda: self.screen.seen()[-len(rows):] == rows)

    def type(self, text):
        self.write(text)

    def paste(self, text):
        text = text.replace(b'\n', b'\r')
        self.write(b'\x1b[200~' + text + b'\x1b[201~' if self.screen.brackets else text)

    def resize(self, text):
        self.screen.resize(int(text))
        self.set_size(int(text))

    def signal(self, text):
        os.kill(self.pid, getattr(signal, text.decode()))

    def shell(self, text):
        os.system(text.decode())

    def stopped(self, _):
        self.settled(self.hear('stopped'))

    def fg(self, _):
        os.write(self.order, b'\n')

    def end(self, text):
        status, modes = self.hear()
        if status != text.decode():
            self.fail(f'it ended with {status}')
        self.settled(modes)


def main():
    arguments = sys.argv[1:]
    reflow = arguments[0] != '--cut'
    columns, script, *program = arguments if reflow else arguments[1:]
    steps = []
    with open(script, 'rb') as file:
        for line in file.read().splitlines():
            if line[:1].isspace():
                steps[-1] += line.lstrip()
            else:
                steps.append(line)
    person = Person(int(columns), reflow, program)
    for step in steps:
        command, _, text = step.partition(b' ')
        getattr(person, command.decode())(codecs.escape_decode(text)[0])


main()
