// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "format/model_info.h"

#include <set>

#include "format/json.h"
#include "format_test_util.h"

namespace graphiqa {
namespace {

using Metadata = std::map<std::string, std::string>;

ModelInfo Sample() {
  ModelInfo info;
  info.name = "sample";
  info.architecture.backbone = "efficientnet_lite0";
  info.architecture.features = "multi";
  info.architecture.feature_size = 3552;
  info.architecture.node_size = 256;
  info.architecture.edge_size = 16;
  info.architecture.code_size = 32;
  info.architecture.types = {"blur", "noise"};
  info.architecture.graph_form = "batch";
  info.input.mean = {0.1F, 0.2F, 0.3F};
  info.input.std = {0.4F, 0.5F, 0.6F};
  info.input.views.view_size_px = 320;
  info.input.views.native = 3;
  info.input.views.whole = {{1.0, 1}, {1.25, 2}};
  info.score = {12.5, -3.25};
  info.heads = {true, false, true};
  info.training = R"({"seed": 7})";
  info.sha256 = std::string(64, 'a');
  return info;
}

TEST(ModelInfoTest, SurvivesTheWayThroughMetadata) {
  const ModelInfo before = Sample();
  const ModelInfo after = FromMetadata(ToMetadata(before));
  EXPECT_EQ(ToMetadata(after), ToMetadata(before));
  EXPECT_EQ(after.name, before.name);
  EXPECT_EQ(after.architecture.types, before.architecture.types);
  EXPECT_EQ(after.architecture.node_size, 256);
  EXPECT_EQ(after.architecture.graph_form, "batch");
  EXPECT_EQ(after.input.mean, before.input.mean);
  EXPECT_EQ(after.input.std, before.input.std);
  EXPECT_EQ(after.input.views.view_size_px, 320);
  ASSERT_EQ(after.input.views.whole.size(), 2U);
  EXPECT_EQ(after.input.views.whole[1].scale, 1.25);
  EXPECT_EQ(after.input.views.whole[1].count, 2);
  EXPECT_EQ(after.score.gain, 12.5);
  EXPECT_EQ(after.score.offset, -3.25);
  EXPECT_TRUE(after.heads.mos && !after.heads.level && after.heads.type);
  EXPECT_EQ(after.training, before.training);
  EXPECT_EQ(after.sha256, before.sha256);
}

TEST(ModelInfoTest, HasExactlyTheDocumentedKeys) {
  std::set<std::string> keys;
  for (const auto& item : ToMetadata(Sample())) keys.insert(item.first);
  EXPECT_EQ(keys,
            (std::set<std::string>{"architecture", "format", "format_version",
                                   "heads", "input", "metadata_sha256", "name",
                                   "score", "sha256", "training"}));
}

TEST(ModelInfoTest, MissingAndSurplusKeysAreNamed) {
  const Metadata good = ToMetadata(Sample());
  for (const auto& item : good) {
    if (item.first == "metadata_sha256") continue;
    Metadata bad = good;
    bad.erase(item.first);
    EXPECT_NE(ErrorOf(ErrorCode::kFormat, [&] { FromMetadata(bad); })
                  .find(item.first),
              std::string::npos);
  }
  Metadata bad = good;
  bad["extra"] = "1";
  EXPECT_NE(
      ErrorOf(ErrorCode::kFormat, [&] { FromMetadata(bad); }).find("extra"),
      std::string::npos);
}

/// Puts `value` at `path` of the metadata value `key`; path "" replaces all.
Metadata Changed(const std::string& key, const std::string& path,
                 const std::string& value) {
  Metadata metadata = ToMetadata(Sample());
  if (path.empty()) {
    metadata[key] = value;
    metadata["metadata_sha256"] = HashMetadata(metadata);
    return metadata;
  }
  Json json = Json::Parse(metadata[key], key);
  const size_t dot = path.find('.');
  const Json parsed = Json::Parse(value, "value");
  if (dot == std::string::npos) {
    json.Set(path, parsed);
  } else {
    Json inner = json.At(path.substr(0, dot));
    inner.Set(path.substr(dot + 1), parsed);
    json.Set(path.substr(0, dot), inner);
  }
  metadata[key] = json.Dump();
  metadata["metadata_sha256"] = HashMetadata(metadata);
  return metadata;
}

struct BadValue {
  const char* key;
  const char* path;
  const char* value;
  const char* word;  ///< that the message must have
};

const BadValue kBadValues[] = {
    {"format", "", "other", "format"},
    {"format_version", "", "2", "format_version"},
    {"format_version", "", "01", "format_version"},
    {"name", "", "", "name"},
    {"name", "", "a\nb", "name"},
    {"sha256", "", "abc", "sha256"},
    {"sha256", "",
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
     "sha256"},
    {"training", "", "[]", "training"},
    {"training", "", "{", "training"},
    {"architecture", "", "[]", "architecture"},
    {"architecture", "surplus", "1", "surplus"},
    {"architecture", "backbone", "7", "backbone"},
    {"architecture", "backbone", "\"\"", "backbone"},
    {"architecture", "features", "\"some\"", "features"},
    {"architecture", "feature_size", "0", "feature_size"},
    {"architecture", "node_size", "65537", "node_size"},
    {"architecture", "node_size", "256.0", "node_size"},
    {"architecture", "edge_size", "-1", "edge_size"},
    {"architecture", "code_size", "\"32\"", "code_size"},
    {"architecture", "features", "\"last\"", "node_size"},
    {"architecture", "types", "[]", "types"},
    {"architecture", "types", "[1]", "types"},
    {"architecture", "types", "[\"a\",\"a\"]", "twice"},
    {"architecture", "graph_form", "\"tree\"", "graph_form"},
    {"input", "view_size", "31", "view_size"},
    {"input", "view_size", "1025", "view_size"},
    {"input", "mean", "[0,0]", "mean"},
    {"input", "mean", "[0,0,1e9]", "mean"},
    {"input", "std", "[0,1,1]", "std"},
    {"input", "std", "[-1,1,1]", "std"},
    {"input", "color_order", "\"BGR\"", "color_order"},
    {"input", "padding", "\"zero\"", "padding"},
    {"input", "views.native", "257", "native"},
    {"input", "views.native", "-1", "native"},
    {"input", "views.whole", "[{\"scale\":0.5,\"count\":1}]", "scale"},
    {"input", "views.whole", "[{\"scale\":1,\"count\":65}]", "count"},
    {"input", "views.whole", "[{\"scale\":1}]", "count"},
    {"input", "views", "{\"native\":0,\"whole\":[]}", "views"},
    {"score", "scale", "[0,1]", "scale"},
    {"score", "higher_is_better", "false", "higher_is_better"},
    {"score", "calibration.gain", "0", "gain"},
    {"score", "calibration.gain", "1e7", "gain"},
    {"score", "calibration.offset", "null", "offset"},
    {"heads", "mos", "1", "mos"},
    {"heads", "new", "true", "new"},
};

TEST(ModelInfoTest, EveryBadValueIsRefusedByName) {
  for (const BadValue& bad : kBadValues) {
    const Metadata metadata = Changed(bad.key, bad.path, bad.value);
    const std::string message =
        ErrorOf(ErrorCode::kFormat, [&] { FromMetadata(metadata); });
    EXPECT_NE(message.find(bad.word), std::string::npos)
        << bad.key << "." << bad.path << " = " << bad.value << ": " << message;
  }
}

TEST(ModelInfoTest, ADamagedDigitOfTheMetadataIsNoticed) {
  Metadata metadata = ToMetadata(Sample());
  const size_t digit = metadata["score"].find("12.5");
  metadata["score"][digit] = '4';
  EXPECT_NE(ErrorOf(ErrorCode::kFormat, [&] { FromMetadata(metadata); })
                .find("metadata_sha256"),
            std::string::npos);
  metadata.erase("metadata_sha256");  // nothing can tell then
  EXPECT_EQ(FromMetadata(metadata).score.gain, 42.5);
}

TEST(ModelInfoTest, KadidTypesAreTwentyFiveInOfficialOrder) {
  const std::vector<std::string>& types = KadidTypeNames();
  ASSERT_EQ(types.size(), 25U);
  EXPECT_EQ(std::set<std::string>(types.begin(), types.end()).size(), 25U);
  EXPECT_EQ(types[0], "gaussian-blur");
  EXPECT_EQ(types[9], "jpeg");
  EXPECT_EQ(types[24], "contrast-change");
}

}  // namespace
}  // namespace graphiqa
