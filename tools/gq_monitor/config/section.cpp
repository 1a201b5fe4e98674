// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "section.h"

#include <glib.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLongestSecret = 4096;

/// A finite number that is the whole of the text.
std::optional<double> ParseNumber(const std::string& text) {
  gchar* end = nullptr;
  const double value = g_ascii_strtod(text.c_str(), &end);
  const bool whole = end != text.c_str() && *end == '\0';
  // strtod also takes hexadecimal numbers and words.
  if (!whole || text.find_first_not_of("0123456789+-.eE") != std::string::npos)
    return std::nullopt;
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

std::string Plain(double value) {
  gchar buffer[G_ASCII_DTOSTR_BUF_SIZE];
  return g_ascii_formatd(buffer, sizeof(buffer), "%.10g", value);
}

std::string Join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

/// Edits between two words, for "did you mean".
size_t Distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] != b[j - 1] ? 1 : 0);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

std::string Nearest(const std::string& key, const std::set<std::string>& all) {
  std::string nearest;
  size_t least = 3;
  for (const std::string& known : all) {
    const size_t distance = Distance(key.substr(0, 64), known);
    if (distance < least) {
      least = distance;
      nearest = known;
    }
  }
  return nearest;
}

std::string WithoutLineEnd(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.pop_back();
  }
  return text;
}

/// Texts of the file are quoted; a problem stays one line, and tells a terminal
/// nothing.
std::string WithoutControls(std::string text) {
  for (char& c : text) {
    if (g_ascii_iscntrl(c) != FALSE) c = '?';
  }
  return text;
}

}  // namespace

std::optional<double> ParseDuration(const std::string& text) {
  struct Unit {
    const char* name;
    double seconds;
  };
  constexpr Unit kUnits[] = {{"ms", 1e-3}, {"s", 1},     {"m", 60},
                             {"h", 3600},  {"d", 86400}, {"", 1}};
  const size_t end = text.find_last_of("0123456789.");
  if (end == std::string::npos) return std::nullopt;
  const std::string unit = text.substr(end + 1);
  const std::optional<double> value = ParseNumber(text.substr(0, end + 1));
  if (!value) return std::nullopt;
  for (const Unit& candidate : kUnits) {
    if (unit == candidate.name) return *value * candidate.seconds;
  }
  return std::nullopt;
}

void Problems::Add(int line, const std::string& key,
                   const std::string& wanted) {
  if (lines_.size() >= kMost) return;
  lines_.push_back(file_ + ":" + std::to_string(line) + ": " +
                   WithoutControls((key.empty() ? "" : key + ": ") + wanted));
}

Section::Section(const YamlNode& node, std::string path, Problems* problems)
    : node_(node), path_(std::move(path)), problems_(problems) {
  if (node_.kind != YamlNode::Kind::kMap) {
    problems_->Add(node_.line, path_, "must be a map of keys and values");
  }
}

Section::~Section() {
  for (const auto& [key, line] : node_.keys) {
    if (known_.count(key) != 0) continue;
    const std::string nearest = Nearest(key, known_);
    problems_->Add(line, PathOf(key),
                   nearest.empty() ? "unknown key, one of " +
                                         Join({known_.begin(), known_.end()})
                                   : "unknown key; " + nearest + " is near");
  }
}

std::string Section::PathOf(const std::string& key) const {
  if (path_.empty() || key.empty()) return path_ + key;
  return path_ + "." + key;
}

const YamlNode* Section::Take(const std::string& key) {
  known_.insert(key);
  const YamlNode* node = node_.Find(key);
  return node != nullptr && !node->IsNull() ? node : nullptr;
}

bool Section::Has(const std::string& key) { return Take(key) != nullptr; }

void Section::Require(const std::string& key) {
  if (!Has(key)) Complain("", "the key " + key + " is missing");
}

void Section::Complain(const std::string& key, const std::string& wanted) {
  const YamlNode* node = key.empty() ? &node_ : node_.Find(key);
  problems_->Add(node != nullptr ? node->line : node_.line, PathOf(key),
                 wanted);
}

std::optional<std::string> Section::Scalar(const std::string& key,
                                           const std::string& wanted) {
  const YamlNode* node = Take(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != YamlNode::Kind::kScalar) {
    Complain(key, "must be " + wanted);
    return std::nullopt;
  }
  return node->text;
}

void Section::Text(const std::string& key, std::string* field, size_t longest) {
  const auto text = Scalar(key, "text");
  if (!text) return;
  if (text->empty() || text->size() > longest ||
      text->find('\0') != std::string::npos) {
    Complain(key, "must be text of 1 to " + std::to_string(longest) + " bytes");
    return;
  }
  *field = *text;
}

void Section::Flag(const std::string& key, bool* field) {
  const auto text = Scalar(key, "true or false");
  if (!text) return;
  if (*text != "true" && *text != "false") {
    Complain(key, "must be true or false, not '" + *text + "'");
    return;
  }
  *field = *text == "true";
}

void Section::Number(const std::string& key, double low, double high,
                     double* field) {
  const std::string wanted =
      "a number from " + Plain(low) + " to " + Plain(high);
  const auto text = Scalar(key, wanted);
  if (!text) return;
  const auto value = ParseNumber(*text);
  if (!value || *value < low || *value > high) {
    Complain(key, "must be " + wanted + ", not '" + *text + "'");
    return;
  }
  *field = *value;
}

void Section::Integer(const std::string& key, int64_t low, int64_t high,
                      int64_t* field) {
  double value = static_cast<double>(*field);
  Number(key, static_cast<double>(low), static_cast<double>(high), &value);
  if (value != std::floor(value)) {
    Complain(key, "must be a whole number");
    return;
  }
  *field = static_cast<int64_t>(value);
}

void Section::Duration(const std::string& key, double low_s, double high_s,
                       double* field_s) {
  const std::string wanted = "a duration from " + Plain(low_s) + "s to " +
                             Plain(high_s) + "s, as 500ms, 5s, 10m, 2h, 1d";
  const auto text = Scalar(key, wanted);
  if (!text) return;
  const auto value = ParseDuration(*text);
  if (!value || *value < low_s || *value > high_s) {
    Complain(key, "must be " + wanted + ", not '" + *text + "'");
    return;
  }
  *field_s = *value;
}

void Section::Choice(const std::string& key,
                     const std::vector<std::string>& choices,
                     std::string* field) {
  const auto text = Scalar(key, "one of " + Join(choices));
  if (!text) return;
  for (const std::string& choice : choices) {
    if (*text == choice) {
      *field = choice;
      return;
    }
  }
  Complain(key, "must be one of " + Join(choices) + ", not '" + *text + "'");
}

void Section::Secret(const std::string& key, std::string* field) {
  const YamlNode* node = Take(key);
  if (node == nullptr) return;
  if (node->kind != YamlNode::Kind::kMap) {
    Complain(key,
             "a secret does not stand in this file: write {file: PATH} "
             "or {env: NAME}");
    return;
  }
  Child(key, [&](Section& section) {
    std::string file;
    std::string variable;
    section.Text("file", &file);
    section.Text("env", &variable);
    if (file.empty() == variable.empty()) {
      section.Complain("", "give either file or env");
      return;
    }
    std::string value;
    if (!variable.empty()) {
      const char* found = std::getenv(variable.c_str());
      if (found == nullptr || *found == '\0') {
        section.Complain("env", variable + " is not set in the environment");
        return;
      }
      value = found;
    } else {
      std::ifstream stream(section.Resolve(file), std::ios::binary);
      value.resize(kLongestSecret + 1);
      stream.read(value.data(), static_cast<std::streamsize>(value.size()));
      value.resize(static_cast<size_t>(stream.gcount()));
      value = WithoutLineEnd(value);
      if (value.empty()) {
        section.Complain("file", file + " cannot be read or is empty");
        return;
      }
    }
    if (value.size() > kLongestSecret ||
        value.find('\0') != std::string::npos) {
      section.Complain("", "the secret is not text of at most 4096 bytes");
      return;
    }
    *field = value;
  });
}

void Section::TextOrSecret(const std::string& key, std::string* field) {
  const YamlNode* node = Take(key);
  if (node != nullptr && node->kind == YamlNode::Kind::kMap) {
    Secret(key, field);
  } else {
    Text(key, field);
  }
}

void Section::Child(const std::string& key,
                    const std::function<void(Section&)>& read) {
  const YamlNode* node = Take(key);
  if (node == nullptr) return;
  Section section(*node, PathOf(key), problems_);
  read(section);
}

void Section::Switch(const std::string& key, bool* enabled,
                     const std::function<void(Section&)>& read) {
  const YamlNode* node = Take(key);
  if (node == nullptr) return;
  if (node->kind == YamlNode::Kind::kScalar) {
    Flag(key, enabled);
    return;
  }
  *enabled = true;
  Child(key, read);
}

void Section::Each(const std::string& key, size_t most,
                   const std::function<void(Section&, size_t)>& read) {
  const YamlNode* node = Take(key);
  if (node == nullptr) return;
  if (node->kind != YamlNode::Kind::kList || node->items.size() > most) {
    Complain(key, "must be a list of at most " + std::to_string(most));
    return;
  }
  for (size_t i = 0; i < node->items.size(); ++i) {
    Section section(node->items[i], PathOf(key) + "[" + std::to_string(i) + "]",
                    problems_);
    read(section, i);
  }
}

void Section::Texts(const std::string& key, size_t most,
                    std::vector<std::string>* field) {
  const YamlNode* node = Take(key);
  if (node == nullptr) return;
  if (node->kind != YamlNode::Kind::kList || node->items.size() > most) {
    Complain(key, "must be a list of at most " + std::to_string(most));
    return;
  }
  field->clear();
  for (const YamlNode& item : node->items) {
    if (item.kind != YamlNode::Kind::kScalar || item.text.empty()) {
      problems_->Add(item.line, PathOf(key), "must be a list of texts");
      return;
    }
    field->push_back(item.text);
  }
}

std::string Section::Resolve(const std::string& path) const {
  const fs::path given(path);
  if (given.is_absolute()) return path;
  return (fs::absolute(fs::path(problems_->file())).parent_path() / given)
      .lexically_normal()
      .string();
}

}  // namespace graphiqa
