"""Reads a picture, which must be well-formed SVG.

picture.py FILE TEXT...

Prints nothing. The exit status is 0 if every TEXT stands in the picture's text; 1,
with a line, otherwise.
"""

import sys
import xml.etree.ElementTree as tree


def main():
    path, *texts = sys.argv[1:]
    root = tree.parse(path).getroot()
    if root.tag != '{http://www.w3.org/2000/svg}svg':
        sys.exit(f'{path} is of {root.tag}')
    found = ' '.join(''.join(each.itertext()) for each in root.iter())
    for text in texts:
        if text not in found:
            sys.exit(f'{text} is not in {path}')


main()
