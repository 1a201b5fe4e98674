// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "lists.h"

#include <algorithm>
#include <charconv>

#include "common/precision.h"

namespace graphiqa {
namespace {

/// The whole of `text` as a number; false where it is none.
bool ParseInt(const std::string& text, int* value) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, *value);
  return result.ec == std::errc() && result.ptr == end;
}

}  // namespace

std::vector<std::string> GetList(const Arguments& arguments,
                                 const std::string& name,
                                 const std::string& fallback) {
  const std::string text = arguments.Get(name, fallback);
  std::vector<std::string> values(1);
  for (const char letter : text) {
    if (letter == ',') {
      values.emplace_back();
    } else {
      values.back() += letter;
    }
  }
  if (std::count(values.begin(), values.end(), "") > 0) {
    throw Error(ErrorCode::kUsage,
                name + " takes values with commas between, not '" + text + "'");
  }
  return values;
}

std::vector<int> GetIntList(const Arguments& arguments, const std::string& name,
                            const std::string& fallback, int lowest,
                            int highest) {
  std::vector<int> numbers;
  for (const std::string& text : GetList(arguments, name, fallback)) {
    int value = 0;
    if (!ParseInt(text, &value) || value < lowest || value > highest) {
      throw Error(ErrorCode::kUsage, name + " takes whole numbers from " +
                                         std::to_string(lowest) + " to " +
                                         std::to_string(highest) + ", not '" +
                                         text + "'");
    }
    numbers.push_back(value);
  }
  return numbers;
}

std::vector<std::string> GetPrecisions(const Arguments& arguments) {
  const auto& known = PrecisionNames();
  const auto names = GetList(arguments, "--precision", "auto");
  for (const std::string& name : names) {
    if (std::count(known.begin(), known.end(), name) == 0) {
      throw Error(
          ErrorCode::kUsage,
          "--precision takes auto, fp32, bf16 or fp16, not '" + name + "'");
    }
  }
  return names;
}

}  // namespace graphiqa
