// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Runs gq-model as a user does. $GQ_MODEL is the program,
/// $GRAPHIQA_TEST_MODELS the folder of the test models.

#include <sys/wait.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

#include "format/json.h"
#include "format/safetensors.h"
#include "format_test_util.h"

namespace graphiqa {
namespace {

/// What a run of the program left.
struct Outcome {
  int code = -1;
  std::string out;
  std::string error;
};

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) {
    throw Error(ErrorCode::kUsage, std::string(name) + " is not set");
  }
  return value;
}

std::string TestModel(const std::string& name) {
  return Environment("GRAPHIQA_TEST_MODELS") + "/" + name + ".safetensors";
}

class GqModelTest : public ScratchTest {
 protected:
  /// Arguments must not need quoting beyond single quotes.
  Outcome Call(const std::vector<std::string>& arguments) const {
    std::string line = "'" + Environment("GQ_MODEL") + "'";
    for (const std::string& argument : arguments) line += " '" + argument + "'";
    line += " >'" + Path("stdout") + "' 2>'" + Path("stderr") + "'";
    const int status = std::system(line.c_str());
    Outcome run;
    run.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    run.out = ReadBytes(Path("stdout"));
    run.error = ReadBytes(Path("stderr"));
    return run;
  }

  void ExpectSuccess(const std::vector<std::string>& arguments) const {
    const Outcome run = Call(arguments);
    EXPECT_EQ(run.code, 0) << run.error;
    EXPECT_EQ(run.error, "");
  }

  /// One line on stderr that has `word`, nothing on stdout.
  void ExpectError(int code, const std::string& word,
                   const std::vector<std::string>& arguments) const {
    const Outcome run = Call(arguments);
    EXPECT_EQ(run.code, code) << run.error;
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(run.error.find('\n') + 1, run.error.size()) << run.error;
    EXPECT_NE(run.error.find(word), std::string::npos) << run.error;
  }

  /// The tensors of a file under other names.
  void WriteRenamed(
      const std::string& from, const std::string& to,
      const std::function<std::string(const std::string&)>& rename) const {
    const SafetensorsFile file = SafetensorsFile::Open(from);
    std::vector<TensorView> tensors;
    for (TensorView tensor : file.tensors()) {
      tensor.name = rename(tensor.name);
      if (!tensor.name.empty()) tensors.push_back(tensor);
    }
    WriteSafetensors(to, {}, tensors);
  }
};

const char* const kCommands[] = {"info", "verify", "import", "export",
                                 "init", "diff",   "trace"};

TEST_F(GqModelTest, HelpAndVersionOfEveryCommand) {
  const Outcome help = Call({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const std::string command : kCommands) {
    EXPECT_NE(help.out.find("  " + command + " "), std::string::npos);
    const Outcome own = Call({command, "--help"});
    EXPECT_EQ(own.code, 0);
    EXPECT_EQ(own.out.rfind("Usage: gq-model " + command, 0), 0U);
    EXPECT_EQ(Call({command, "--version"}).code, 0);
  }
  EXPECT_EQ(Call({"--version"}).out, "gq-model " GRAPHIQA_VERSION "\n");
}

TEST_F(GqModelTest, WrongUsageIsExitCodeTwo) {
  ExpectError(2, "command is missing", {});
  ExpectError(2, "frobnicate", {"frobnicate"});
  for (const std::string command : kCommands) {
    ExpectError(2, command, {command});
    ExpectError(2, "--frob", {command, "--frob"});
  }
  ExpectError(2, "--output", {"export", TestModel("tiny")});
  ExpectError(2, "--form", {"trace", "a", "b", "c", "--form", "tree"});
  ExpectError(2, "known", {"init", "--backbone", "alexnet", "-o", Path("x")});
  ExpectError(2, "--trained",
              {"import", "a", "-o", Path("x"), "--trained", "mos,all"});
}

TEST_F(GqModelTest, InfoPrintsATableAndJson) {
  const Outcome table = Call({"info", TestModel("tiny_all_heads")});
  EXPECT_EQ(table.code, 0) << table.error;
  EXPECT_NE(table.out.find("trained       mos, level, type\n"),
            std::string::npos);
  EXPECT_NE(table.out.find("efficientnet_lite0"), std::string::npos);
  const Outcome json = Call({"info", "--json", "--tensors", TestModel("tiny")});
  const Json info = Json::Parse(json.out, "stdout");
  EXPECT_EQ(info.GetString("kind"), "model file");
  const Json& metadata = info.At("metadata");
  EXPECT_EQ(metadata.At("architecture").GetInt("node_size"), 32);
  EXPECT_FALSE(metadata.At("heads").GetBool("type"));
  EXPECT_EQ(static_cast<int64_t>(info.GetArray("tensors").size()),
            info.GetInt("tensor_count"));
  const std::string legacy = GoldenFolder() + "/checkpoints/legacy.pth";
  const Outcome checkpoint = Call({"info", "--json", legacy});
  EXPECT_EQ(Json::Parse(checkpoint.out, "stdout").GetInt("tensor_count"), 29);
}

TEST_F(GqModelTest, VerifyTellsGoodFromBad) {
  ExpectSuccess({"verify", TestModel("tiny"), TestModel("tiny_all_heads")});
  for (const std::string name :
       {"empty", "truncated", "corrupt_magic", "huge_header", "foreign",
        "future_version", "missing_tensor", "surplus_tensor", "wrong_shape",
        "wrong_sizes", "nan_weights", "negative_variance", "wrong_hash"}) {
    ExpectError(1, name, {"verify", TestModel(name)});
  }
  ExpectError(1, "absent", {"verify", Path("absent")});
  const Outcome both =
      Call({"verify", TestModel("foreign"), TestModel("tiny")});
  EXPECT_EQ(both.code, 1);
  EXPECT_NE(both.out.find("good"), std::string::npos);
}

TEST_F(GqModelTest, ExportAndImportGiveTheSameTensors) {
  const std::string plain = Path("plain.safetensors");
  const std::string model = Path("model.safetensors");
  ExpectSuccess({"export", TestModel("tiny"), "-o", plain});
  EXPECT_EQ(SafetensorsFile::Open(plain).metadata(),
            (std::map<std::string, std::string>{{"format", "pt"}}));
  ExpectSuccess({"diff", TestModel("tiny"), plain});
  const std::string prefixed = Path("prefixed.safetensors");
  WriteRenamed(plain, prefixed,
               [](const std::string& name) { return "module." + name; });
  for (const std::string& source : {plain, prefixed}) {
    ExpectSuccess({"import", source, "--backbone", "efficientnet_lite0",
                   "--features", "multi", "--trained", "level,type", "--gain",
                   "20", "--name", "again", "-o", model});
    ExpectSuccess({"diff", TestModel("tiny"), model});
    ExpectSuccess({"verify", model});
  }
  const Outcome run = Call({"info", "--json", model});
  const Json info = Json::Parse(run.out, "stdout");
  const Json& metadata = info.At("metadata");
  EXPECT_EQ(metadata.GetString("name"), "again");
  EXPECT_FALSE(metadata.At("heads").GetBool("mos"));
  EXPECT_TRUE(metadata.At("heads").GetBool("level"));
  EXPECT_EQ(metadata.At("score").At("calibration").GetDouble("gain"), 20);
}

TEST_F(GqModelTest, ExportWidensToFloat32AndChecksTheHash) {
  const std::string wide = Path("wide.safetensors");
  ExpectSuccess({"export", TestModel("tiny"), "--storage", "fp32", "-o", wide});
  const SafetensorsFile file = SafetensorsFile::Open(wide);
  for (const TensorView& tensor : file.tensors()) {
    EXPECT_TRUE(tensor.dtype == DType::kF32 || tensor.dtype == DType::kI64);
  }
  ExpectSuccess({"diff", TestModel("tiny"), wide});
  ExpectError(1, "SHA-256", {"export", TestModel("wrong_hash"), "-o", wide});
}

TEST_F(GqModelTest, ImportRefusesWhatIsNoModel) {
  const std::string folder = GoldenFolder() + "/checkpoints/";
  const std::string to = Path("x.safetensors");
  ExpectError(1, "os.system", {"import", folder + "hostile_zip.pth", "-o", to});
  ExpectError(1, "backbone", {"import", folder + "legacy.pth", "-o", to});
  ExpectError(1, "classifier.bias",
              {"import", TestModel("missing_tensor"), "-o", to});
  ExpectError(
      1, "holds backbone efficientnet_lite0",
      {"import", TestModel("tiny"), "--backbone", "resnet18", "-o", to});
  EXPECT_FALSE(std::filesystem::exists(to));
}

TEST_F(GqModelTest, InitIsSeededAndTakesPublishedWeights) {
  const auto init = [&](const std::string& seed, const std::string& to,
                        const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {
        "init", "--backbone", "resnet18", "--edge", "4",     "--code",
        "8",    "--seed",     seed,       "-o",     Path(to)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    ExpectSuccess(arguments);
  };
  init("1", "a", {});
  init("1", "b", {});
  ExpectSuccess({"diff", Path("a"), Path("b")});
  EXPECT_EQ(ReadBytes(Path("a")).size(), ReadBytes(Path("b")).size());
  const std::string start = "extractor.feature_extractor.";
  WriteRenamed(Path("a"), Path("resnet18.safetensors"),
               [&](const std::string& name) -> std::string {
                 if (name.rfind(start, 0) != 0) return "";
                 const std::string rest = name.substr(start.size() + 1);
                 switch (name[start.size()]) {
                   case '0':
                     return "conv1" + rest;
                   case '1':
                     return "bn1" + rest;
                   default:
                     return "layer" + std::to_string(name[start.size()] - '3') +
                            rest;
                 }
               });
  init("2", "c", {"--weights", Path("resnet18.safetensors")});
  const Outcome run = Call({"diff", Path("a"), Path("c")});
  EXPECT_EQ(run.code, 1);
  EXPECT_EQ(run.out.find(start), std::string::npos) << "backbone differs";
  EXPECT_NE(run.out.find("classifier.weight"), std::string::npos);
}

TEST_F(GqModelTest, DiffTellsHowTensorsDiffer) {
  const float a[] = {1, 2, NAN, INFINITY};
  const float b[] = {1, 2.5, NAN, INFINITY};
  const auto view = [](const char* name, const float* values, int64_t count) {
    return TensorView{name,
                      DType::kF32,
                      {count},
                      reinterpret_cast<const uint8_t*>(values),
                      static_cast<size_t>(count) * sizeof(float)};
  };
  WriteSafetensors(Path("a"), {}, {view("same", a, 4), view("x", a, 4)});
  WriteSafetensors(Path("b"), {}, {view("same", a, 4), view("x", b, 4)});
  WriteSafetensors(Path("c"), {}, {view("same", a, 3), view("y", b, 4)});
  const Outcome run = Call({"diff", Path("a"), Path("b")});
  EXPECT_EQ(run.code, 1);
  EXPECT_EQ(run.out,
            "x: max difference 0.5 at element 1 (2 and 2.5)\n"
            "1 of 2 tensors differ\n");
  EXPECT_EQ(Call({"diff", "--tolerance", "0.5", Path("a"), Path("b")}).code, 0);
  const Outcome names = Call({"diff", Path("a"), Path("c")});
  EXPECT_EQ(names.code, 1);
  EXPECT_NE(names.out.find("same: F32[4] and F32[3]\n"), std::string::npos);
  EXPECT_NE(names.out.find("x: only in "), std::string::npos);
  EXPECT_NE(names.out.find("y: only in "), std::string::npos);
}

// ---------------------------------------------------------------------------
// trace

double At(const TensorView& tensor, size_t index) {
  float value;
  std::memcpy(&value, tensor.data + index * sizeof value, sizeof value);
  return double{value};
}

/// README.md of the golden folder: eps * max(1, |expected|).
void ExpectNear(const TensorView& found, const TensorView& wanted, double eps) {
  ASSERT_EQ(found.shape, wanted.shape) << wanted.name;
  for (size_t i = 0; i < wanted.bytes / sizeof(float); ++i) {
    const double expected = At(wanted, i);
    ASSERT_NEAR(At(found, i), expected, eps * std::max(1.0, std::abs(expected)))
        << wanted.name << " element " << i;
  }
}

/// `features` of a batch of the small golden heads as a file of its own.
void WriteFeatures(const std::string& batch, const std::string& path) {
  const SafetensorsFile heads =
      SafetensorsFile::Open(GoldenFolder() + "/heads_small.safetensors");
  TensorView features = *heads.Find(batch + "/features");
  features.name = "features";
  WriteSafetensors(path, {}, {features});
}

TEST_F(GqModelTest, TraceOfTheGoldenHeadsIsAsExpected) {
  const SafetensorsFile expected = SafetensorsFile::Open(
      GoldenFolder() + "/heads_small_expected.safetensors");
  WriteFeatures("n5", Path("in"));
  for (const auto& [file, form, mode, prefix] :
       {std::tuple("legacy.pth", "batch", "pretrain", "n5/"),
        std::tuple("zip_module.pth", "batch", "finetune", "n5/"),
        std::tuple("zip_wrapped.pth", "row", "finetune", "n5_one_by_one/")}) {
    SCOPED_TRACE(prefix + std::string(mode));
    ExpectSuccess({"trace", GoldenFolder() + "/checkpoints/" + file, Path("in"),
                   Path("out"), "--form", form, "--mode", mode});
    const SafetensorsFile traced = SafetensorsFile::Open(Path("out"));
    size_t compared = 0;
    for (const TensorView& tensor : traced.tensors()) {
      const TensorView* wanted = expected.Find(prefix + tensor.name);
      if (wanted == nullptr) {
        wanted = expected.Find(prefix + std::string(mode) + "/" + tensor.name);
      }
      if (wanted == nullptr) continue;
      ExpectNear(tensor, *wanted, 1e-5);
      ++compared;
    }
    EXPECT_GE(compared, 10U);
  }
}

TEST_F(GqModelTest, TraceOfImagesHasTheStages) {
  std::vector<float> pixels(2 * 3 * 64 * 64);
  Random random(7);
  for (float& pixel : pixels) {
    pixel = static_cast<float>(random.Below(1000)) / 500.0F - 1.0F;
  }
  const TensorView images = {"images",
                             DType::kF32,
                             {2, 3, 64, 64},
                             reinterpret_cast<const uint8_t*>(pixels.data()),
                             pixels.size() * sizeof(float)};
  WriteSafetensors(Path("in"), {}, {images});
  for (const std::string precision : {"fp32", "bf16"}) {
    ExpectSuccess({"trace", TestModel("tiny"), Path("in"), Path(precision),
                   "--precision", precision});
  }
  const SafetensorsFile fp32 = SafetensorsFile::Open(Path("fp32"));
  const SafetensorsFile bf16 = SafetensorsFile::Open(Path("bf16"));
  for (const char* name : {"stem", "x", "v", "edge_code", "mos_mu", "z"}) {
    ASSERT_NE(fp32.Find(name), nullptr) << name;
  }
  EXPECT_EQ(fp32.Find("x")->shape, (std::vector<int64_t>{2, 32}));
  EXPECT_EQ(fp32.Find("stem")->shape[2], 32);
  double largest = 0;
  for (size_t i = 0; i < 2 * 32; ++i) {
    largest = std::max(
        largest, std::abs(At(*fp32.Find("x"), i) - At(*bf16.Find("x"), i)));
  }
  EXPECT_GT(largest, 0) << "bf16 computed in fp32";
}

TEST_F(GqModelTest, TraceRefusesWhatDoesNotFit) {
  const std::string legacy = GoldenFolder() + "/checkpoints/legacy.pth";
  WriteFeatures("n2", Path("in"));
  ExpectError(1, "64 channels",
              {"trace", TestModel("tiny"), Path("in"), Path("out")});
  ExpectError(1, "`images` or `features`",
              {"trace", legacy, TestModel("tiny"), Path("out")});
  ExpectError(1, "absent", {"trace", legacy, Path("absent"), Path("out")});
  ExpectError(1, "os.system",
              {"trace", GoldenFolder() + "/checkpoints/hostile_legacy.pth",
               Path("in"), Path("out")});
  EXPECT_FALSE(std::filesystem::exists(Path("out")));
}

}  // namespace
}  // namespace graphiqa
