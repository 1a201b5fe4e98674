// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// A thousand damaged copies of a model file: none may crash the loader, and
/// none may load with anything in it changed.

#include <cstdlib>

#include "format_test_util.h"
#include "network/model_file.h"

namespace graphiqa {
namespace {

class ModelDamageTest : public ScratchTest {};

/// Half of the flips hit the header, which is where the loader has choices.
constexpr size_t kHeaderBytes = 32 * 1024;

TEST_F(ModelDamageTest, NoByteFlipIsASilentWrongLoad) {
  const char* folder = std::getenv("GRAPHIQA_TEST_MODELS");
  ASSERT_NE(folder, nullptr);
  const std::string whole =
      ReadBytes(std::string(folder) + "/tiny.safetensors");
  const std::string path = Path("damaged.safetensors");
  WriteBytes(path, whole);
  const auto metadata = ToMetadata(LoadModel(path).info);
  std::FILE* const file = std::fopen(path.c_str(), "r+b");
  ASSERT_NE(file, nullptr);
  std::setvbuf(file, nullptr, _IONBF, 0);
  const auto put = [file](size_t at, char byte) {
    ASSERT_EQ(std::fseek(file, static_cast<long>(at), SEEK_SET), 0);
    ASSERT_EQ(std::fputc(static_cast<unsigned char>(byte), file),
              static_cast<unsigned char>(byte));
  };
  Random random(3);
  int refused = 0;
  for (int i = 0; i < 1000; ++i) {
    const size_t at = random.Below(i % 2 == 0 ? kHeaderBytes : whole.size());
    put(at, static_cast<char>(static_cast<uint8_t>(whole[at]) ^
                              (1 + random.Below(255))));
    try {
      // Only white space of the header may have changed.
      EXPECT_EQ(ToMetadata(LoadModel(path).info), metadata) << "byte " << at;
      EXPECT_LT(at, kHeaderBytes * 2) << "a changed weight was loaded";
    } catch (const Error&) {
      ++refused;
    }
    put(at, whole[at]);
  }
  std::fclose(file);
  EXPECT_GE(refused, 990);
  std::printf("%d of 1000 refused\n", refused);
}

}  // namespace
}  // namespace graphiqa
