// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace graphiqa {
namespace {

void Indent(std::string* out, int indent, int level) {
  if (indent <= 0) return;
  *out += '\n';
  out->append(static_cast<size_t>(indent) * static_cast<size_t>(level), ' ');
}

std::string NumberText(double value) {
  if (!std::isfinite(value)) {
    throw Error(ErrorCode::kNumeric, "JSON cannot hold NaN or infinity");
  }
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value);
  std::string number(text, end.ptr);
  // Without a point it would come back as an integer, which may not even fit.
  if (number.find_first_of(".e") == std::string::npos) number += ".0";
  return number;
}

}  // namespace

Json::Json(uint64_t value) {
  if (value > uint64_t{std::numeric_limits<int64_t>::max()}) {
    throw Error(ErrorCode::kUsage, "integer too large for JSON");
  }
  value_ = static_cast<int64_t>(value);
}

Json Json::FromFloat(float value) {
  if (!std::isfinite(value)) return Json(double{value});
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value);
  double wide = 0;
  std::from_chars(text, end.ptr, wide);
  return Json(wide);
}

const char* Json::TypeName() const {
  static constexpr const char* kNames[] = {
      "null",     "a boolean", "an integer", "a number",
      "a string", "an array",  "an object"};
  return kNames[value_.index()];
}

template <typename T>
const T& Json::As(const char* type, const std::string& what) const {
  const T* value = std::get_if<T>(&value_);
  if (value == nullptr) {
    throw Error(ErrorCode::kFormat,
                "`" + what + "` must be " + type + ", not " + TypeName());
  }
  return *value;
}

bool Json::AsBool(const std::string& what) const {
  return As<bool>("a boolean", what);
}

int64_t Json::AsInt(const std::string& what) const {
  return As<int64_t>("an integer", what);
}

double Json::AsDouble(const std::string& what) const {
  if (IsInt()) return static_cast<double>(std::get<int64_t>(value_));
  return As<double>("a number", what);
}

const std::string& Json::AsString(const std::string& what) const {
  return As<std::string>("a string", what);
}

const Json::Array& Json::AsArray(const std::string& what) const {
  return As<Array>("an array", what);
}

const Json::Object& Json::AsObject(const std::string& what) const {
  return As<Object>("an object", what);
}

const Json* Json::Find(std::string_view key) const {
  const Object* object = std::get_if<Object>(&value_);
  if (object == nullptr) return nullptr;
  for (const Member& member : *object) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

const Json& Json::At(const std::string& key) const {
  const Json* found = Find(key);
  if (found == nullptr) {
    throw Error(ErrorCode::kFormat,
                IsObject() ? "`" + key + "` is missing"
                           : "`" + key + "` wanted from " + TypeName());
  }
  return *found;
}

int64_t Json::GetInt(const std::string& key, int64_t low, int64_t high) const {
  const int64_t value = GetInt(key);
  if (value < low || value > high) {
    throw Error(ErrorCode::kFormat,
                "`" + key + "` is " + std::to_string(value) + ", outside " +
                    std::to_string(low) + " to " + std::to_string(high));
  }
  return value;
}

double Json::GetDouble(const std::string& key, double low, double high) const {
  const double value = GetDouble(key);
  if (!(value >= low && value <= high)) {
    throw Error(ErrorCode::kFormat, "`" + key + "` is " + NumberText(value) +
                                        ", outside " + NumberText(low) +
                                        " to " + NumberText(high));
  }
  return value;
}

void Json::RequireKeys(const std::vector<std::string>& keys,
                       const std::string& what) const {
  for (const Member& member : AsObject(what)) {
    if (std::find(keys.begin(), keys.end(), member.first) == keys.end()) {
      throw Error(ErrorCode::kFormat, "`" + what + "` has an unknown key " +
                                          JsonQuote(member.first));
    }
  }
  for (const std::string& key : keys) {
    if (Find(key) == nullptr) {
      throw Error(ErrorCode::kFormat,
                  "`" + what + "` lacks the key \"" + key + "\"");
    }
  }
}

void Json::Set(const std::string& key, Json value) {
  if (IsNull()) value_ = Object{};
  AsObject("Json::Set");
  for (Member& member : std::get<Object>(value_)) {
    if (member.first == key) {
      member.second = std::move(value);
      return;
    }
  }
  std::get<Object>(value_).emplace_back(key, std::move(value));
}

std::string Json::Dump(int indent) const {
  std::string out;
  Write(&out, indent, 0);
  return out;
}

void Json::Write(std::string* out, int indent, int level) const {
  if (IsNull()) *out += "null";
  if (IsBool()) *out += std::get<bool>(value_) ? "true" : "false";
  if (IsInt()) *out += std::to_string(std::get<int64_t>(value_));
  if (Is<double>()) *out += NumberText(std::get<double>(value_));
  if (IsString()) *out += JsonQuote(std::get<std::string>(value_));
  if (IsArray()) WriteArray(out, indent, level);
  if (IsObject()) WriteObject(out, indent, level);
}

void Json::WriteArray(std::string* out, int indent, int level) const {
  const Array& array = std::get<Array>(value_);
  *out += '[';
  for (size_t i = 0; i < array.size(); ++i) {
    if (i > 0) *out += ',';
    Indent(out, indent, level + 1);
    array[i].Write(out, indent, level + 1);
  }
  if (!array.empty()) Indent(out, indent, level);
  *out += ']';
}

void Json::WriteObject(std::string* out, int indent, int level) const {
  const Object& object = std::get<Object>(value_);
  *out += '{';
  for (size_t i = 0; i < object.size(); ++i) {
    if (i > 0) *out += ',';
    Indent(out, indent, level + 1);
    *out += JsonQuote(object[i].first);
    *out += indent > 0 ? ": " : ":";
    object[i].second.Write(out, indent, level + 1);
  }
  if (!object.empty()) Indent(out, indent, level);
  *out += '}';
}

std::string JsonQuote(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace graphiqa
