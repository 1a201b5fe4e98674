// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "format/pth.h"

#include <cstring>
#include <filesystem>

#include "checkpoint_maker.h"
#include "format/json.h"
#include "format_test_util.h"

namespace graphiqa {
namespace {

std::vector<TensorRecord> Parse(const std::string& bytes) {
  return ParsePth(Bytes(bytes), bytes.size(), "file");
}

std::string Refusal(const std::string& bytes) {
  const std::string message =
      ErrorOf(ErrorCode::kFormat, [&] { Parse(bytes); });
  EXPECT_EQ(message.substr(0, 5), "file:") << message;
  return message;
}

void ExpectRefusal(const std::string& bytes, const std::string& word) {
  const std::string message = Refusal(bytes);
  EXPECT_NE(message.find(word), std::string::npos) << message;
}

// ---------------------------------------------------------------------------
// Golden files.

std::string Checksum(const std::vector<uint8_t>& bytes) {
  uint64_t hash = 14695981039346656037ULL;
  for (const uint8_t byte : bytes) hash = (hash ^ byte) * 1099511628211ULL;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx",
                static_cast<unsigned long long>(hash));
  return text;
}

void ExpectTensors(const std::vector<TensorRecord>& found,
                   const Json::Object& wanted) {
  EXPECT_EQ(found.size(), wanted.size());
  Json by_name = Json(wanted);
  for (const TensorRecord& tensor : found) {
    const Json* entry = by_name.Find(tensor.name);
    ASSERT_NE(entry, nullptr) << tensor.name;
    EXPECT_EQ(NameOf(tensor.dtype), entry->GetString("dtype")) << tensor.name;
    EXPECT_EQ(Json::Array(tensor.shape.begin(), tensor.shape.end()),
              entry->GetArray("shape"))
        << tensor.name;
    EXPECT_EQ(Checksum(tensor.data), entry->GetString("fnv1a64"))
        << tensor.name;
  }
}

TEST(PthGoldenTest, EveryFileOfTheManifestIsAsItSays) {
  const std::string folder = GoldenFolder() + "/checkpoints/";
  const Json manifest =
      Json::Parse(ReadBytes(folder + "manifest.json"), "manifest.json");
  int read = 0;
  int refused = 0;
  for (const auto& [name, entry] : manifest.At("files").AsObject()) {
    SCOPED_TRACE(name);
    if (entry.GetString("expect") == "ok") {
      ExpectTensors(ReadPth(folder + name), entry.At("tensors").AsObject());
      ++read;
      continue;
    }
    const std::string message = ErrorOf(
        ErrorCode::kFormat, [&, file = folder + name] { ReadPth(file); });
    EXPECT_NE(message.find(name), std::string::npos) << message;
    ++refused;
  }
  EXPECT_GT(read, 0);
  EXPECT_GT(refused, 0);
  std::printf("%d files read, %d refused\n", read, refused);
  const auto pwned = std::filesystem::temp_directory_path() / "pwned";
  EXPECT_FALSE(std::filesystem::exists(pwned));
}

TEST(PthGoldenTest, ModulePrefixIsTakenOff) {
  const std::string folder = GoldenFolder() + "/checkpoints/";
  for (const std::string form : {"legacy", "zip"}) {
    std::vector<TensorRecord> prefixed = ReadPth(folder + form + "_module.pth");
    const std::vector<TensorRecord> plain = ReadPth(folder + form + ".pth");
    StripModulePrefix(&prefixed);
    ASSERT_EQ(prefixed.size(), plain.size());
    for (size_t i = 0; i < plain.size(); ++i) {
      EXPECT_EQ(prefixed[i].name, plain[i].name);
      EXPECT_EQ(prefixed[i].data, plain[i].data);
    }
  }
}

TEST(PthTest, ModulePrefixStaysWhereNotAllHaveIt) {
  std::vector<TensorRecord> tensors(2);
  tensors[0].name = "module.a";
  tensors[1].name = "b";
  StripModulePrefix(&tensors);
  EXPECT_EQ(tensors[0].name, "module.a");
}

// ---------------------------------------------------------------------------
// Small files, sound but for one place.

TEST(PthTest, ReadsBothForms) {
  for (const bool legacy : {false, true}) {
    const std::vector<TensorRecord> tensors = Parse(SmallCheckpoint(legacy));
    ASSERT_EQ(tensors.size(), 2U);
    EXPECT_EQ(tensors[0].name, "weight");
    EXPECT_EQ(tensors[0].dtype, DType::kF32);
    EXPECT_EQ(tensors[0].shape, (std::vector<int64_t>{2, 3}));
    EXPECT_EQ(tensors[0].data[0], 0);
    EXPECT_EQ(tensors[0].data[20], 5);
    EXPECT_EQ(tensors[1].dtype, DType::kI64);
    EXPECT_TRUE(tensors[1].shape.empty());
    EXPECT_EQ(tensors[1].data[0], 7);
  }
}

TEST(PthTest, ReadsZip64) {
  const std::string file = MakeZip({{"a/data.pkl", SmallStateDict(false)},
                                    {"a/data/0", std::string(24, 1)},
                                    {"a/data/1", std::string(8, 2)}},
                                   true);
  EXPECT_EQ(Parse(file).size(), 2U);
}

TEST(PthTest, EveryTruncationIsRefused) {
  for (const bool legacy : {false, true}) {
    const std::string whole = SmallCheckpoint(legacy);
    for (size_t length = 0; length < whole.size(); ++length) {
      Refusal(whole.substr(0, length));
    }
    Refusal(whole + "x");
  }
}

/// A zip checkpoint of the object with one storage "0" of 24 bytes.
std::string WithObject(const std::string& object) {
  return MakeZipCheckpoint(object, {std::string(24, 1)});
}

PickleWriter Weight() { return PickleWriter().OrderedDict().Text("weight"); }

TEST(PthTest, GlobalsOutsideTheListAreRefused) {
  for (const auto& [module, name] :
       {std::pair("os", "system"), std::pair("builtins", "eval"),
        std::pair("posix", "system"), std::pair("torch", "load"),
        std::pair("torch.storage", "_load_from_bytes"),
        std::pair("torch", "UntypedStorage"),
        std::pair("collections", "OrderedDict "),
        std::pair("torch._utils", "_rebuild_tensor_v3")}) {
    const std::string call =
        Weight().Global(module, name).Raw("(").Text("x").Raw("tRs").Stop();
    ExpectRefusal(WithObject(call), name);
  }
}

TEST(PthTest, OpcodesOutsideTheListAreRefused) {
  // INST, OBJ, NEWOBJ, NEWOBJ_EX, STACK_GLOBAL, PERSID, EXT1, FRAME, POP,
  // BINBYTES, LONG4, DUP.
  for (const std::string opcode : {"i", "o", "\x81", "\x92", "\x93", "P",
                                   "\x82", "\x95", "0", "B", "\x8b", "2"}) {
    ExpectRefusal(WithObject(Weight().Raw(opcode).Stop()), "not allowed");
  }
}

TEST(PthTest, PicklesThatAreNotWellFormedAreRefused) {
  using W = PickleWriter;
  for (const std::string& object : {
           W().Stop(),                          // nothing on the stack
           W().Raw("NN").Stop(),                // two values
           W().Raw("(N").Stop(),                // a MARK left
           W().Raw("t").Stop(),                 // no MARK
           W().Raw("R").Stop(),                 // empty stack
           W().Raw("h\x05").Stop(),             // unknown memo
           W().Raw("]q\x01(u").Stop(),          // SETITEMS on a list
           W().Raw("}(Nu").Stop(),              // a key without value
           W().Raw("NQ").Stop(),                // no persistent id
           W().Raw("N)R").Stop(),               // REDUCE of None
           W().OrderedDict().Raw("Nb").Stop(),  // BUILD with None
           W().Raw("}}b").Stop(),               // BUILD of a dict
           W().Raw("\x8a\x09"
                   "123456789")
               .Stop(),                          // more than 64 bits
           W().Raw("X\xff\xff\xff\xff").Stop(),  // too long a string
           W().Raw("X\x01").Raw(std::string(3, '\0')).Raw("\xff").Stop(),
           std::string("\x80\x04N."),  // protocol 4
       }) {
    Refusal(WithObject(object));
  }
}

TEST(PthTest, ObjectsThatAreNoStateDictAreRefused) {
  using W = PickleWriter;
  ExpectRefusal(WithObject(W().Raw("N").Stop()), "no state dict");
  ExpectRefusal(WithObject(W().Raw("}").Stop()), "no state dict");
  ExpectRefusal(WithObject(W().Raw("}").Text("epoch").Int(3).Raw("s").Stop()),
                "no state dict");
  const auto tensor = [](W writer) {
    return writer.Tensor("FloatStorage", "0", 6, 0, {6}, {1}, false);
  };
  ExpectRefusal(WithObject(tensor(W().Raw("}").Int(1)).Raw("s").Stop()),
                "no string");
  const W twice = tensor(tensor(W().Raw("}(").Text("w")).Text("w"));
  ExpectRefusal(WithObject(W(twice).Raw("u").Stop()), "twice");
  const W mixed = tensor(W().Raw("}(").Text("w")).Text("n").Int(1);
  ExpectRefusal(WithObject(W(mixed).Raw("u").Stop()), "\"n\": is no tensor");
}

TEST(PthTest, TensorsOutsideTheirStorageAreRefused) {
  struct Case {
    int64_t offset;
    std::vector<int64_t> sizes;
    std::vector<int64_t> strides;
  };
  const int64_t huge = int64_t{1} << 62;
  for (const Case& bad :
       {Case{0, {7}, {1}}, Case{1, {6}, {1}}, Case{-1, {1}, {1}},
        Case{7, {0}, {1}}, Case{0, {2}, {6}}, Case{0, {2, 2}, {5, 1}},
        Case{0, {-1}, {1}}, Case{0, {2}, {-1}}, Case{0, {2}, {1, 1}},
        Case{0, {huge, huge}, {0, 0}}, Case{0, {huge}, {huge}},
        Case{0, {5, 5}, {huge, 1}}, Case{0, {1 << 30}, {0}}}) {
    PickleWriter writer = Weight();
    writer.Tensor("FloatStorage", "0", 6, bad.offset, bad.sizes, bad.strides,
                  false);
    ExpectRefusal(WithObject(writer.Raw("s").Stop()), "\"weight\"");
  }
}

TEST(PthTest, StridesAreFollowed) {
  PickleWriter writer = Weight();
  writer.Tensor("ByteStorage", "0", 24, 2, {2, 1, 3, 2}, {10, 1LL << 62, 2, 0},
                false);
  std::string storage;
  for (int i = 0; i < 24; ++i) storage += static_cast<char>(i);
  const std::vector<TensorRecord> tensors =
      Parse(MakeZipCheckpoint(writer.Raw("s").Stop(), {storage}));
  EXPECT_EQ(tensors[0].data,
            (std::vector<uint8_t>{2, 2, 4, 4, 6, 6, 12, 12, 14, 14, 16, 16}));
}

TEST(PthTest, StoragesThatDisagreeAreRefused) {
  const auto object = [](const char* type, int64_t elements) {
    return Weight()
        .Tensor(type, "0", elements, 0, {1}, {1}, false)
        .Raw("s")
        .Stop();
  };
  EXPECT_EQ(Parse(WithObject(object("FloatStorage", 6))).size(), 1U);
  ExpectRefusal(WithObject(object("FloatStorage", 5)), "24 bytes");
  ExpectRefusal(WithObject(object("HalfStorage", 6)), "24 bytes");
  ExpectRefusal(WithObject(object("FloatStorage", int64_t{1} << 62)),
                "too large");
  ExpectRefusal(WithObject(object("FloatStorage", -1)), "persistent id");
  PickleWriter two = PickleWriter().OrderedDict().Mark();
  two.Text("a").Tensor("FloatStorage", "0", 6, 0, {6}, {1}, false);
  two.Text("b").Tensor("HalfStorage", "0", 12, 0, {6}, {1}, false);
  ExpectRefusal(WithObject(two.Raw("u").Stop()), "two ways");
}

TEST(PthTest, LegacyStoragesMustBeThoseOfTheObject) {
  const std::string object = SmallStateDict(true);
  const LegacyStorage weight = {"0", 6, std::string(24, 1)};
  const LegacyStorage counter = {"1", 1, std::string(8, 1)};
  EXPECT_EQ(Parse(MakeLegacyCheckpoint(object, {counter, weight})).size(), 2U);
  ExpectRefusal(MakeLegacyCheckpoint(object, {weight}), "not in the file");
  ExpectRefusal(MakeLegacyCheckpoint(object, {weight, weight}), "twice");
  ExpectRefusal(MakeLegacyCheckpoint(object, {weight, counter, {"2", 1, "x"}}),
                "no tensor uses");
}

TEST(PthTest, BadZipArchivesAreRefused) {
  const ZipEntries sound = {{"a/data.pkl", SmallStateDict(false)},
                            {"a/data/0", std::string(24, 1)},
                            {"a/data/1", std::string(8, 2)}};
  EXPECT_EQ(Parse(MakeZip(sound)).size(), 2U);
  ZipEntries twice = sound;
  twice.push_back(sound[1]);
  ExpectRefusal(MakeZip(twice), "comes twice");
  ZipEntries two_pickles = sound;
  two_pickles.emplace_back("b/data.pkl", sound[0].second);
  ExpectRefusal(MakeZip(two_pickles), "two data.pkl");
  ExpectRefusal(MakeZip({{"a/other", "x"}}), "no data.pkl");
  ZipEntries big_endian = sound;
  big_endian.emplace_back("a/byteorder", "big");
  ExpectRefusal(MakeZip(big_endian), "byte order");
  const std::string archive = MakeZip(sound);
  const size_t central = archive.find("PK\1\2");
  std::string compressed = archive;
  compressed[central + 10] = 8;
  ExpectRefusal(compressed, "compressed");
  std::string encrypted = archive;
  encrypted[central + 8] = 1;
  ExpectRefusal(encrypted, "encrypted");
}

// ---------------------------------------------------------------------------
// Damage: 1,000 seeded flips of one byte.

/// What is left of a checkpoint with one byte changed.
enum class Damage { kRefused, kSame, kChanged };

Damage Judge(const std::string& bytes, const std::vector<TensorRecord>& good) {
  try {
    const std::vector<TensorRecord> found = Parse(bytes);
    if (found.size() != good.size()) return Damage::kChanged;
    for (size_t i = 0; i < good.size(); ++i) {
      if (found[i].name != good[i].name || found[i].dtype != good[i].dtype ||
          found[i].shape != good[i].shape || found[i].data != good[i].data) {
        return Damage::kChanged;
      }
    }
    return Damage::kSame;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kFormat) << error.what();
    return Damage::kRefused;
  }
}

/// A thousand copies of the file, each with one byte at a random place below
/// `limit` changed at random, judged by `check`.
void FlipBytes(const std::string& file, size_t limit, uint64_t seed,
               const std::function<void(size_t, Damage)>& check) {
  const std::vector<TensorRecord> good = Parse(file);
  Random random(seed);
  for (int i = 0; i < 1000; ++i) {
    std::string flipped = file;
    const size_t at = random.Below(limit);
    flipped[at] = static_cast<char>(static_cast<uint8_t>(flipped[at]) ^
                                    (1 + random.Below(255)));
    check(at, Judge(flipped, good));
  }
}

TEST(PthDamageTest, NoByteFlipOfAZipFileIsASilentWrongLoad) {
  const std::string file =
      ReadBytes(GoldenFolder() + "/checkpoints/zip_mixed.pth");
  int refused = 0;
  FlipBytes(file, file.size(), 1, [&](size_t at, Damage damage) {
    EXPECT_NE(damage, Damage::kChanged) << "byte " << at;
    if (damage == Damage::kRefused) ++refused;
  });
  EXPECT_GT(refused, 500);
  std::printf("%d of 1000 refused, the rest read as before\n", refused);
}

/// Legacy files have no checksum: nothing can tell a changed value, name or
/// size that is still possible. What is certain: no crash, never another
/// number of tensors, and each is as large as its shape says.
TEST(PthDamageTest, ByteFlipsOfALegacyFileNeverCrash) {
  const std::string file =
      ReadBytes(GoldenFolder() + "/checkpoints/legacy_mixed.pth");
  const size_t tensors = Parse(file).size();
  Random random(2);
  int refused = 0;
  for (int i = 0; i < 1000; ++i) {
    std::string flipped = file;
    flipped[random.Below(file.size())] ^=
        static_cast<char>(1 + random.Below(255));
    try {
      const std::vector<TensorRecord> found = Parse(flipped);
      EXPECT_EQ(found.size(), tensors);
      for (const TensorRecord& tensor : found) {
        EXPECT_EQ(ByteCount(tensor.dtype, tensor.shape), tensor.data.size());
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kFormat) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 300);
  std::printf("%d of 1000 refused\n", refused);
}

}  // namespace
}  // namespace graphiqa
