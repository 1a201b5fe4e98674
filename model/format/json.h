// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "error.h"

namespace graphiqa {

/// What Json::Parse() puts up with; beyond it is an error, so that hostile
/// text costs neither stack nor more than about 100 bytes per value.
struct JsonLimits {
  int depth = 64;
  size_t values = 2'000'000;
};

/// A JSON value (RFC 8259). Objects keep the order of their keys; integers of
/// 64 bits stay exact.
///
///     Json config = Json::Object{{"name", "x"}, {"sizes", Json::Array{1, 2}}};
///     const int64_t n = Json::Parse(text, "config.json").GetInt("n");
class GRAPHIQA_API Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() : value_(nullptr) {}
  Json(std::nullptr_t) : value_(nullptr) {}
  Json(bool value) : value_(value) {}
  Json(int value) : value_(int64_t{value}) {}
  Json(int64_t value) : value_(value) {}
  /// @throws Error(kUsage) above 2^63 - 1
  Json(uint64_t value);
  Json(double value) : value_(value) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}

  /// Strict: one value, UTF-8, no key twice in an object, no comment, no NaN.
  /// @param what  names the text in errors
  /// @throws Error(kFormat) with what, the byte offset and the reason
  static Json Parse(std::string_view text, const std::string& what,
                    const JsonLimits& limits = {});

  /// The double whose shortest decimal form is the float's: 0.485f is written
  /// as 0.485 and not as 0.48500001430511475.
  static Json FromFloat(float value);

  bool IsNull() const { return Is<std::nullptr_t>(); }
  bool IsBool() const { return Is<bool>(); }
  bool IsInt() const { return Is<int64_t>(); }
  bool IsNumber() const { return IsInt() || Is<double>(); }
  bool IsString() const { return Is<std::string>(); }
  bool IsArray() const { return Is<Array>(); }
  bool IsObject() const { return Is<Object>(); }

  /// The value as a type. @throws Error(kFormat) that says "`what` must be a
  /// string, not a number"
  bool AsBool(const std::string& what = "value") const;
  int64_t AsInt(const std::string& what = "value") const;
  double AsDouble(const std::string& what = "value") const;
  const std::string& AsString(const std::string& what = "value") const;
  const Array& AsArray(const std::string& what = "value") const;
  const Object& AsObject(const std::string& what = "value") const;

  /// Member of an object; nullptr when there is none (or no object).
  const Json* Find(std::string_view key) const;

  /// Members of an object. @throws Error(kFormat) that names the key
  const Json& At(const std::string& key) const;
  bool GetBool(const std::string& key) const { return At(key).AsBool(key); }
  int64_t GetInt(const std::string& key) const { return At(key).AsInt(key); }
  /// @throws Error(kFormat) outside [low, high] too
  int64_t GetInt(const std::string& key, int64_t low, int64_t high) const;
  double GetDouble(const std::string& key) const {
    return At(key).AsDouble(key);
  }
  double GetDouble(const std::string& key, double low, double high) const;
  const std::string& GetString(const std::string& key) const {
    return At(key).AsString(key);
  }
  const Array& GetArray(const std::string& key) const {
    return At(key).AsArray(key);
  }

  /// @throws Error(kFormat) unless this is an object with exactly these keys
  void RequireKeys(const std::vector<std::string>& keys,
                   const std::string& what) const;

  /// Adds or replaces a member; null becomes an object first.
  void Set(const std::string& key, Json value);

  /// Text. indent 0: one line without spaces; else lines indented by so many
  /// spaces per level. @throws Error(kNumeric) for NaN and infinity
  std::string Dump(int indent = 0) const;

  bool operator==(const Json& other) const { return value_ == other.value_; }
  bool operator!=(const Json& other) const { return !(*this == other); }

 private:
  template <typename T>
  bool Is() const {
    return std::holds_alternative<T>(value_);
  }
  template <typename T>
  const T& As(const char* type, const std::string& what) const;
  const char* TypeName() const;
  void Write(std::string* out, int indent, int level) const;
  void WriteArray(std::string* out, int indent, int level) const;
  void WriteObject(std::string* out, int indent, int level) const;

  std::variant<std::nullptr_t, bool, int64_t, double, std::string, Array,
               Object>
      value_;
};

/// Whether `text` is well-formed UTF-8 (no overlong form, no surrogate).
GRAPHIQA_API bool IsUtf8(std::string_view text);

/// `text` as a JSON string with its quotes.
GRAPHIQA_API std::string JsonQuote(std::string_view text);

}  // namespace graphiqa
