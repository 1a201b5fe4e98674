// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "datasets/kadid_names.h"

namespace graphiqa {
namespace {

constexpr int kTypes = 25;
constexpr int kLevels = 5;

/// Two digits at the end, after an underscore; cut off. @returns -1 if not so
int CutNumber(std::string* stem) {
  const size_t size = stem->size();
  if (size < 4 || (*stem)[size - 3] != '_') return -1;
  int number = 0;
  for (size_t i = size - 2; i < size; ++i) {
    const char c = (*stem)[i];
    if (c < '0' || c > '9') return -1;
    number = 10 * number + (c - '0');
  }
  stem->resize(size - 3);
  return number;
}

}  // namespace

KadidName ParseKadidName(const std::string& name, const Place& place,
                         const std::string& column) {
  KadidName parsed;
  parsed.original = Stem(name);
  parsed.level = CutNumber(&parsed.original);
  parsed.type = CutNumber(&parsed.original);
  if (parsed.level < 1 || parsed.level > kLevels || parsed.type < 1 ||
      parsed.type > kTypes) {
    throw Error(ErrorCode::kFormat,
                place.Column(column) + ": '" + name +
                    "' is not ORIGINAL_TYPE_LEVEL with a type of 01-25 and a "
                    "level of 01-05");
  }
  return parsed;
}

std::string TwoDigits(int number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

Sample KadidSample(const std::string& image, const KadidName& name) {
  Sample sample;
  sample.image = image;
  sample.group = Lower(name.original);
  sample.subset = TwoDigits(name.type);
  sample.distortion = name.type;
  sample.level = name.level;
  return sample;
}

Sample OriginalSample(const std::string& image, const std::string& path) {
  Sample sample;
  sample.image = image;
  sample.path = path;
  sample.group = Lower(Stem(image));
  sample.distortion = 0;
  return sample;
}

}  // namespace graphiqa
