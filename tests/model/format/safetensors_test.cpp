// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "format/safetensors.h"

#include <sys/stat.h>

#include <cstring>

#include "checkpoint_maker.h"
#include "format/json.h"
#include "format/model_info.h"
#include "format/sha256.h"
#include "format_test_util.h"

namespace graphiqa {
namespace {

class SafetensorsTest : public ScratchTest {};

/// A file of this header and so many bytes of data.
std::string MakeFile(const std::string& header, size_t data_bytes) {
  return LittleEndian(header.size(), 8) + header + std::string(data_bytes, 7);
}

std::string Refusal(const std::string& bytes) {
  return ErrorOf(ErrorCode::kFormat, [&] {
    SafetensorsFile::Parse(Bytes(bytes), bytes.size(), "file");
  });
}

std::string Entry(const std::string& name, const std::string& dtype,
                  const std::string& shape, const std::string& offsets) {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
         ",\"data_offsets\":" + offsets + "}";
}

TEST_F(SafetensorsTest, WritesAndReadsBack) {
  const std::vector<uint8_t> bytes = {1, 2, 3, 4, 5, 6, 7, 8};
  const std::vector<TensorView> tensors = {
      {"small", DType::kU8, {3}, bytes.data(), 3},
      {"half", DType::kF16, {1, 2}, bytes.data(), 4},
      {"scalar", DType::kI64, {}, bytes.data(), 8},
      {"empty", DType::kF32, {0, 5}, nullptr, 0}};
  const std::map<std::string, std::string> metadata = {{"k", "v\"ü"}};
  WriteSafetensors(Path("a"), metadata, tensors);
  const SafetensorsFile file = SafetensorsFile::Open(Path("a"));
  EXPECT_EQ(file.metadata(), metadata);
  ASSERT_EQ(file.tensors().size(), 4U);
  for (const TensorView& wanted : tensors) {
    const TensorView* found = file.Find(wanted.name);
    ASSERT_NE(found, nullptr) << wanted.name;
    EXPECT_EQ(found->dtype, wanted.dtype);
    EXPECT_EQ(found->shape, wanted.shape);
    ASSERT_EQ(found->bytes, wanted.bytes);
    if (wanted.bytes > 0) {
      EXPECT_EQ(std::memcmp(found->data, wanted.data, wanted.bytes), 0);
    }
    EXPECT_EQ(reinterpret_cast<uintptr_t>(found->data) % SizeOf(found->dtype),
              0U)
        << wanted.name;
  }
  EXPECT_EQ(file.Find("other"), nullptr);
  EXPECT_EQ(HashTensors(tensors),
            Sha256Hex(file.data().data, file.data().bytes));
  EXPECT_EQ(Files(), std::vector<std::string>{"a"});
}

TEST_F(SafetensorsTest, FailedWriteLeavesTheTargetAlone) {
  WriteBytes(Path("a"), "before");
  const uint8_t byte = 0;
  const TensorView good = {"x", DType::kU8, {1}, &byte, 1};
  const TensorView wrong = {"y", DType::kU8, {2}, &byte, 1};
  for (const auto& tensors : {std::vector<TensorView>{good, good},
                              std::vector<TensorView>{good, wrong}}) {
    ErrorOf(ErrorCode::kUsage,
            [&] { WriteSafetensors(Path("a"), {}, tensors); });
  }
  ErrorOf(ErrorCode::kUsage, [&] {
    WriteSafetensors(Path("a"), {{"k", "\xff"}}, {good});
  });
  EXPECT_EQ(ReadBytes(Path("a")), "before");
  EXPECT_EQ(Files(), std::vector<std::string>{"a"});
  const std::string message = ErrorOf(ErrorCode::kFile, [&] {
    WriteSafetensors(Path("no/folder"), {}, {good});
  });
  EXPECT_NE(message.find("no/folder"), std::string::npos);
}

TEST_F(SafetensorsTest, RenameOverAFolderFailsAndCleansUp) {
  mkdir(Path("folder").c_str(), 0777);
  const uint8_t byte = 0;
  ErrorOf(ErrorCode::kFile, [&] {
    WriteSafetensors(Path("folder"), {}, {{"x", DType::kU8, {1}, &byte, 1}});
  });
  EXPECT_EQ(Files(), std::vector<std::string>{"folder"});
}

TEST_F(SafetensorsTest, FilesThatAreNoneAreRefused) {
  EXPECT_NE(ErrorOf(ErrorCode::kNotFound,
                    [&] { SafetensorsFile::Open(Path("absent")); })
                .find("absent"),
            std::string::npos);
  ErrorOf(ErrorCode::kFile, [&] { SafetensorsFile::Open(Path(".")); });
  ASSERT_EQ(mkfifo(Path("fifo").c_str(), 0666), 0);
  ErrorOf(ErrorCode::kFile, [&] { SafetensorsFile::Open(Path("fifo")); });
  WriteBytes(Path("empty"), "");
  ErrorOf(ErrorCode::kFormat, [&] { SafetensorsFile::Open(Path("empty")); });
}

TEST_F(SafetensorsTest, BadHeadersAreRefused) {
  EXPECT_NE(Refusal("1234567").find("too short"), std::string::npos);
  EXPECT_NE(Refusal(LittleEndian(1ULL << 60, 8) + "{}").find("length"),
            std::string::npos);
  EXPECT_NE(Refusal(LittleEndian(3, 8) + "{}").find("length"),
            std::string::npos);
  EXPECT_NE(Refusal(LittleEndian(100000001, 8) + std::string(100000001, ' '))
                .find("length"),
            std::string::npos);
  for (const char* header : {"", " {}", "[]", "\"x\""}) {
    EXPECT_NE(Refusal(MakeFile(header, 0)).find("'{'"), std::string::npos);
  }
  EXPECT_NE(Refusal(MakeFile("{\"a\"", 0)).find("JSON"), std::string::npos);
  EXPECT_NE(
      Refusal(MakeFile("{\"a\":" + std::string(1000, '['), 0)).find("deep"),
      std::string::npos);
}

/// What is wrong with one entry, and a word of the message.
struct BadEntry {
  const char* header;
  const char* word;
};

TEST_F(SafetensorsTest, BadEntriesAreRefusedByName) {
  const BadEntry cases[] = {
      {R"({"weight":1})", "object"},
      {R"({"weight":{"dtype":"U8","shape":[8]}})", "data_offsets"},
      {R"({"weight":{"dtype":"U8","shape":[8],"data_offsets":[0,8],"x":1}})",
       "unknown key"},
      {R"({"weight":{"dtype":"F8","shape":[8],"data_offsets":[0,8]}})", "F8"},
      {R"({"weight":{"dtype":8,"shape":[8],"data_offsets":[0,8]}})", "dtype"},
      {R"({"weight":{"dtype":"U8","shape":8,"data_offsets":[0,8]}})", "shape"},
      {R"({"weight":{"dtype":"U8","shape":[-8],"data_offsets":[0,8]}})",
       "negative"},
      {R"({"weight":{"dtype":"U8","shape":[8.0],"data_offsets":[0,8]}})",
       "shape"},
      {R"({"weight":{"dtype":"U8","shape":[8],"data_offsets":[0]}})", "two"},
      {R"({"weight":{"dtype":"U8","shape":[8],"data_offsets":[0,8,8]}})",
       "two"},
      {R"({"weight":{"dtype":"U8","shape":[8],"data_offsets":[0,9]}})",
       "outside"},
      {R"({"weight":{"dtype":"U8","shape":[8],"data_offsets":[8,0]}})",
       "outside"},
      {R"({"weight":{"dtype":"U8","shape":[8],"data_offsets":[-8,0]}})",
       "outside"},
      {R"({"weight":{"dtype":"U8","shape":[7],"data_offsets":[0,8]}})",
       "needs 7"},
      {R"({"weight":{"dtype":"F32","shape":[4294967296,4294967296],)"
       R"("data_offsets":[0,8]}})",
       "overflows"},
      {R"({"weight":{"dtype":"F64","shape":[2305843009213693953],)"
       R"("data_offsets":[0,8]}})",
       "overflows"},
      {R"({"weight":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,)"
       R"(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,8],"data_offsets":[0,8]}})",
       "dimensions"},
  };
  for (const BadEntry& bad : cases) {
    const std::string message = Refusal(MakeFile(bad.header, 8));
    EXPECT_EQ(message.substr(0, 5), "file:") << message;
    EXPECT_NE(message.find(bad.word), std::string::npos) << message;
    EXPECT_NE(message.find("weight"), std::string::npos) << message;
  }
}

TEST_F(SafetensorsTest, LayoutsWithGapsOrOverlapsAreRefused) {
  const std::string a = Entry("a", "U8", "[4]", "[0,4]");
  const auto with_b = [&](const std::string& offsets, size_t data) {
    return MakeFile("{" + a + "," + Entry("b", "U8", "[4]", offsets) + "}",
                    data);
  };
  const std::string sound = with_b("[4,8]", 8);
  EXPECT_NO_THROW(SafetensorsFile::Parse(Bytes(sound), sound.size(), "file"));
  EXPECT_NE(Refusal(with_b("[3,7]", 8)).find("overlaps"), std::string::npos);
  EXPECT_NE(Refusal(with_b("[0,4]", 8)).find("overlaps"), std::string::npos);
  EXPECT_NE(Refusal(with_b("[5,9]", 9)).find("gap"), std::string::npos);
  EXPECT_NE(Refusal(with_b("[4,8]", 9)).find("surplus"), std::string::npos);
  EXPECT_NE(Refusal(with_b("[4,8]", 7)).find("outside"), std::string::npos);
  EXPECT_NE(Refusal(MakeFile("{}", 1)).find("surplus"), std::string::npos);
  EXPECT_NE(Refusal(MakeFile("{" + a + "," + a + "}", 4)).find("twice"),
            std::string::npos);
}

TEST_F(SafetensorsTest, MetadataMustBeStrings) {
  EXPECT_NE(Refusal(MakeFile(R"({"__metadata__":{"k":1}})", 0)).find("k"),
            std::string::npos);
  Refusal(MakeFile(R"({"__metadata__":[]})", 0));
  Refusal(MakeFile(R"({"__metadata__":{"k":"1","k":"2"}})", 0));
}

TEST_F(SafetensorsTest, EveryTruncationIsRefused) {
  const std::vector<uint8_t> bytes(12, 9);
  WriteSafetensors(Path("a"), {{"k", "v"}},
                   {{"x", DType::kF32, {3}, bytes.data(), 12}});
  const std::string whole = ReadBytes(Path("a"));
  for (size_t length = 0; length < whole.size(); ++length) {
    Refusal(whole.substr(0, length));
  }
  Refusal(whole + "x");
}

/// What a loader does before it uses a model file.
void LoadStrictly(const std::string& bytes) {
  const SafetensorsFile file =
      SafetensorsFile::Parse(Bytes(bytes), bytes.size(), "file");
  const ModelInfo info = FromMetadata(file.metadata());
  if (Sha256Hex(file.data().data, file.data().bytes) != info.sha256) {
    throw Error(ErrorCode::kFormat, "wrong hash");
  }
}

/// The 1,000 flips of a whole model file as LoadModel() sees them are a test
/// of gq-model; here every bit of a small file's data and half its header.
TEST_F(SafetensorsTest, NoBitFlipInTheDataGoesUnnoticed) {
  const std::vector<uint8_t> bytes(48, 9);
  const std::vector<TensorView> tensors = {
      {"x", DType::kF32, {3, 4}, bytes.data(), 48}};
  ModelInfo info;
  info.name = "flipped";
  info.architecture.types = {"blur"};
  info.sha256 = HashTensors(tensors);
  WriteSafetensors(Path("a"), ToMetadata(info), tensors);
  const std::string whole = ReadBytes(Path("a"));
  EXPECT_NO_THROW(LoadStrictly(whole));
  for (size_t bit = 0; bit < 48 * 8; ++bit) {
    std::string flipped = whole;
    flipped[whole.size() - 1 - bit / 8] ^= static_cast<char>(1 << (bit % 8));
    ErrorOf(ErrorCode::kFormat, [&] { LoadStrictly(flipped); });
  }
}

}  // namespace
}  // namespace graphiqa
