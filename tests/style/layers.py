#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""Direction of dependencies: model <- gst, trainer, tools <- tests.

An include counts as what a compiler would open: its name is looked up beside
the including file and in every folder of the four, so "args.h", "x/args.h"
and "../tools/x/args.h" are all the same file. meson.build files may not name
a file of a folder that theirs must not reach.
Usage: layers.py < list of source files (relative to the current folder)
"""
import os
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
QUOTED = re.compile(r"'([^']+)'")

# What a folder must not reach, and what of it is open to everyone.
FORBIDDEN = {
    'model': ('gst', 'trainer', 'tools', 'tests'),
    'gst': ('trainer', 'tools', 'tests'),
    'trainer': ('gst', 'tools', 'tests'),
    'tools': ('gst', 'trainer', 'tests'),
}
OPEN = ('gst/graphiqa/',)  # the installed header
PROGRAM = 'model/program/'  # what programs share, no part of the library


def find(name, spelling, folder, roots):
    """The file that an include opens, or None if it is not of this tree."""
    beside = [folder] if spelling == '"' else []
    for root in beside + roots:
        path = os.path.normpath(os.path.join(root, name))
        if os.path.isfile(path):
            return path
    return None


def allowed(source, target):
    layer = source.split('/')[0]
    if target.startswith(PROGRAM):
        return layer in ('trainer', 'tools') or source.startswith(PROGRAM)
    return (target.split('/')[0] not in FORBIDDEN[layer]
            or target.startswith(OPEN))


def include_targets(source, roots):
    with open(source, encoding='utf-8') as lines:
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            if match:
                yield number, find(match[2], match[1],
                                   os.path.dirname(source), roots)


def build_targets(source):
    """Files that a meson.build names, by a path from its own folder."""
    with open(source, encoding='utf-8') as lines:
        for number, line in enumerate(lines, 1):
            for name in QUOTED.findall(line.split('#')[0]):
                path = os.path.normpath(
                    os.path.join(os.path.dirname(source), name))
                # Not '..' itself: the root holds all four.
                if '..' in name and os.path.exists(path):
                    yield number, path


def main():
    sources = [line.strip() for line in sys.stdin]
    sources = [s for s in sources if s.split('/')[0] in FORBIDDEN]
    # Every folder is a root, own layer first: which of them a target's build
    # really searches may change, the rule does not.
    folders = sorted({os.path.dirname(s) for s in sources} | set(FORBIDDEN))
    for source in sources:
        layer = source.split('/')[0]
        own = [f for f in folders if f.split('/')[0] == layer]
        model = [f for f in folders if f.split('/')[0] == 'model']
        rest = [f for f in folders if f not in own + model]
        if source.endswith('meson.build'):
            targets = build_targets(source)
        else:
            targets = include_targets(source, ['.'] + own + model + rest)
        for number, target in targets:
            if target and not allowed(source, target):
                print(f'{source}:{number}: reaches {target}')


if __name__ == '__main__':
    main()
