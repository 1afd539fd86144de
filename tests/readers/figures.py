"""Reads one --json object of sockfam, strictly, and says which claims about it do not hold.

figures.py FILE [CLAIM...]

A claim is an expression of Python over `f`, the object, `r`, its results, `h` and `s`,
each result's histograms as {lowest nanosecond of a bucket: count}; is_sum_of(FILE...)
compares it with the objects that it was merged from. Every documented field must be there,
with its type. Prints the claims that do not hold, and then the figures. The exit status is
0 if all hold, otherwise 1.
"""

import collections
import datetime
import json
import sys

TIMES = ['min', 'mean', 'p50', 'p90', 'p99', 'p999', 'max']
COUNTS = ['messages', 'bytes', 'elapsed_ns', 'sent', 'lost', 'damaged', 'duplicate', 'broken',
          'warmup_messages', 'client_cpu_ns', 'refused', 'unreachable', 'silent']
SETTINGS = ['connections', 'size', 'depth', 'messages', 'warmup_ns', 'rounds', 'threads']


def refuse(what):
    raise SystemExit(f'not JSON: {what}')


def unique(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        refuse(f'a name stands twice in {[name for name, _ in pairs]}')
    return dict(pairs)


def must(condition, what):
    if not condition:
        raise SystemExit(what)


def whole(value):
    return type(value) is int and value >= 0


def number(value):
    return type(value) in (int, float) and value >= 0


def check_times(times, names, count, where):
    if count == 0:
        must(times is None, f'{where} is not null')
        return
    must(set(times) == set(names), f'{where} has {sorted(times)}')
    must(all(whole(value) for value in times.values()), f'{where} is not of whole nanoseconds')
    steps = [times['min']] + [times[name] for name in names if name[0] == 'p'] + [times['max']]
    must(steps == sorted(steps), f'{where} does not rise: {times}')


def histogram(text, times, where):
    head, *buckets = [word for word in text.split(' ') if '=' not in word] or [None]
    fields = dict(word.split('=') for word in text.split(' ') if '=' in word)
    buckets = {} if head is None else {
        int(low): int(count) for low, count in (word.split(':') for word in [head] + buckets)}
    must(sum(buckets.values()) == int(fields['count']), f'{where}: its buckets are not its count')
    if times:
        must(int(fields['min']) == times['min'] and int(fields['max']) == times['max'],
             f'{where}: not min and max of the figures')
    return buckets


def check_circumstances(f, times):
    for name in ('version', 'host', 'kernel'):
        must(type(f[name]) is str and f[name], f'{name} is {f[name]}')
    must(whole(f['processors']) and f['processors'] > 0, 'processors')
    stamps = [datetime.datetime.strptime(f[name], '%Y-%m-%dT%H:%M:%S.%f%z') for name in times]
    now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(milliseconds=1)
    must(sorted(stamps) == stamps and stamps[-1] <= now, f'times: {stamps}')
    must(now - stamps[0] < datetime.timedelta(minutes=10), f'it started long ago: {stamps}')


def check_bench(f):
    must(type(f['complete']) is bool, 'complete is no boolean')
    settings = f['settings']
    if f['merged']:
        must(f['host'] is f['kernel'] is f['processors'] is f['started'] is f['ended'] is None, 'host')
    else:
        check_circumstances(f, ['started', 'ended'])
    must(all(whole(settings[name]) for name in SETTINGS), f'settings: {settings}')
    must(number(settings['rate']) and type(settings['spin']) is bool, f'settings: {settings}')
    must(settings['duration_ns'] is None or whole(settings['duration_ns']), 'duration_ns')
    must(settings['congestion'] is None or type(settings['congestion']) is str, 'congestion')
    h, s = [], []
    for result in f['results']:
        where = result['endpoint']
        must(type(where) is str, 'endpoint is no string')
        must(result['family'] in ('unix', 'inet', 'inet6'), f'{where}: family')
        must(result['type'] in ('stream', 'dgram', 'seqpacket'), f'{where}: type')
        must(where.startswith(result['family'] + '+' + result['type']), f'{where}: not its name')
        for name in COUNTS:
            must(whole(result[name]), f'{where}: {name} is {result[name]}')
        must(number(result['messages_per_second']), f'{where}: messages_per_second')
        if result['elapsed_ns']:
            rate = result['messages'] * 1e9 / result['elapsed_ns']
            must(abs(rate - result['messages_per_second']) <= 0.001 + rate * 1e-6, f'{where}: rate')
        must(result['bytes'] == result['messages'] * settings['size'], f'{where}: bytes')
        must(result['refused'] + result['unreachable'] + result['silent'] == result['lost'],
             f'{where}: lost does not add up')
        # what was due and could not be sent is lost too; damage in the warm-up is of none that counts
        wrong = result['sent'] - result['messages'] - result['lost']
        must(0 <= wrong <= result['damaged'] or result['lost'] > 0 and settings['rate'] > 0,
             f'{where}: sent does not add up')
        for name, text, into in (('response_ns', 'histogram', h), ('service_ns', 'service_histogram', s)):
            check_times(result[name], TIMES, result['messages'], f'{where}: {name}')
            into.append(histogram(result[text], result[name], f'{where}: {text}'))
            must(sum(into[-1].values()) == result['messages'], f'{where}: {text} is not of all messages')
    return {'r': f['results'], 'h': h, 's': s}


def is_sum_of(whole, parts):
    whole, parts = whole['results'][0], [part['results'][0] for part in parts]
    for name in ('histogram', 'service_histogram'):
        total = collections.Counter()
        for part in parts:
            total.update(histogram(part[name], None, name))
        must(total == histogram(whole[name], None, name), f'{name} is not the sum')
    for name in COUNTS:
        add = max if name == 'elapsed_ns' else sum
        must(whole[name] == add(part[name] for part in parts), f'{name} is not the sum')
    most = max(part['response_ns']['max'] for part in parts)
    must(whole['response_ns']['max'] == most, 'response_ns: max')
    must(whole['connect_ns'] == max(part['connect_ns'] for part in parts), 'connect_ns')
    return True


def check_ping(f):
    must(type(f['endpoint']) is str, 'endpoint is no string')
    for name in ('sent', 'received', 'lost', 'duplicate', 'reordered', 'damaged'):
        must(whole(f[name]), f'{name} is {f[name]}')
    must(f['lost'] == f['sent'] - f['received'], 'lost is not sent - received')
    check_circumstances(f, ['started'])
    check_times(f['rtt_ns'], ['min', 'avg', 'max', 'mdev', 'p50', 'p90', 'p99'],
                f['received'] - f['damaged'], 'rtt_ns')
    return {}


def read(path):
    with open(path, encoding='utf-8') as stream:
        return json.load(stream, parse_constant=refuse, object_pairs_hook=unique)


def main():
    f = read(sys.argv[1])
    checks = {'sockfam-bench/1': check_bench, 'sockfam-ping/1': check_ping}
    must(f.get('schema') in checks, f'schema is {f.get("schema")}')
    try:
        names = checks[f['schema']](f)
    except KeyError as missing:
        raise SystemExit(f'{missing} is missing') from None
    names.update(f=f, is_sum_of=lambda *paths: is_sum_of(f, [read(path) for path in paths]))
    failed = [claim for claim in sys.argv[2:] if not eval(claim, dict(names))]
    for claim in failed:
        print('does not hold:', claim)
    if failed:
        short = [{name: value for name, value in result.items() if 'histogram' not in name}
                 for result in f.get('results', [f])]
        print(json.dumps(short, indent=1))
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
