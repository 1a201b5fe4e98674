#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""Writes files as a C++ source that defines FindAsset().

Usage: embed.py OUT 'PATH|TYPE|FILE'...
"""
import sys

# Long string literals are not portable; arrays of numbers are.
HEAD = '''// Made by embed.py.
#include "page/assets.h"

namespace graphiqa {
namespace {

'''
TAIL = '''
const Asset* FindAsset(const std::string& path) {
  static const Asset kAssets[] = {
%s  };
  for (const Asset& asset : kAssets) {
    if (path == asset.path) return &asset;
  }
  return nullptr;
}

}  // namespace graphiqa
'''


def main():
    rows = ''
    with open(sys.argv[1], 'w', encoding='ascii') as out:
        out.write(HEAD)
        for index, entry in enumerate(sys.argv[2:]):
            path, kind, name = entry.split('|')
            with open(name, 'rb') as file:
                data = file.read()
            values = ','.join(str(byte) for byte in data)
            out.write(f'constexpr unsigned char kFile{index}[] = {{{values}}};\n')
            rows += (f'      {{"{path}", "{kind}", std::string(reinterpret_cast<'
                     f'const char*>(kFile{index}), sizeof(kFile{index}))}},\n')
        out.write('\n}  // namespace\n' + TAIL % rows)


if __name__ == '__main__':
    main()
