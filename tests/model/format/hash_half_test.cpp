// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "format/crc32.h"
#include "format/half.h"
#include "format/sha256.h"
#include "format_test_util.h"

namespace graphiqa {
namespace {

std::string Hash(const std::string& text) {
  return Sha256Hex(Bytes(text), text.size());
}

// NIST, FIPS 180-4 example values.
TEST(Sha256Test, MatchesPublishedVectors) {
  EXPECT_EQ(Hash(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hash("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Hash(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, PiecesOfAnySizeGiveTheSameHash) {
  const std::string text(1000, 'x');
  for (size_t piece = 1; piece < 200; piece += 7) {
    Sha256 hash;
    for (size_t at = 0; at < text.size(); at += piece) {
      hash.Update(Bytes(text) + at, std::min(piece, text.size() - at));
    }
    EXPECT_EQ(hash.Hex(), Hash(text)) << piece;
  }
}

TEST(Crc32Test, MatchesTheCheckValue) {
  const std::string text = "123456789";
  EXPECT_EQ(Crc32(Bytes(text), text.size()), 0xCBF43926U);
  EXPECT_EQ(Crc32(nullptr, 0), 0U);
}

TEST(HalfTest, EveryHalfSurvivesTheWayThroughFloat) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float value = FloatFromHalf(half);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(FloatFromHalf(HalfFromFloat(value)))) << bits;
    } else {
      EXPECT_EQ(HalfFromFloat(value), half) << bits;
    }
  }
}

TEST(HalfTest, EveryBfloat16SurvivesTheWayThroughFloat) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float value = FloatFromBfloat16(half);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(FloatFromBfloat16(Bfloat16FromFloat(value))));
    } else {
      EXPECT_EQ(Bfloat16FromFloat(value), half) << bits;
    }
  }
}

TEST(HalfTest, RoundsToNearestEven) {
  EXPECT_EQ(HalfFromFloat(2049.0F), 0x6800);  // halfway: down to even, 2048
  EXPECT_EQ(HalfFromFloat(2051.0F), 0x6802);  // halfway: up to even, 2052
  EXPECT_EQ(HalfFromFloat(65519.0F), 0x7bff);
  EXPECT_EQ(HalfFromFloat(65520.0F), 0x7c00);  // infinity
  EXPECT_EQ(HalfFromFloat(-1e10F), 0xfc00);
  EXPECT_EQ(HalfFromFloat(std::ldexp(1.0F, -25)), 0);  // halfway to 2^-24
  EXPECT_EQ(HalfFromFloat(std::ldexp(1.5F, -25)), 1);
  EXPECT_EQ(HalfFromFloat(-0.0F), 0x8000);
  EXPECT_EQ(Bfloat16FromFloat(FloatFromBits(0x3f808000)), 0x3f80);
  EXPECT_EQ(Bfloat16FromFloat(FloatFromBits(0x3f818000)), 0x3f82);
}

}  // namespace
}  // namespace graphiqa
