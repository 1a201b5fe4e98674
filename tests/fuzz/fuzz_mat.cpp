// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "datasets/mat_file.h"
#include "fuzz.h"

namespace {

/// Data sets ask for names they know; so does this, with the seeds' names.
void ReadVariables(const graphiqa::MatFile& file) {
  for (const char* name : {"dmos_new", "orgs", "names", "narrow"}) {
    try {
      // No value takes less than a byte of the file, 64 MiB at most.
      if (file.Numbers(name).size() > size_t{1} << 26) std::abort();
    } catch (const graphiqa::Error&) {
    }
    try {
      file.Texts(name);
    } catch (const graphiqa::Error&) {
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  try {
    ReadVariables(graphiqa::MatFile(bytes, "input"));
  } catch (const graphiqa::Error&) {
  }
  return 0;
}
