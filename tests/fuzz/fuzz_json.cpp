// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// JSON text: what can be read can be written and read again.

#include <cstdlib>
#include <string_view>

#include "format/json.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace graphiqa;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Json json = Json::Parse(text, "input");
    const std::string dumped = json.Dump();
    if (!IsUtf8(dumped)) std::abort();
    if (Json::Parse(dumped, "dumped").Dump() != dumped) std::abort();
    if (Json::Parse(json.Dump(2), "indented").Dump() != dumped) std::abort();
  } catch (const Error& error) {
    // Refusing the input is fine, refusing what Dump() wrote is not.
    if (std::string_view(error.what()).substr(0, 5) != "input") std::abort();
  }
  return 0;
}
