"""The screen of a terminal, as far as the programs here use one: what a person would see.

It knows the few control sequences that they may send, and says so if there is another. Rows that
left at the top are kept above it. At a change of width it either continues the rows that no longer
fit (reflow), as most terminals do today, or cuts them, as others do.
"""

import codecs
import re
import unicodedata

SEQUENCE = re.compile('\x1b\\[([?]?)([0-9;]*)([A-Za-z])')


def width(character):
    if unicodedata.category(character) in ('Mn', 'Me', 'Cf'):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ('W', 'F') else 1


class Row:
    def __init__(self):
        self.cells = []  # a text each; of a wide character the second one is empty
        self.continued = False

    def text(self):
        return ''.join(self.cells).rstrip()


class Screen:
    def __init__(self, columns, rows, answer, reflow=True):
        self.columns, self.height, self.answer, self.reflow = columns, rows, answer, reflow
        self.rows = [Row()]
        self.x = self.y = 0  # y counts from the first row ever; x is COLUMNS if the row is full
        self.brackets = False
        self.decoder = codecs.getincrementaldecoder('utf-8')('replace')
        self.rest = ''

    def top(self):
        return max(0, len(self.rows) - self.height)

    def feed(self, piece):
        text = self.rest + self.decoder.decode(piece)
        self.rest = ''
        place = 0
        while place < len(text):
            if text[place] != '\x1b':
                self.put(text[place])
                place += 1
                continue
            match = SEQUENCE.match(text, place)
            if match:
                self.control(*match.groups())
                place = match.end()
            elif re.fullmatch('\x1b(\\[[?]?[0-9;]*)?', text[place:]):
                self.rest = text[place:]
                return
            else:
                raise ValueError(f'unknown sequence: {text[place:place + 12]!r}')

    def down(self):
        self.y += 1
        if self.y == len(self.rows):
            self.rows.append(Row())

    def put(self, character):
        if character == '\n':
            self.down()
        elif character == '\r':
            self.x = 0
        elif character == '\b':
            self.x = max(0, min(self.x, self.columns - 1) - 1)
        elif character == '\t':
            self.x = min(self.columns - 1, self.x // 8 * 8 + 8)
        elif character == '\a':
            pass
        elif ord(character) < 32 or 127 <= ord(character) < 160:
            raise ValueError(f'unknown control character: {character!r}')
        else:
            self.print(character)

    def print(self, character):
        wide = width(character)
        cells = self.rows[self.y].cells
        if wide == 0:
            place = self.x - 1
            while place > 0 and cells[place] == '':
                place -= 1
            if place >= 0:
                cells[place] += character
            return
        if self.x + wide > self.columns:
            self.rows[self.y].continued = True
            self.down()
            self.x = 0
            cells = self.rows[self.y].cells
        cells.extend(' ' * (self.x + wide - len(cells)))
        cells[self.x:self.x + wide] = [character] + [''] * (wide - 1)
        self.x += wide

    def control(self, private, numbers, final):
        count = int(numbers or 0)
        if private:
            if (count, final) not in ((2004, 'h'), (2004, 'l')):
                raise ValueError(f'unknown mode: {count}{final}')
            self.brackets = final == 'h'
        elif final == 'A':
            self.y = max(self.top(), self.y - max(1, count))
        elif final == 'C':
            self.x = min(self.columns - 1, self.x + max(1, count))
        elif final == 'K' and count == 0:
            self.clear_row()
        elif final == 'J' and count == 0:
            self.clear_row()
            del self.rows[self.y + 1:]
        elif final == 'J' and count == 2:
            below = self.y - self.top()
            self.rows.extend(Row() for _ in range(self.height))
            self.y = self.top() + below
        elif final == 'H' and not numbers:
            self.x, self.y = 0, self.top()
        elif final == 'n' and count == 6:
            self.answer(f'\x1b[{self.y - self.top() + 1};{min(self.x, self.columns - 1) + 1}R'.encode())
        else:
            raise ValueError(f'unknown sequence: {numbers}{final}')

    def clear_row(self):
        row = self.rows[self.y]
        del row.cells[min(self.x, self.columns - 1):]
        row.continued = False

    def resize(self, columns):
        self.columns = columns
        if not self.reflow:
            for row in self.rows:
                del row.cells[columns:]
            self.x = min(self.x, columns - 1)
            return
        old, self.rows = self.rows, []
        line, cursor, here = [], None, None
        for number, row in enumerate(old):
            cells = row.cells
            if number == self.y:
                cells = cells + [' '] * (self.x - len(cells))
                cursor = len(line) + self.x
            line = line + cells
            if row.continued:
                continue
            here = self.wrap(line, cursor) or here
            line, cursor = [], None
        self.x, self.y = here

    def wrap(self, line, cursor):
        """Adds the rows of a line; where the cursor is, if it was in it."""
        here = None
        row = Row()
        for place in range(len(line) + 1):
            wide = 2 if line[place + 1:place + 2] == [''] else 1
            second = line[place:place + 1] == ['']
            if place < len(line) and not second and len(row.cells) + wide > self.columns:
                row.continued = True
                self.rows.append(row)
                row = Row()
            if place == cursor:
                here = len(row.cells), len(self.rows)
            row.cells += line[place:place + 1]
        self.rows.append(row)
        return here

    def seen(self):
        """The rows up to the cursor's, with a | where it is."""
        rows = [row.text() for row in self.rows[:self.y]]
        cells = self.rows[self.y].cells
        cells = cells + [' '] * (self.x - len(cells))
        last = ''.join(cells[:self.x]) + '|' + ''.join(cells[self.x:]).rstrip()
        return rows + [last] + [row.text() for row in self.rows[self.y + 1:] if row.text()]
