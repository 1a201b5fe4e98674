// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/markup.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace graphiqa {
namespace {

constexpr char32_t kReplacement = 0xfffd;

/// Reads one character of UTF-8 and moves `at` past it; past one byte where
/// there is none (overlong forms, surrogates, what is cut off).
char32_t NextCharacter(const std::string& text, size_t* at) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(*at);
  const size_t length = first < 0x80             ? 1
                        : (first & 0xe0) == 0xc0 ? 2
                        : (first & 0xf0) == 0xe0 ? 3
                        : (first & 0xf8) == 0xf0 ? 4
                                                 : 0;
  constexpr std::array<char32_t, 5> kLowest = {0, 0, 0x80, 0x800, 0x10000};
  char32_t value = length < 2 ? first : first & (0x7fU >> length);
  bool valid = length > 0;
  for (size_t i = 1; i < length; ++i) {
    valid = valid && (byte(*at + i) & 0xc0) == 0x80;
    value = value << 6 | (byte(*at + i) & 0x3f);
  }
  valid = valid && value >= kLowest[length] && value <= 0x10ffff &&
          (value < 0xd800 || value > 0xdfff);
  *at += valid ? length : 1;
  return valid ? value : kReplacement;
}

/// Characters that markup must not have, as numbers or otherwise.
bool Forbidden(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0xfdd0 && c <= 0xfdef) ||
         (c & 0xfffe) == 0xfffe;
}

void AppendUtf8(char32_t c, std::string* out) {
  const auto put = [out](char32_t byte) {
    *out += static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6);
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3f));
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

/// @param special  what an ASCII character becomes; null = itself
std::string Escape(const std::string& text, const char* (*special)(char32_t)) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    char32_t c = NextCharacter(text, &at);
    if (Forbidden(c)) c = kReplacement;
    const char* escaped = special(c);
    if (escaped != nullptr) {
      out += escaped;
    } else {
      AppendUtf8(c, &out);
    }
  }
  return out;
}

const char* MarkupSpecial(char32_t c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return nullptr;
  }
}

const char* JsonSpecial(char32_t c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '<':
      return "\\u003c";
    default:
      return nullptr;
  }
}

}  // namespace

std::string EscapeMarkup(const std::string& text) {
  return Escape(text, MarkupSpecial);
}

std::string QuoteJson(const std::string& text) {
  return '"' + Escape(text, JsonSpecial) + '"';
}

std::string Base64(const std::string& bytes) {
  constexpr const char* kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - at);
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i) {
      const char c = i < count ? bytes[at + i] : '\0';
      group = group << 8 | static_cast<unsigned char>(c);
    }
    for (size_t i = 0; i < 4; ++i) {
      out += i <= count ? kDigits[group >> (18 - 6 * i) & 63] : '=';
    }
  }
  return out;
}

}  // namespace graphiqa
