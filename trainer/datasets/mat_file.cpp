// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "datasets/mat_file.h"

#include <cstring>
#include <limits>

#include "datasets/folder.h"
#include "datasets/mat_elements.h"

namespace graphiqa {
namespace {

constexpr size_t kHeaderBytes = 128;

// Classes of arrays, table 1-3 of "MAT-File Format".
constexpr uint32_t kCellClass = 1;
constexpr uint32_t kCharClass = 4;
constexpr uint32_t kDoubleClass = 6;
constexpr uint32_t kUint64Class = 15;
constexpr uint32_t kComplexFlag = 0x800;

bool MachineIsBigEndian() {
  const uint16_t one = 1;
  uint8_t first;
  std::memcpy(&first, &one, 1);
  return first == 0;
}

/// What the first 128 bytes say. @returns whether bytes have to be swapped
bool CheckHeader(const std::string& file, const std::string& path) {
  if (file.size() >= 4 && std::memcmp(file.data() + 1, "HDF", 3) == 0) {
    throw Error(ErrorCode::kFormat,
                path + ": is an HDF5 file; in MATLAB, save it with -v7");
  }
  const bool long_enough = file.size() >= kHeaderBytes;
  const bool little = long_enough && file[126] == 'I' && file[127] == 'M';
  const bool big = long_enough && file[126] == 'M' && file[127] == 'I';
  if (!little && !big) {
    throw Error(ErrorCode::kFormat, path + ": is no MATLAB file of level 5");
  }
  const auto major = static_cast<uint8_t>(little ? file[125] : file[124]);
  if (major != 1) {
    throw Error(ErrorCode::kFormat,
                path +
                    ": is a MATLAB file of version 7.3 (HDF5); in MATLAB, "
                    "save it with -v7");
  }
  return big != MachineIsBigEndian();
}

/// Flags, dimensions and name: what every array begins with.
struct ArrayHeader {
  uint32_t type = 0;
  bool complex = false;
  uint64_t rows = 0;
  uint64_t count = 1;
  std::string name;
};

ArrayHeader ReadArrayHeader(MatReader* reader) {
  ArrayHeader header;
  const std::vector<double> flags = reader->Numbers(
      reader->Next(kMatUint32, kMatUint32, "the flags of an array"));
  if (flags.size() != 2) reader->Fail("flags of an array of another size");
  const auto word = static_cast<uint32_t>(flags[0]);
  header.type = word & 0xFF;
  header.complex = (word & kComplexFlag) != 0;
  const std::vector<double> dimensions = reader->Numbers(
      reader->Next(kMatInt32, kMatInt32, "the dimensions of an array"));
  if (dimensions.size() < 2) reader->Fail("an array of one dimension");
  for (double size : dimensions) {
    if (size < 0) reader->Fail("a dimension below zero");
    header.count *= static_cast<uint64_t>(size);
    if (header.count > std::numeric_limits<uint32_t>::max()) {
      reader->Fail("an array of more than 4 billion elements");
    }
  }
  header.rows = static_cast<uint64_t>(dimensions[0]);
  header.name =
      reader->Text(reader->Next(kMatInt8, kMatUtf8, "the name of an array"));
  return header;
}

std::string ReadCell(MatReader* cells, size_t index) {
  const std::string which = "cell " + std::to_string(index + 1);
  const MatElement cell = cells->Next(kMatMatrix, kMatMatrix, "a cell");
  if (cell.bytes == 0) cells->Fail(which + " is empty");
  MatReader reader = cells->Inside(cell);
  const ArrayHeader header = ReadArrayHeader(&reader);
  if (header.type != kCharClass || header.rows != 1) {
    cells->Fail(which + " is no line of text");
  }
  return reader.Text(reader.Next());
}

}  // namespace

MatFile::MatFile(const std::string& path) : MatFile(ReadBytes(path), path) {}

MatFile::MatFile(const std::string& file, const std::string& path)
    : path_(path), swap_(CheckHeader(file, path)) {
  MatReader elements(
      reinterpret_cast<const uint8_t*>(file.data()) + kHeaderBytes,
      file.size() - kHeaderBytes, swap_, path);
  while (!elements.AtEnd()) {
    const MatElement element = elements.Next();
    if (element.type == kMatCompressed) {
      const std::vector<uint8_t> inflated =
          Inflate(element.data, element.bytes, path);
      MatReader inner(inflated.data(), inflated.size(), swap_, path);
      const MatElement matrix = inner.Next();
      if (matrix.type == kMatMatrix) AddVariable(matrix.data, matrix.bytes);
    } else if (element.type == kMatMatrix) {
      AddVariable(element.data, element.bytes);
    }
  }
}

void MatFile::AddVariable(const uint8_t* data, size_t bytes) {
  MatReader reader(data, bytes, swap_, path_);
  const ArrayHeader header = ReadArrayHeader(&reader);
  Variable variable;
  variable.type = header.type;
  variable.complex = header.complex;
  variable.count = header.count;
  variable.body.assign(data + bytes - reader.rest(), data + bytes);
  variables_[header.name] = std::move(variable);
}

const MatFile::Variable& MatFile::Require(const std::string& variable) const {
  const auto found = variables_.find(variable);
  if (found != variables_.end()) return found->second;
  std::string names;
  for (const auto& [name, unused] : variables_) names += " '" + name + "'";
  throw Error(ErrorCode::kFormat, path_ + ": no variable '" + variable +
                                      "'; it has" +
                                      (names.empty() ? " none" : names));
}

std::vector<double> MatFile::Numbers(const std::string& variable) const {
  const Variable& found = Require(variable);
  const std::string what = path_ + ", variable '" + variable + "'";
  if (found.type < kDoubleClass || found.type > kUint64Class || found.complex) {
    throw Error(ErrorCode::kFormat, what + ": is no array of real numbers");
  }
  MatReader reader(found.body.data(), found.body.size(), swap_, what);
  std::vector<double> numbers = reader.Numbers(reader.Next());
  if (numbers.size() != found.count) {
    reader.Fail(std::to_string(numbers.size()) + " values in an array of " +
                std::to_string(found.count));
  }
  return numbers;
}

std::vector<std::string> MatFile::Texts(const std::string& variable) const {
  const Variable& found = Require(variable);
  const std::string what = path_ + ", variable '" + variable + "'";
  if (found.type != kCellClass) {
    throw Error(ErrorCode::kFormat, what + ": is no cell array of text");
  }
  MatReader reader(found.body.data(), found.body.size(), swap_, what);
  std::vector<std::string> texts;
  for (size_t i = 0; i < found.count; ++i) {
    texts.push_back(ReadCell(&reader, i));
  }
  return texts;
}

}  // namespace graphiqa
