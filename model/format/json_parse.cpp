// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>

#include "json.h"

namespace graphiqa {
namespace {

/// Length of the well-formed UTF-8 sequence at `at`, 0 when there is none.
/// Unicode 15.0, table 3-7.
size_t SequenceLength(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto tail = [&](size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  if (first < 0x80) return 1;
  if (first < 0xc2 || !tail(1)) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) {
    if (first == 0xe0 && second < 0xa0) return 0;
    if (first == 0xed && second > 0x9f) return 0;
    return tail(2) ? 3 : 0;
  }
  if (first > 0xf4 || (first == 0xf0 && second < 0x90) ||
      (first == 0xf4 && second > 0x8f)) {
    return 0;
  }
  return tail(2) && tail(3) ? 4 : 0;
}

void AppendUtf8(std::string* out, uint32_t code) {
  const auto put = [&](uint32_t byte) { *out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | (code >> 6));
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3f));
    put(0x80 | ((code >> 6) & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

/// Recursive descent over a text; depth and number of values are limited.
class Parser {
 public:
  Parser(std::string_view text, const std::string& what,
         const JsonLimits& limits)
      : text_(text), what_(what), limits_(limits) {}

  Json Document() {
    Json value = Value(0);
    SkipSpace();
    if (at_ != text_.size()) Fail("text after the end of the value");
    return value;
  }

 private:
  [[noreturn]] void Fail(const std::string& why) const {
    throw Error(ErrorCode::kFormat, what_ + ": bad JSON at byte " +
                                        std::to_string(at_) + ": " + why);
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void SkipSpace() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' ||
                                  text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  void Expect(char c) {
    if (at_ >= text_.size()) Fail("the text ends too early");
    if (text_[at_] != c) Fail(std::string("expected '") + c + "'");
    ++at_;
  }

  bool Take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  Json Value(int depth) {
    if (depth > limits_.depth) Fail("nested too deeply");
    if (++values_ > limits_.values) Fail("too many values");
    SkipSpace();
    if (at_ >= text_.size()) Fail("the text ends too early");
    const char c = text_[at_];
    if (c == '{') return ObjectValue(depth);
    if (c == '[') return ArrayValue(depth);
    if (c == '"') return Json(StringValue());
    if (c == '-' || (c >= '0' && c <= '9')) return NumberValue();
    if (Take("true")) return Json(true);
    if (Take("false")) return Json(false);
    if (Take("null")) return Json(nullptr);
    Fail("not a JSON value");
  }

  Json ArrayValue(int depth) {
    Json::Array array;
    Expect('[');
    SkipSpace();
    if (Take("]")) return Json(std::move(array));
    while (true) {
      array.push_back(Value(depth + 1));
      SkipSpace();
      if (Take("]")) return Json(std::move(array));
      Expect(',');
    }
  }

  Json ObjectValue(int depth) {
    Json::Object object;
    Expect('{');
    SkipSpace();
    if (Take("}")) return Json(std::move(object));
    while (true) {
      SkipSpace();
      std::string key = StringValue();
      SkipSpace();
      Expect(':');
      object.emplace_back(std::move(key), Value(depth + 1));
      SkipSpace();
      if (Take("}")) break;
      Expect(',');
    }
    RefuseDuplicates(object);
    return Json(std::move(object));
  }

  void RefuseDuplicates(const Json::Object& object) const {
    std::vector<std::string_view> keys;
    keys.reserve(object.size());
    for (const Json::Member& member : object) keys.push_back(member.first);
    std::sort(keys.begin(), keys.end());
    const auto twin = std::adjacent_find(keys.begin(), keys.end());
    if (twin != keys.end())
      Fail("the key " + JsonQuote(*twin) + " comes twice");
  }

  void SkipDigits() {
    if (Peek() < '0' || Peek() > '9') Fail("bad number");
    while (Peek() >= '0' && Peek() <= '9') ++at_;
  }

  Json NumberValue() {
    const size_t begin = at_;
    bool integer = true;
    if (Peek() == '-') ++at_;
    if (Peek() == '0') {
      ++at_;
    } else {
      SkipDigits();
    }
    if (Peek() == '.') {
      integer = false;
      ++at_;
      SkipDigits();
    }
    if (Peek() == 'e' || Peek() == 'E') {
      integer = false;
      ++at_;
      if (Peek() == '+' || Peek() == '-') ++at_;
      SkipDigits();
    }
    return Convert(text_.substr(begin, at_ - begin), integer);
  }

  Json Convert(std::string_view text, bool integer) const {
    const char* const end = text.data() + text.size();
    if (integer) {
      int64_t value = 0;
      const auto result = std::from_chars(text.data(), end, value);
      if (result.ec != std::errc()) Fail("integer does not fit 64 bits");
      return Json(value);
    }
    double value = 0;
    const auto result = std::from_chars(text.data(), end, value);
    if (result.ec != std::errc() || !std::isfinite(value)) {
      Fail("number outside the range of a double");
    }
    return Json(value);
  }

  std::string StringValue() {
    Expect('"');
    std::string out;
    while (true) {
      if (at_ >= text_.size()) Fail("the text ends inside a string");
      const char c = text_[at_];
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < 0x20) {
        Fail("control character in a string");
      }
      if (c == '\\') {
        Escape(&out);
        continue;
      }
      const size_t length = SequenceLength(text_, at_);
      if (length == 0) Fail("a string is not UTF-8");
      out.append(text_.substr(at_, length));
      at_ += length;
    }
    ++at_;
    return out;
  }

  void Escape(std::string* out) {
    static constexpr std::string_view kLetters = "\"\\/bfnrt";
    static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    ++at_;
    const char letter = Peek();
    if (letter == 'u') {
      ++at_;
      AppendUtf8(out, CodePoint());
      return;
    }
    const size_t index =
        letter == '\0' ? std::string_view::npos : kLetters.find(letter);
    if (index == std::string_view::npos) Fail("unknown escape");
    *out += kMeanings[index];
    ++at_;
  }

  uint32_t CodePoint() {
    const uint32_t high = FourHex();
    if (high < 0xd800 || high > 0xdfff) return high;
    if (high > 0xdbff || !Take("\\u")) Fail("half of a surrogate pair");
    const uint32_t low = FourHex();
    if (low < 0xdc00 || low > 0xdfff) Fail("half of a surrogate pair");
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
  }

  uint32_t FourHex() {
    const std::string_view digits = text_.substr(at_, 4);
    uint32_t value = 0;
    const auto result = std::from_chars(
        digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() < 4 || result.ec != std::errc() ||
        result.ptr != digits.data() + 4) {
      Fail("\\u needs four hexadecimal digits");
    }
    at_ += 4;
    return value;
  }

  std::string_view text_;
  const std::string& what_;
  const JsonLimits& limits_;
  size_t at_ = 0;
  size_t values_ = 0;
};

}  // namespace

Json Json::Parse(std::string_view text, const std::string& what,
                 const JsonLimits& limits) {
  return Parser(text, what, limits).Document();
}

bool IsUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = SequenceLength(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

}  // namespace graphiqa
