"""Checks JSON against a schema: schema.py SCHEMA

Reads JSON values from standard input, a line each, and checks each one against the JSON Schema (draft
2020-12) in the file SCHEMA. It knows those of its words that our schemas use, and fails at any other.
The exit status is 0 if there is a line and all of them fit; else 1, and the first that does not is told.
"""

import json
import re
import sys

TYPES = {'object': dict, 'array': list, 'string': str, 'integer': int, 'null': type(None)}
KNOWN = {'$schema', '$id', 'title', 'description', 'type', 'enum', 'properties', 'required',
         'additionalProperties', 'items', 'minimum', 'maximum', 'pattern'}


def misfit(value, schema, where='value'):
    """Why it does not fit; None if it does."""
    if unknown := set(schema) - KNOWN:
        return f'{where}: the schema says {unknown}, which is not known here'
    types = schema.get('type', list(TYPES))
    types = types if isinstance(types, list) else [types]
    if not any(isinstance(value, TYPES[name]) and not isinstance(value, bool) for name in types):
        return f'{where}: {value!r} is none of {types}'
    if 'enum' in schema and value not in schema['enum']:
        return f'{where}: {value!r} is none of {schema["enum"]}'
    if isinstance(value, str) and not re.search(schema.get('pattern', ''), value):
        return f'{where}: {value!r} is not like {schema["pattern"]}'
    if isinstance(value, int) and not schema.get('minimum', value) <= value <= schema.get('maximum', value):
        return f'{where}: {value} is too small or too great'
    if isinstance(value, list):
        for number, item in enumerate(value):
            if why := misfit(item, schema.get('items', {}), f'{where}[{number}]'):
                return why
    if isinstance(value, dict):
        members = schema.get('properties', {})
        if missing := set(schema.get('required', [])) - set(value):
            return f'{where}: {missing} is missing'
        for name, item in value.items():
            if name not in members and schema.get('additionalProperties') is False:
                return f'{where}: {name} is no member'
            if why := misfit(item, members.get(name, {}), f'{where}.{name}'):
                return why
    return None


def main():
    with open(sys.argv[1]) as file:
        schema = json.load(file)
    count = 0
    for line in sys.stdin:
        count += 1
        if why := misfit(json.loads(line), schema):
            sys.exit(f'{line.rstrip()}\n{why}')
    sys.exit(count == 0)


main()
