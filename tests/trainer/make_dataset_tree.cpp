// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// `make_dataset_tree SET FOLDER` writes a small made-up copy of a data set.
/// `make_dataset_tree` alone prints the names of all sets.

#include <cstdio>

#include "dataset_trees.h"

int main(int argc, char** argv) {
  if (argc == 1) {
    for (const graphiqa::DatasetEntry* entry = graphiqa::kDatasets; entry->name;
         ++entry) {
      std::printf("%s\n", entry->name);
    }
    return 0;
  }
  if (argc != 3) {
    std::fprintf(stderr, "usage: make_dataset_tree [SET FOLDER]\n");
    return 2;
  }
  graphiqa::MakeTree(argv[1], graphiqa::Folder(argv[2]));
  return 0;
}
