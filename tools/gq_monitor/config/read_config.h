// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "error.h"
#include "settings.h"
#include "yaml_tree.h"

namespace graphiqa {

constexpr size_t kMaxChannels = 1000;

/// A configuration with mistakes; what() lists all of them, a line each.
class ConfigError : public Error {
 public:
  explicit ConfigError(std::vector<std::string> problems);
  /// Each "file:line: key: what is wanted".
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  std::vector<std::string> problems_;
};

/// Reads and checks a configuration file. Secrets are fetched, relative paths
/// resolved against the file's folder.
/// @throws ConfigError; Error(kNotFound, kFile, kFormat) when it is no YAML
Configuration ReadConfiguration(const std::string& path);

/// The same from a text. @param name  of the file
Configuration ReadConfigurationText(const std::string& text,
                                    const std::string& name);

}  // namespace graphiqa
