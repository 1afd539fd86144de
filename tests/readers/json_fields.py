"""Lists the fields of a JSON object, and of those in it.

json_fields.py [null]

Reads the object from standard input and prints a line for each field: its name and its type, if
it has a value; with `null` the name alone, whether it has one or not. The exit status is 0; 1
where it is not JSON.
"""

import json
import sys

TYPES = {str: 'string', bool: 'boolean', int: 'integer', float: 'number', dict: 'object',
         list: 'array'}


def walk(value, names_alone):
    if not isinstance(value, dict):
        return
    for name, each in value.items():
        if names_alone:
            print(name)
        elif each is not None:
            print(name, TYPES[type(each)])
        for item in each if isinstance(each, list) else [each]:
            walk(item, names_alone)


walk(json.load(sys.stdin), sys.argv[1:] == ['null'])
