// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "page/page_file.h"

#include <utility>

#include "format/atomic_file.h"

namespace graphiqa {

PageFile::PageFile(std::string path, const std::vector<std::string>& files,
                   bool compare, Settings settings)
    : path_(std::move(path)),
      page_(files, compare),
      settings_(std::move(settings)) {
  const AtomicFile probe(path_);  // goes without a trace
}

void PageFile::Write(bool interrupted) {
  WriteFileAtomically(path_, page_.Html(settings_, interrupted, earlier_));
}

}  // namespace graphiqa
