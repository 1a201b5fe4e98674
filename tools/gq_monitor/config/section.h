// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "yaml_tree.h"

namespace graphiqa {

/// Where the problems of one configuration gather, so that a user sees all of
/// them at once and not one per run.
class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  /// @param key  full path, "channels[2].alarms.drop.points"
  void Add(int line, const std::string& key, const std::string& wanted);

  const std::string& file() const { return file_; }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  static constexpr size_t kMost = 100;
  const std::string file_;
  std::vector<std::string> lines_;  ///< "file:line: key: what is wanted"
};

/// A map of the configuration that is being read. Every getter leaves its
/// field alone when the key is absent, and notes a problem when the value is
/// not what is wanted; the destructor notes keys that nothing asked for.
class Section {
 public:
  /// @param node  outlives the section; a problem is noted when it is no map
  /// @param path  "" for the whole file
  Section(const YamlNode& node, std::string path, Problems* problems);
  ~Section();
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;

  bool Has(const std::string& key);
  void Require(const std::string& key);

  void Text(const std::string& key, std::string* field, size_t longest = 1024);
  void Flag(const std::string& key, bool* field);
  void Number(const std::string& key, double low, double high, double* field);
  void Integer(const std::string& key, int64_t low, int64_t high,
               int64_t* field);
  /// Seconds from "500ms", "5s", "10m", "2h", "1d" or a plain number.
  void Duration(const std::string& key, double low_s, double high_s,
                double* field_s);
  void Choice(const std::string& key, const std::vector<std::string>& choices,
              std::string* field);
  /// A secret is never in the file itself: {file: PATH} or {env: NAME}.
  void Secret(const std::string& key, std::string* field);
  /// Text, or a secret.
  void TextOrSecret(const std::string& key, std::string* field);

  /// Reads a map within this one.
  void Child(const std::string& key, const std::function<void(Section&)>& read);
  /// Like Child(); `key: false` sets *enabled to false instead.
  void Switch(const std::string& key, bool* enabled,
              const std::function<void(Section&)>& read);
  /// Reads a list of maps.
  void Each(const std::string& key, size_t most,
            const std::function<void(Section&, size_t)>& read);
  /// Reads a list of texts.
  void Texts(const std::string& key, size_t most,
             std::vector<std::string>* field);

  /// Notes a problem with a key's value, or with the map itself ("").
  void Complain(const std::string& key, const std::string& wanted);

  /// A path as it stands in the file, relative to the file's folder.
  std::string Resolve(const std::string& path) const;

 private:
  const YamlNode* Take(const std::string& key);
  /// The scalar's text; nothing, and a problem, when it is something else.
  std::optional<std::string> Scalar(const std::string& key,
                                    const std::string& wanted);
  std::string PathOf(const std::string& key) const;

  const YamlNode& node_;
  const std::string path_;
  Problems* const problems_;
  std::set<std::string> known_;
};

/// Seconds; nothing when the text is no duration.
std::optional<double> ParseDuration(const std::string& text);

}  // namespace graphiqa
