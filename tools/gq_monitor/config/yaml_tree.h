// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "error.h"

namespace graphiqa {

/// A node of a YAML document with the line it starts on (from 1).
struct YamlNode {
  enum class Kind { kScalar, kList, kMap };

  Kind kind = Kind::kScalar;
  int line = 1;
  std::string text;    ///< of a scalar
  bool plain = false;  ///< a scalar without quotes: may be a number or null
  std::vector<YamlNode> items;  ///< of a list, or the values of a map
  std::vector<std::pair<std::string, int>> keys;  ///< of a map, with lines

  /// Value of a map's key; null when there is none.
  const YamlNode* Find(const std::string& key) const;
  bool IsNull() const;
};

/// What ParseYaml() puts up with, so that hostile text (nesting, aliases of
/// aliases) costs neither stack nor memory.
struct YamlLimits {
  size_t bytes = 4 << 20;
  int depth = 16;
  size_t keys = 1000;      ///< of one map
  size_t nodes = 400'000;  ///< with every alias counted as what it stands for
};

/// Parses one YAML 1.1 document whose keys are all scalars.
/// @param name  of the file, for errors
/// @throws Error(kFormat) "name:line: what is wrong"
YamlNode ParseYaml(const std::string& text, const std::string& name,
                   const YamlLimits& limits = {});

/// Reads the file and parses it. @throws Error(kNotFound, kFile, kFormat)
YamlNode ReadYaml(const std::string& path, const YamlLimits& limits = {});

}  // namespace graphiqa
