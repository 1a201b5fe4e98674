// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The data elements that a MATLAB file of level 5 consists of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "error.h"

namespace graphiqa {

/// Types of data elements, table 1-1 of "MAT-File Format".
enum MatType : uint32_t {
  kMatInt8 = 1,
  kMatUint8 = 2,
  kMatInt16 = 3,
  kMatUint16 = 4,
  kMatInt32 = 5,
  kMatUint32 = 6,
  kMatSingle = 7,
  kMatDouble = 9,
  kMatInt64 = 12,
  kMatUint64 = 13,
  kMatMatrix = 14,
  kMatCompressed = 15,
  kMatUtf8 = 16,
  kMatUtf16 = 17,
  kMatUtf32 = 18,
};

/// One element; the bytes belong to what it was read from.
struct MatElement {
  uint32_t type = 0;
  const uint8_t* data = nullptr;
  size_t bytes = 0;
};

/// Walks over elements that lie one after the other.
class MatReader {
 public:
  /// @param swap  the byte order is not this machine's
  /// @param what  names the bytes in errors
  MatReader(const uint8_t* data, size_t bytes, bool swap, std::string what)
      : data_(data), bytes_(bytes), swap_(swap), what_(std::move(what)) {}

  bool AtEnd() const { return at_ >= bytes_; }
  size_t rest() const { return bytes_ - at_; }

  /// @throws Error(kFormat) when it reaches beyond the end
  MatElement Next();

  /// Next(), which must have one of two types.
  MatElement Next(uint32_t type, uint32_t or_type, const char* meaning);

  /// The elements inside an element.
  MatReader Inside(const MatElement& element) const {
    return {element.data, element.bytes, swap_, what_};
  }

  /// Numbers of any type as doubles.
  std::vector<double> Numbers(const MatElement& element) const;

  /// Characters of any type as UTF-8.
  std::string Text(const MatElement& element) const;

  [[noreturn]] void Fail(const std::string& reason) const;

 private:
  uint32_t Word(size_t at) const;
  template <typename T>
  T Value(const uint8_t* from) const;
  template <typename T>
  void Append(const MatElement& element, std::vector<double>* to) const;

  const uint8_t* data_;
  size_t bytes_;
  bool swap_;
  std::string what_;
  size_t at_ = 0;
};

/// Inflates a zlib stream.
/// @param what  names it in errors
/// @throws Error(kFormat) when it is damaged or becomes larger than 64 MiB
std::vector<uint8_t> Inflate(const uint8_t* data, size_t bytes,
                             const std::string& what);

}  // namespace graphiqa
