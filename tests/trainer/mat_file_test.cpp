// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "datasets/mat_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstring>

#include "dataset_trees.h"
#include "datasets/folder.h"

namespace graphiqa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Reads everything that the readers of data sets ask for.
void ReadAll(const std::string& bytes) {
  const MatFile file(bytes, "damaged.mat");
  file.Numbers("dmos_new");
  file.Numbers("orgs");
  file.Texts("names");
}

void WriteSample(const std::string& path, bool compressed) {
  WriteMat(path,
           {{"dmos_new", {1.5, -2.64, 111.77}}, {"orgs", {0, 1, 0}, true}},
           {{"names", {"bikes.bmp", "a", "Übersee.bmp"}}}, compressed);
}

TEST(MatFileTest, ReadsWhatLibmatioWrites) {
  const ScratchFolder folder;
  for (bool compressed : {false, true}) {
    SCOPED_TRACE(compressed);
    const std::string path = folder.File("x.mat");
    WriteSample(path, compressed);
    // The first element says whether the test tests what it means to.
    EXPECT_EQ(ReadBytes(path)[128], compressed ? 15 : 14);
    const MatFile file(path);
    EXPECT_THAT(file.Numbers("dmos_new"), ElementsAre(1.5, -2.64, 111.77));
    EXPECT_THAT(file.Numbers("orgs"), ElementsAre(0, 1, 0));
    EXPECT_THAT(file.Texts("names"),
                ElementsAre("bikes.bmp", "a", "Übersee.bmp"));
  }
}

/// MATLAB files piece by piece, for what libmatio does not write: the other
/// byte order, numbers stored as narrower types, 16-bit characters.
class MatBytes {
 public:
  explicit MatBytes(bool big) : big_(big) {
    bytes_ = std::string(124, ' ');
    bytes_ += Number(0x0100, 2) + Number('M' << 8 | 'I', 2);
  }

  std::string Number(uint64_t value, int size) const {
    std::string text;
    for (int i = 0; i < size; ++i) {
      const int shift = 8 * (big_ ? size - 1 - i : i);
      text.push_back(static_cast<char>(value >> shift));
    }
    return text;
  }

  std::string Element(uint32_t type, const std::string& data) const {
    std::string text;
    if (data.size() <= 4 && !data.empty()) {  // the small form
      text = Number(static_cast<uint32_t>(data.size()) << 16 | type, 4) + data;
    } else {
      text = Number(type, 4) + Number(data.size(), 4) + data;
    }
    text.resize((text.size() + 7) / 8 * 8);
    return text;
  }

  /// An array of 1 x count.
  std::string Array(uint32_t type, const std::string& name, uint32_t count,
                    const std::string& content) const {
    return Element(14, Element(6, Number(type, 4) + Number(0, 4)) +
                           Element(5, Number(1, 4) + Number(count, 4)) +
                           Element(1, name) + content);
  }

  MatBytes& Add(const std::string& element) {
    bytes_ += element;
    return *this;
  }

  /// An element of type 15 around another.
  MatBytes& AddCompressed(const std::string& element) {
    std::string packed(compressBound(element.size()), '\0');
    uLongf size = packed.size();
    compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
              reinterpret_cast<const Bytef*>(element.data()), element.size(),
              Z_BEST_SPEED);
    packed.resize(size);
    bytes_ += Number(15, 4) + Number(size, 4) + packed;
    return *this;
  }

  const std::string& bytes() const { return bytes_; }

 private:
  bool big_;
  std::string bytes_;
};

MatBytes SmallFile(bool big) {
  MatBytes mat(big);
  std::string int16;
  for (int value : {3, -2, 500}) {
    int16 += mat.Number(static_cast<uint16_t>(value), 2);
  }
  std::string letters;
  for (char c : std::string("img.bmp")) {
    letters += mat.Number(static_cast<uint8_t>(c), 2);
  }
  mat.Add(mat.Array(6, "narrow", 3, mat.Element(3, int16)));
  mat.Add(mat.Array(9, "flags", 2, mat.Element(2, std::string("\0\1", 2))));
  mat.AddCompressed(
      mat.Array(1, "names", 1, mat.Array(4, "", 7, mat.Element(4, letters))));
  return mat;
}

TEST(MatFileTest, ReadsBothByteOrdersAndNarrowNumbers) {
  for (bool big : {false, true}) {
    SCOPED_TRACE(big);
    const MatFile file(SmallFile(big).bytes(), "x.mat");
    EXPECT_THAT(file.Numbers("narrow"), ElementsAre(3, -2, 500));
    EXPECT_THAT(file.Numbers("flags"), ElementsAre(0, 1));
    EXPECT_THAT(file.Texts("names"), ElementsAre("img.bmp"));
  }
}

std::string MessageFor(const std::string& bytes,
                       const std::string& variable = "x") {
  return MessageOf([&] { MatFile(bytes, "x.mat").Numbers(variable); });
}

TEST(MatFileTest, ForeignFilesAreNamed) {
  const ScratchFolder folder;
  EXPECT_THAT(MessageOf([&] { MatFile(folder.File("none.mat")); }),
              HasSubstr("none.mat: no such file"));
  EXPECT_THAT(MessageOf([&] { MatFile{folder.path()}; }),
              HasSubstr("cannot be read"));
  EXPECT_THAT(MessageFor("hello"), HasSubstr("no MATLAB file"));
  EXPECT_THAT(MessageFor("\x89HDF\r\n\x1a\n"), HasSubstr("save it with -v7"));
  std::string newer = SmallFile(false).bytes();
  newer[125] = 2;
  EXPECT_THAT(MessageFor(newer), HasSubstr("version 7.3"));
}

TEST(MatFileTest, OtherVariablesAreNamed) {
  const std::string bytes = SmallFile(false).bytes();
  EXPECT_THAT(MessageFor(bytes),
              HasSubstr("no variable 'x'; it has 'flags' 'names' 'narrow'"));
  EXPECT_THAT(MessageFor(bytes, "names"),
              HasSubstr("variable 'names': is no array of real numbers"));
  MatBytes mat(false);
  mat.Add(mat.Array(6, "x", 3, mat.Element(9, std::string(16, '\0'))));
  EXPECT_THAT(MessageFor(mat.bytes()), HasSubstr("2 values in an array of 3"));
}

/// Sizes that the file does not hold must not be believed.
TEST(MatFileTest, HugeClaimsCostNothing) {
  MatBytes wide(false);
  wide.Add(wide.Number(14, 4) + wide.Number(0xFFFFFFF0, 4));
  EXPECT_THAT(MessageFor(wide.bytes()),
              HasSubstr("4294967280 bytes where 0 are left"));
  MatBytes cells(false);
  cells.Add(cells.Array(1, "x", 0x7FFFFFFF, ""));
  EXPECT_THAT(MessageOf([&] { MatFile(cells.bytes(), "x.mat").Texts("x"); }),
              HasSubstr("an element ends after 0 of the 8 bytes"));
  MatBytes bomb(false);
  bomb.AddCompressed(bomb.Element(14, std::string(size_t{65} << 20, '\0')));
  EXPECT_THAT(MessageFor(bomb.bytes()), HasSubstr("larger than 64 MiB"));
}

/// Either the damage does not matter, or the error names the file.
void ExpectReadOrNamed(const std::string& bytes) {
  try {
    ReadAll(bytes);
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("damaged.mat"));
  }
}

TEST(MatFileTest, TruncatedAndFlippedFilesNeverCrash) {
  const ScratchFolder folder;
  for (bool compressed : {false, true}) {
    WriteSample(folder.File("x.mat"), compressed);
    const std::string bytes = ReadBytes(folder.File("x.mat"));
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_THAT(MessageOf([&] { ReadAll(bytes.substr(0, size)); }),
                  HasSubstr("damaged.mat"))
          << size;
    }
    for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      std::string flipped = bytes;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
      ExpectReadOrNamed(flipped);
    }
  }
}

/// Damage inside compressed elements, which a checksum would catch otherwise.
TEST(MatFileTest, DamageUnderCompressionNeverCrashes) {
  const ScratchFolder folder;
  WriteSample(folder.File("x.mat"), false);
  const std::string plain = ReadBytes(folder.File("x.mat")).substr(128);
  const MatBytes mat(false);
  for (size_t bit = 0; bit < 8 * plain.size(); ++bit) {
    std::string flipped = plain;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    MatBytes packed(false);
    for (size_t at = 0; at + 8 <= plain.size();) {
      uint32_t size;
      std::memcpy(&size, plain.data() + at + 4, 4);
      packed.AddCompressed(flipped.substr(at, 8 + size));
      at += 8 + size;
    }
    ExpectReadOrNamed(packed.bytes());
  }
}

}  // namespace
}  // namespace graphiqa
