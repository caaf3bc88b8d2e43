#!/usr/bin/env python3
"""Record real TCP connections with the states that the kernel itself had: see README.md.

sudo python3 samples/record/record.py --list
sudo python3 samples/record/record.py NAME... -o DIRECTORY
sudo python3 samples/record/record.py --all -o DIRECTORY
"""
import argparse
import fcntl
import sys

from lab.recording import record
from scenarios import SCENARIOS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('names', nargs='*', metavar='NAME')
    parser.add_argument('-o', '--output', default='recordings', metavar='DIRECTORY')
    parser.add_argument('--all', action='store_true', help='every scenario')
    parser.add_argument('--list', action='store_true', help='names and titles')
    parser.add_argument('--show', action='store_true', help='print truth.txt of the middle capture')
    options = parser.parse_args()
    if options.list:
        for name, scenario in SCENARIOS.items():
            print(f'{name:45s} {scenario.title}')
        return 0
    lock = open('/run/lock/bothends-record', 'w')  # two recordings at once would mix up the kernel's drops
    fcntl.flock(lock, fcntl.LOCK_EX)
    bad = 0
    for name in SCENARIOS if options.all else options.names:
        truth = record(name, SCENARIOS[name], options.output)
        middle = len(truth['packets'].get('middle', []))
        print(f"{name:45s} {middle:4d} packets, {truth['ambiguous']} ambiguous, {len(truth['problems'])} problems", flush=True)
        for p in truth['problems'][:5]:
            print('   ', p)
        bad += bool(truth['problems'])
        if options.show:
            print(open(f'{options.output}/{name}/truth.txt').read())
    return bad > 0


if __name__ == '__main__':
    sys.exit(main())
