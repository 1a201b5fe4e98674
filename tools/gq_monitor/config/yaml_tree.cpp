// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "yaml_tree.h"

#include <yaml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

namespace graphiqa {
namespace {

[[noreturn]] void Fail(const std::string& name, size_t line,
                       const std::string& reason) {
  throw Error(ErrorCode::kFormat,
              name + ":" + std::to_string(line) + ": " + reason);
}

struct Parser {
  Parser() { ok = yaml_parser_initialize(&parser) != 0; }
  ~Parser() {
    if (ok) yaml_parser_delete(&parser);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  yaml_parser_t parser;
  bool ok;
};

struct DeleteDocument {
  void operator()(yaml_document_t* document) const {
    yaml_document_delete(document);
    delete document;
  }
};
using Document = std::unique_ptr<yaml_document_t, DeleteDocument>;

/// Turns libyaml's document, in which an alias is the same node again, into a
/// tree of bounded size.
class Converter {
 public:
  Converter(yaml_document_t* document, const std::string& name,
            const YamlLimits& limits)
      : document_(document), name_(name), limits_(limits) {}

  YamlNode Convert(const yaml_node_t* from, int depth = 0) {
    const size_t line = from->start_mark.line + 1;
    if (depth > limits_.depth) Fail(name_, line, "nested too deeply");
    if (++nodes_ > limits_.nodes) Fail(name_, line, "too many values");
    YamlNode node;
    node.line = static_cast<int>(line);
    switch (from->type) {
      case YAML_SEQUENCE_NODE:
        node.kind = YamlNode::Kind::kList;
        for (auto* at = from->data.sequence.items.start;
             at < from->data.sequence.items.top; ++at) {
          node.items.push_back(Convert(Get(*at), depth + 1));
        }
        break;
      case YAML_MAPPING_NODE:
        node.kind = YamlNode::Kind::kMap;
        for (auto* at = from->data.mapping.pairs.start;
             at < from->data.mapping.pairs.top; ++at) {
          AddMember(Get(at->key), Get(at->value), depth, &node);
        }
        break;
      default:
        node.text = Text(from);
        node.plain = from->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    }
    return node;
  }

 private:
  const yaml_node_t* Get(int index) {
    return yaml_document_get_node(document_, index);
  }

  static std::string Text(const yaml_node_t* node) {
    return {reinterpret_cast<const char*>(node->data.scalar.value),
            node->data.scalar.length};
  }

  void AddMember(const yaml_node_t* key, const yaml_node_t* value, int depth,
                 YamlNode* map) {
    const size_t line = key->start_mark.line + 1;
    if (key->type != YAML_SCALAR_NODE) Fail(name_, line, "a key must be text");
    const std::string text = Text(key);
    if (map->keys.size() >= limits_.keys) Fail(name_, line, "too many keys");
    if (map->Find(text) != nullptr) {
      Fail(name_, line, text + ": this key is there twice");
    }
    map->items.push_back(Convert(value, depth + 1));
    map->keys.emplace_back(text, static_cast<int>(line));
  }

  yaml_document_t* document_;
  const std::string& name_;
  const YamlLimits& limits_;
  size_t nodes_ = 0;
};

Document Load(yaml_parser_t* parser, const std::string& name) {
  auto raw = std::make_unique<yaml_document_t>();
  if (yaml_parser_load(parser, raw.get()) == 0) {
    const size_t line =
        std::max(parser->problem_mark.line, parser->context_mark.line) + 1;
    Fail(name, line,
         std::string("not YAML: ") +
             (parser->problem != nullptr ? parser->problem : "unreadable"));
  }
  return Document(raw.release());
}

}  // namespace

const YamlNode* YamlNode::Find(const std::string& key) const {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].first == key) return &items[i];
  }
  return nullptr;
}

bool YamlNode::IsNull() const {
  return kind == Kind::kScalar && plain &&
         (text.empty() || text == "~" || text == "null");
}

YamlNode ParseYaml(const std::string& text, const std::string& name,
                   const YamlLimits& limits) {
  if (text.size() > limits.bytes) {
    Fail(name, 1, "larger than " + std::to_string(limits.bytes >> 20) + " MiB");
  }
  Parser owner;
  if (!owner.ok) Fail(name, 1, "no memory for the YAML parser");
  yaml_parser_set_input_string(
      &owner.parser, reinterpret_cast<const unsigned char*>(text.data()),
      text.size());
  const Document document = Load(&owner.parser, name);
  const yaml_node_t* root = yaml_document_get_root_node(document.get());
  if (root == nullptr) Fail(name, 1, "is empty");
  YamlNode tree = Converter(document.get(), name, limits).Convert(root);
  const Document second = Load(&owner.parser, name);
  const yaml_node_t* more = yaml_document_get_root_node(second.get());
  if (more != nullptr) {
    Fail(name, more->start_mark.line + 1, "a second document; one is wanted");
  }
  return tree;
}

YamlNode ReadYaml(const std::string& path, const YamlLimits& limits) {
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (!std::filesystem::exists(status)) {
    throw Error(ErrorCode::kNotFound, path + ": no such file");
  }
  if (!std::filesystem::is_regular_file(status)) {
    throw Error(ErrorCode::kFile, path + ": not a file");
  }
  std::ifstream stream(path, std::ios::binary);
  // One byte more than allowed tells that there is more.
  std::string text(limits.bytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(stream.gcount()));
  if (stream.bad() || (!stream.eof() && text.size() <= limits.bytes)) {
    throw Error(ErrorCode::kFile, path + ": cannot be read");
  }
  return ParseYaml(text, path, limits);
}

}  // namespace graphiqa
