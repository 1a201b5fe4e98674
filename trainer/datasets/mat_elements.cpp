// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "datasets/mat_elements.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>

namespace graphiqa {
namespace {

constexpr size_t kMaxInflated = size_t{1} << 26;
constexpr uint32_t kReplacement = 0xFFFD;

void AppendUtf8(uint32_t c, std::string* text) {
  const auto put = [text](uint32_t byte) {
    text->push_back(static_cast<char>(byte));
  };
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = kReplacement;
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 63));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 63));
    put(0x80 | (c & 63));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 63));
    put(0x80 | ((c >> 6) & 63));
    put(0x80 | (c & 63));
  }
}

/// UTF-16 code units, given as numbers, as UTF-8.
std::string FromUtf16(const std::vector<double>& units) {
  std::string text;
  for (size_t i = 0; i < units.size(); ++i) {
    auto c = static_cast<uint32_t>(units[i]);
    if (c >= 0xD800 && c < 0xDC00 && i + 1 < units.size()) {
      const auto low = static_cast<uint32_t>(units[i + 1]);
      if (low >= 0xDC00 && low <= 0xDFFF) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        ++i;
      }
    }
    AppendUtf8(c, &text);
  }
  return text;
}

}  // namespace

void MatReader::Fail(const std::string& reason) const {
  throw Error(ErrorCode::kFormat, what_ + ": is damaged: " + reason);
}

template <typename T>
T MatReader::Value(const uint8_t* from) const {
  uint8_t bytes[sizeof(T)];
  std::memcpy(bytes, from, sizeof(T));
  if (swap_) std::reverse(bytes, bytes + sizeof(T));
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

uint32_t MatReader::Word(size_t at) const {
  return Value<uint32_t>(data_ + at);
}

MatElement MatReader::Next() {
  if (rest() < 8)
    Fail("an element ends after " + std::to_string(rest()) +
         " of the 8 bytes of its tag");
  MatElement element;
  const uint32_t first = Word(at_);
  if (first >> 16 != 0) {  // small element: size, type and data in 8 bytes
    element.type = first & 0xFFFF;
    element.bytes = first >> 16;
    element.data = data_ + at_ + 4;
    if (element.bytes > 4) {
      Fail("a small element of " + std::to_string(element.bytes) + " bytes");
    }
    at_ += 8;
    return element;
  }
  element.type = first;
  element.bytes = Word(at_ + 4);
  element.data = data_ + at_ + 8;
  at_ += 8;
  if (element.bytes > rest()) {
    Fail("an element of " + std::to_string(element.bytes) + " bytes where " +
         std::to_string(rest()) + " are left");
  }
  at_ += element.bytes;
  // Everything but compressed data is filled up to 8 bytes; the last may not.
  if (element.type != kMatCompressed) {
    at_ = std::min(bytes_, at_ + (8 - element.bytes % 8) % 8);
  }
  return element;
}

MatElement MatReader::Next(uint32_t type, uint32_t or_type,
                           const char* meaning) {
  const MatElement element = Next();
  if (element.type != type && element.type != or_type) {
    Fail(std::string("an element of type ") + std::to_string(element.type) +
         " where " + meaning + " should be");
  }
  return element;
}

template <typename T>
void MatReader::Append(const MatElement& element,
                       std::vector<double>* to) const {
  if (element.bytes % sizeof(T) != 0) {
    Fail(std::to_string(element.bytes) + " bytes are no whole number of " +
         std::to_string(sizeof(T)) + "-byte values");
  }
  to->reserve(element.bytes / sizeof(T));
  for (size_t at = 0; at < element.bytes; at += sizeof(T)) {
    to->push_back(static_cast<double>(Value<T>(element.data + at)));
  }
}

std::vector<double> MatReader::Numbers(const MatElement& element) const {
  std::vector<double> numbers;
  switch (element.type) {
    case kMatInt8:
      Append<int8_t>(element, &numbers);
      break;
    case kMatUint8:
      Append<uint8_t>(element, &numbers);
      break;
    case kMatInt16:
      Append<int16_t>(element, &numbers);
      break;
    case kMatUint16:
      Append<uint16_t>(element, &numbers);
      break;
    case kMatInt32:
      Append<int32_t>(element, &numbers);
      break;
    case kMatUint32:
      Append<uint32_t>(element, &numbers);
      break;
    case kMatSingle:
      Append<float>(element, &numbers);
      break;
    case kMatDouble:
      Append<double>(element, &numbers);
      break;
    case kMatInt64:
      Append<int64_t>(element, &numbers);
      break;
    case kMatUint64:
      Append<uint64_t>(element, &numbers);
      break;
    default:
      Fail("an element of type " + std::to_string(element.type) +
           " where numbers should be");
  }
  return numbers;
}

std::string MatReader::Text(const MatElement& element) const {
  MatElement units = element;
  if (element.type == kMatUtf8) {
    return {reinterpret_cast<const char*>(element.data), element.bytes};
  }
  if (element.type == kMatUtf16) units.type = kMatUint16;
  if (element.type == kMatUtf32) {
    units.type = kMatUint32;
    std::string text;
    for (double c : Numbers(units)) {
      AppendUtf8(static_cast<uint32_t>(c), &text);
    }
    return text;
  }
  // Old files keep 8-bit characters, taken for Latin-1.
  if (units.type == kMatInt8) units.type = kMatUint8;
  if (units.type != kMatUint8 && units.type != kMatUint16) {
    Fail("an element of type " + std::to_string(element.type) +
         " where characters should be");
  }
  return FromUtf16(Numbers(units));
}

std::vector<uint8_t> Inflate(const uint8_t* data, size_t bytes,
                             const std::string& what) {
  const auto fail = [&what](const std::string& reason) {
    throw Error(ErrorCode::kFormat, what + ": is damaged: " + reason);
  };
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) fail("zlib does not start");
  stream.next_in = const_cast<Bytef*>(data);
  stream.avail_in = static_cast<uInt>(bytes);
  std::vector<uint8_t> out;
  int status = Z_OK;
  while (status == Z_OK && out.size() < kMaxInflated) {
    const size_t filled = out.size();
    const size_t step = std::max<size_t>(4096, filled);
    out.resize(filled + step);
    stream.next_out = out.data() + filled;
    stream.avail_out = static_cast<uInt>(step);
    status = inflate(&stream, Z_NO_FLUSH);
    out.resize(filled + step - stream.avail_out);
  }
  inflateEnd(&stream);
  if (status == Z_OK) fail("compressed data becomes larger than 64 MiB");
  if (status != Z_STREAM_END) {
    fail("compressed data cannot be decompressed");
  }
  return out;
}

}  // namespace graphiqa
