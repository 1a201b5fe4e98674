#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""report.py TESTLOG.json: what was skipped and why, then the counts.

Reads meson's log, one JSON object per test program. The last line is
"N passed, N failed, N skipped"; a program counts as skipped when all of it
was. Exit code 1 unless there was a program and none failed.
"""
import json
import sys

PASSED = ('OK', 'EXPECTEDFAIL')


def reasons(test):
    lines = test.get('stdout', '').splitlines()
    return [line[len('skipped: '):] for line in lines
            if line.startswith('skipped: ')]


def main():
    try:
        with open(sys.argv[1], encoding='utf-8') as log:
            tests = [json.loads(line) for line in log if line.strip()]
    except FileNotFoundError:
        sys.exit('no test ran')
    counts = {'passed': 0, 'failed': 0, 'skipped': 0}
    for test in tests:
        result = test['result']
        kind = ('passed' if result in PASSED else
                'skipped' if result == 'SKIP' else 'failed')
        counts[kind] += 1
        name = test['name'].split(' / ')[-1]
        whole = 'skipped' if kind == 'skipped' else 'skipped in part'
        for reason in reasons(test):
            print(f'{whole}: {name}: {reason}')
        if kind == 'skipped' and not reasons(test):
            print(f'skipped: {name}: gives no reason')
    print('{passed} passed, {failed} failed, {skipped} skipped'.format(**counts))
    return 0 if tests and not counts['failed'] else 1


if __name__ == '__main__':
    sys.exit(main())
