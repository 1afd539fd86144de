"""Does a client count what the server did? Random plans of faults, and the two accounts side by side.

truth.py SOCKFAM COUNT SEED [JOBS]

Runs COUNT plans, the same ones for the same SEED, JOBS of them at once: a server with --misbehave, and
ping or bench against it, on a lane of every family and type. The client's counts must be those that the
server's -v and its summary say. Prints what does not agree, with the commands, and last how many plans
ran. The exit status is 0 if all agree, else 1.
"""

import concurrent.futures
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

LANES = ['unix+stream:./s', 'inet+stream:127.0.0.1:0', 'inet6+stream:[::1]:0',
         'unix+dgram:./d', 'inet+dgram:127.0.0.1:0', 'inet6+dgram:[::1]:0', 'unix+seqpacket:./q']
ENDS = ('limit', 'reset', 'half-close')


def percent(chance):
    return f'{chance.choice([0, 1, 5, 10, 20, 50, 100, round(chance.uniform(0, 40), 2)])}%'


def make_plan(chance):
    """A lane, what befalls it there, and who asks."""
    lane = chance.choice(LANES)
    stream = '+stream' in lane
    size = chance.choice([8, 64, 64, 64, 100, 128, 1000])
    faults = {}
    if not stream:
        for name in ('loss', 'duplicate', 'reorder', 'corrupt'):
            if chance.random() < 0.4:
                faults[name] = percent(chance)
        if chance.random() < 0.15:
            # a reply that lost its number, or a part of it, is nobody's
            faults['truncate'] = chance.choice([8, 20, size, size - 1 if size > 8 else 8, 2000])
    else:
        if chance.random() < 0.5:
            faults['corrupt'] = percent(chance)
        if chance.random() < 0.3:
            faults['slice'] = chance.choice([1, 7, 64, 100, 4096])
    if '+dgram' not in lane:
        if chance.random() < 0.2:
            faults[chance.choice(ENDS)] = chance.randrange(0, 60 * size)
        if chance.random() < 0.1:
            faults['rate'] = chance.choice(['10M', '100Mbit'])
        if chance.random() < 0.1:
            faults['stall'] = f'20ms after {chance.randrange(0, 40 * size)}'
        if chance.random() < 0.05:
            faults['refuse'] = '50%'
    if chance.random() < 0.2:
        faults['delay'] = chance.choice(['1ms', '3ms 2ms', '500us 500us'])
    if 'corrupt' in faults and size == 8:
        size = 16 # one that is its number alone, with a wrong bit, is another one's right reply
    if 'corrupt' in faults and faults.get('truncate') == 8:
        faults['truncate'] = 16 # and so it is of one that is cut to that
    spec = ','.join(f'{name} {value}' for name, value in faults.items()) or 'corrupt 0%'
    client = 'bench' if chance.random() < 0.3 else 'ping'
    connections = chance.choice([1, 1, 2, 3]) if client == 'bench' else 1
    if lane.startswith('unix+s') and ('+seqpacket' in lane or size != 64):
        connections = 1 # the server's log cannot tell them apart
    return {'lane': lane, 'spec': spec, 'size': size, 'seed': chance.randrange(1 << 32),
            'client': client, 'connections': connections}


def start(sockfam, plan, folder):
    server = subprocess.Popen([sockfam, 'serve', '-v', '--misbehave', plan['spec'], '--seed',
                               str(plan['seed']), plan['lane']], cwd=folder, text=True,
                              stdout=subprocess.PIPE, stderr=open(f'{folder}/log', 'w'))
    endpoint = server.stdout.readline().split()[1]
    server.stdout.readline()
    return server, endpoint


def ask(sockfam, plan, endpoint, folder):
    if plan['client'] == 'ping':
        command = [sockfam, 'ping', '--json', '-c', '50', '-i', '0.0005', '-W', '0.8',
                   '-s', str(plan['size']), endpoint]
    else:
        command = [sockfam, 'bench', '--json', '-n', '90', '-R', '4000', '--depth', '256', '--warmup', '0',
                   '-c', str(plan['connections']), '-s', str(plan['size']), endpoint]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    return command, done


class Account:
    """What the server says that it did."""

    def __init__(self, log, plan):
        size = plan['size']
        self.events = {}
        self.wrong = set()
        for peer, fault, place in re.findall(r'^misbehave (.*) (\S+) (?:message|offset)=(\d+)$', log, re.M):
            self.events.setdefault(fault, []).append((peer, int(place)))
        summary = log.splitlines()[-1]
        self.messages = int(re.search(r'messages=(\d+)', summary)[1])
        self.counts = {name: int(value) for name, value in
                       re.findall(r' ([a-z-]+)=(\d+)', summary.split(' misbehaved')[1])}
        stream = '+stream' in plan['lane']
        for fault in ('corrupt', 'truncate'):
            for peer, place in self.events.get(fault, []):
                self.wrong.add((peer, place // size if stream else place))


def disagreements(plan, account, done):
    """Pairs of what should be the same."""
    if not done.stdout.strip():
        # refused, or ended before anything was sent: both must say so
        return [] if set(account.counts) & {*ENDS, 'refuse'} and done.returncode in (69, 76, 1) else \
            [f'no figures: status {done.returncode}']
    told = json.loads(done.stdout)
    got = told if plan['client'] == 'ping' else told['results'][0]
    counts, wrong = account.counts, []

    def same(what, client, server):
        if client != server:
            wrong.append(f'{what}: {client}, but the server says {server}')

    for fault, events in account.events.items():
        same(f'-v, {fault}', len(events), counts[fault])
    received = got['received'] if plan['client'] == 'ping' else got['messages'] + got['damaged']
    same('sent less lost', got['sent'] - got['lost'], received)
    ended = any(counts.get(fault, 0) for fault in (*ENDS, 'refuse'))
    if not ended:
        # of messages as long as a block, each one that is damaged is counted once
        by_block = '+stream' in plan['lane'] and plan['size'] == 64
        same('damaged', got['damaged'], counts.get('corrupt', 0) if by_block else len(account.wrong))
        # whoever has a reply to all is done, and does not wait for the second copy of the last to come
        doubled = counts.get('duplicate', 0)
        unheard = plan['connections'] if plan['client'] == 'bench' else \
            any(place >= account.messages - 1 for _, place in account.events.get('duplicate', []))
        if not doubled - unheard <= got['duplicate'] <= doubled:
            same('duplicate', got['duplicate'], doubled)
        same('lost', got['lost'], counts.get('loss', 0))
        if '+stream' not in plan['lane']:
            same('sent', got['sent'], account.messages)
        if plan['client'] == 'ping':
            same('reordered', got['reordered'], counts.get('reorder', 0))
    elif plan['client'] == 'ping' and '+stream' in plan['lane'] and not counts.get('refuse'):
        end = min(place for fault in ENDS for _, place in account.events.get(fault, []))
        # whom a reset meets while it sends may not read what came before
        if not (counts.get('reset') and received <= end // plan['size']):
            same('received before the end', received, end // plan['size'])
    return wrong


def run(sockfam, number, plan):
    folder = tempfile.mkdtemp(prefix='truth.')
    try:
        server, endpoint = start(sockfam, plan, folder)
        command, done = ask(sockfam, plan, endpoint, folder)
        server.terminate()
        server.wait(20)
        with open(f'{folder}/log') as log:
            text = log.read()
        wrong = disagreements(plan, Account(text, plan), done)
        if server.returncode:
            wrong.append(f'the server ended with {server.returncode}')
        if not wrong:
            return None
        return '\n  '.join([f"plan {number}: serve -v --misbehave '{plan['spec']}' --seed {plan['seed']} "
                            f"{plan['lane']}", ' '.join(command[1:]), *wrong, done.stderr.strip(),
                            text.splitlines()[-1]])
    finally:
        shutil.rmtree(folder)


def main():
    sockfam, count, seed = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    jobs = int(sys.argv[4]) if len(sys.argv) > 4 else 4
    chance = random.Random(seed)
    plans = [make_plan(chance) for _ in range(count)]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        told = list(pool.map(lambda item: run(sockfam, *item), enumerate(plans)))
    bad = [text for text in told if text]
    print(*bad, f'{count} plans, {len(bad)} disagree', sep='\n')
    return 1 if bad or count == 0 else 0


sys.exit(main())
