"""Makes many wrong files out of a right one, for whoever must read files from strangers.

mutator.py FILE COUNT SEED

Writes mutant.1 to mutant.COUNT into the current folder, the same ones for the same
seed: numbers become others, often absurd ones, members vanish or stand twice, bytes change, and
the end is missing.
"""

import random
import re
import sys

NUMBERS = ['-1', '0', '1', '-0', '1e999', '-1e999', '1e-999', '0.5', '9007199254740992',
           '9007199254740993', '9223372036854775807', '-9223372036854775808',
           '9223372036854775808', '18446744073709551615', '18446744073709551616',
           '99999999999999999999999999999999', 'null', 'true', '"7"', '[]', '{}']


def other_number(dice, text):
    found = dice.choice(list(re.finditer(r'-?\d+(\.\d+)?', text)))
    return text[:found.start()] + dice.choice(NUMBERS) + text[found.end():]


def member(dice, text):
    return dice.choice(list(re.finditer(r'"\w+": ("[^"]*"|[-\w.]+),? ?', text)))


def without_member(dice, text):
    found = member(dice, text)
    return text[:found.start()] + text[found.end():]


def member_twice(dice, text):
    found = member(dice, text)
    return text[:found.end()] + found.group(0).rstrip(', ') + ', ' + text[found.end():]


def other_byte(dice, text):
    place = dice.randrange(len(text))
    return text[:place] + chr(dice.randrange(256)) + text[place + 1:]


def cut(dice, text):
    return text[:dice.randrange(len(text))]


def main():
    path, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with open(path, encoding='latin-1') as file:
        original = file.read()
    dice = random.Random(seed)
    ways = [other_number] * 6 + [without_member, member_twice, other_byte, cut]
    for number in range(1, count + 1):
        text = original
        for _ in range(dice.choice([1, 1, 1, 2, 3])):
            if not re.search(r'"\w+": [-\w.]', text):
                break
            text = dice.choice(ways)(dice, text)
        with open(f'mutant.{number}', 'w', encoding='latin-1') as file:
            file.write(text)


if __name__ == '__main__':
    main()
