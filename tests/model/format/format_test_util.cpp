// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "format_test_util.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace graphiqa {

namespace fs = std::filesystem;

ScratchTest::ScratchTest() {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  folder_ = fs::temp_directory_path() /
            ("graphiqa-" + std::string(info->test_suite_name()) + "-" +
             info->name() + "-" + std::to_string(getpid()));
  fs::create_directories(folder_);
}

ScratchTest::~ScratchTest() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::vector<std::string> ScratchTest::Files() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

std::string ErrorOf(ErrorCode code, const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_EQ(error.code(), code) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    EXPECT_FALSE(message.empty());
    return message;
  }
  ADD_FAILURE() << "no error was thrown";
  return "";
}

std::string ReadBytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(ErrorCode::kNotFound, path + ": cannot be read");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void WriteBytes(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw Error(ErrorCode::kFile, path + ": cannot be written");
}

std::string GoldenFolder() {
  const char* folder = std::getenv("GRAPHIQA_GOLDEN_DIR");
  return folder != nullptr && *folder != '\0' ? folder
                                              : GRAPHIQA_GOLDEN_DEFAULT;
}

uint64_t Random::Next() {
  state_ += 0x9E3779B97F4A7C15U;
  uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

}  // namespace graphiqa
