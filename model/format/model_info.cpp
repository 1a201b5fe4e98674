// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "model_info.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "json.h"
#include "sha256.h"

namespace graphiqa {
namespace {

constexpr int kFormatVersion = 1;
constexpr int64_t kMaxSize = 65536;
constexpr size_t kMaxTypes = 1000;
constexpr size_t kMaxNameBytes = 200;
constexpr size_t kMaxWholeScales = 16;
constexpr char kMetadataHash[] = "metadata_sha256";

const std::vector<std::string> kKeys = {
    "format", "format_version", "name",     "architecture", "input",
    "score",  "heads",          "training", "sha256"};

[[noreturn]] void Fail(const std::string& why) {
  throw Error(ErrorCode::kFormat, why);
}

void RequireOneOf(const std::string& key, const std::string& value,
                  const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), value) != known.end()) return;
  std::string list;
  for (const std::string& name : known) {
    list += (list.empty() ? "" : ", ") + name;
  }
  Fail("`" + key + "` is " + JsonQuote(value) + ", not one of: " + list);
}

/// Names are shown to people and put into metadata of frames.
void RequireName(const std::string& key, const std::string& value) {
  const bool control = std::any_of(value.begin(), value.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (value.empty() || value.size() > kMaxNameBytes || control) {
    Fail("`" + key + "` must have 1 to 200 bytes and no control character");
  }
}

Json FloatArray(const std::array<float, 3>& values) {
  Json::Array array;
  for (const float value : values) array.push_back(Json::FromFloat(value));
  return array;
}

std::array<float, 3> ReadFloats(const Json& json, const std::string& key) {
  const Json::Array& array = json.GetArray(key);
  if (array.size() != 3) Fail("`" + key + "` must have three numbers");
  std::array<float, 3> values{};
  for (size_t i = 0; i < 3; ++i) {
    const double value = array[i].AsDouble(key);
    if (!(std::fabs(value) <= 1000)) Fail("`" + key + "` is out of range");
    values[i] = static_cast<float>(value);
  }
  return values;
}

Json WriteArchitecture(const ArchitectureInfo& info) {
  return Json::Object{
      {"backbone", info.backbone},
      {"features", info.features},
      {"feature_size", info.feature_size},
      {"node_size", info.node_size},
      {"edge_size", info.edge_size},
      {"code_size", info.code_size},
      {"types", Json::Array(info.types.begin(), info.types.end())},
      {"graph_form", info.graph_form}};
}

std::vector<std::string> ReadTypes(const Json& json) {
  std::vector<std::string> types;
  for (const Json& type : json.GetArray("types")) {
    types.push_back(type.AsString("types"));
    RequireName("types", types.back());
  }
  if (types.empty() || types.size() > kMaxTypes) {
    Fail("`types` must have 1 to " + std::to_string(kMaxTypes) + " names");
  }
  if (std::set<std::string>(types.begin(), types.end()).size() !=
      types.size()) {
    Fail("`types` names a type twice");
  }
  return types;
}

ArchitectureInfo ReadArchitecture(const Json& json) {
  json.RequireKeys({"backbone", "features", "feature_size", "node_size",
                    "edge_size", "code_size", "types", "graph_form"},
                   "architecture");
  ArchitectureInfo info;
  info.backbone = json.GetString("backbone");
  RequireName("backbone", info.backbone);
  info.features = json.GetString("features");
  RequireOneOf("features", info.features, FeatureKinds());
  info.feature_size = json.GetInt("feature_size", 1, kMaxSize);
  info.node_size = json.GetInt("node_size", 4, kMaxSize);
  info.edge_size = json.GetInt("edge_size", 1, kMaxSize);
  info.code_size = json.GetInt("code_size", 1, kMaxSize);
  info.types = ReadTypes(json);
  info.graph_form = json.GetString("graph_form");
  RequireOneOf("graph_form", info.graph_form, {"row", "batch"});
  if (info.features == kLast && info.node_size != info.feature_size) {
    Fail("`node_size` is " + std::to_string(info.node_size) +
         ", but with features \"last\" it must equal `feature_size`, " +
         std::to_string(info.feature_size));
  }
  return info;
}

Json WriteInput(const InputInfo& info) {
  Json::Array whole;
  for (const WholeViews& views : info.views.whole) {
    whole.push_back(
        Json::Object{{"scale", views.scale}, {"count", views.count}});
  }
  return Json::Object{{"view_size", info.views.view_size_px},
                      {"mean", FloatArray(info.mean)},
                      {"std", FloatArray(info.std)},
                      {"color_order", info.color_order},
                      {"padding", info.padding},
                      {"views", Json::Object{{"native", info.views.native},
                                             {"whole", std::move(whole)}}}};
}

ViewPlan ReadViews(const Json& input) {
  ViewPlan plan;
  plan.view_size_px = static_cast<int>(input.GetInt("view_size", 32, 1024));
  const Json& views = input.At("views");
  views.RequireKeys({"native", "whole"}, "views");
  plan.native = static_cast<int>(views.GetInt("native", 0, 256));
  for (const Json& entry : views.GetArray("whole")) {
    entry.RequireKeys({"scale", "count"}, "views.whole");
    plan.whole.push_back({entry.GetDouble("scale", 1, 8),
                          static_cast<int>(entry.GetInt("count", 1, 64))});
  }
  if (plan.whole.size() > kMaxWholeScales) Fail("`whole` has too many scales");
  if (plan.native == 0 && plan.whole.empty()) Fail("`views` plans no view");
  return plan;
}

InputInfo ReadInput(const Json& json) {
  json.RequireKeys(
      {"view_size", "mean", "std", "color_order", "padding", "views"}, "input");
  InputInfo info;
  info.mean = ReadFloats(json, "mean");
  info.std = ReadFloats(json, "std");
  for (const float value : info.std) {
    if (value < 1e-6F) Fail("`std` must be positive");
  }
  info.color_order = json.GetString("color_order");
  RequireOneOf("color_order", info.color_order, {"RGB"});
  info.padding = json.GetString("padding");
  RequireOneOf("padding", info.padding, {"mirror"});
  info.views = ReadViews(json);
  return info;
}

Json WriteScore(const ScoreInfo& info) {
  return Json::Object{{"scale", Json::Array{0, 100}},
                      {"higher_is_better", true},
                      {"calibration", Json::Object{{"gain", info.gain},
                                                   {"offset", info.offset}}}};
}

ScoreInfo ReadScore(const Json& json) {
  json.RequireKeys({"scale", "higher_is_better", "calibration"}, "score");
  const Json::Array& scale = json.GetArray("scale");
  if (scale.size() != 2 || scale[0].AsDouble("scale") != 0 ||
      scale[1].AsDouble("scale") != 100) {
    Fail("`scale` must be [0,100]");
  }
  if (!json.GetBool("higher_is_better")) {
    Fail("`higher_is_better` must be true");
  }
  const Json& calibration = json.At("calibration");
  calibration.RequireKeys({"gain", "offset"}, "calibration");
  ScoreInfo info;
  info.gain = calibration.GetDouble("gain", -1e6, 1e6);
  info.offset = calibration.GetDouble("offset", -1e6, 1e6);
  if (info.gain == 0) Fail("`gain` must not be 0");
  return info;
}

HeadsInfo ReadHeads(const Json& json) {
  json.RequireKeys({"mos", "level", "type"}, "heads");
  return {json.GetBool("mos"), json.GetBool("level"), json.GetBool("type")};
}

void CheckHash(const std::string& hash) {
  const bool digits = std::all_of(hash.begin(), hash.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  if (hash.size() != 64 || !digits) {
    Fail("`sha256` must have 64 lower-case hexadecimal digits");
  }
}

void CheckKeys(const std::map<std::string, std::string>& metadata) {
  const auto format = metadata.find("format");
  if (format == metadata.end() || format->second != "graphiqa-model") {
    Fail("no graphiqa model: `format` is " +
         (format == metadata.end() ? "missing" : JsonQuote(format->second)));
  }
  for (const std::string& key : kKeys) {
    if (metadata.count(key) == 0) Fail("`" + key + "` is missing");
  }
  const std::string& version = metadata.at("format_version");
  if (version != std::to_string(kFormatVersion)) {
    Fail("`format_version` is " + JsonQuote(version) + ", this program reads " +
         std::to_string(kFormatVersion));
  }
  for (const auto& [key, value] : metadata) {
    if (key == kMetadataHash) continue;
    if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
      Fail("unknown key " + JsonQuote(key));
    }
  }
}

/// Last of all, since it says less than the other errors.
void CheckMetadataHash(const std::map<std::string, std::string>& metadata) {
  const auto stated = metadata.find(kMetadataHash);
  if (stated == metadata.end()) return;
  const std::string found = HashMetadata(metadata);
  if (found != stated->second) {
    Fail("damaged: `metadata_sha256` is " + JsonQuote(stated->second) +
         ", the metadata's SHA-256 is " + found);
  }
}

ModelInfo ReadInfo(const std::map<std::string, std::string>& metadata) {
  CheckKeys(metadata);
  const auto parse = [&](const char* key) {
    return Json::Parse(metadata.at(key), std::string("`") + key + "`");
  };
  ModelInfo info;
  info.name = metadata.at("name");
  RequireName("name", info.name);
  info.architecture = ReadArchitecture(parse("architecture"));
  info.input = ReadInput(parse("input"));
  info.score = ReadScore(parse("score"));
  info.heads = ReadHeads(parse("heads"));
  info.training = metadata.at("training");
  parse("training").AsObject("training");
  info.sha256 = metadata.at("sha256");
  CheckHash(info.sha256);
  CheckMetadataHash(metadata);
  return info;
}

}  // namespace

const std::vector<std::string>& KadidTypeNames() {
  // Types 1 to 25 of the KADIS-700k generator, imdist_generator.m.
  static const std::vector<std::string> names = {"gaussian-blur",
                                                 "lens-blur",
                                                 "motion-blur",
                                                 "color-diffusion",
                                                 "color-shift",
                                                 "color-quantization",
                                                 "color-saturation-1",
                                                 "color-saturation-2",
                                                 "jpeg2000",
                                                 "jpeg",
                                                 "white-noise",
                                                 "white-noise-color-component",
                                                 "impulse-noise",
                                                 "multiplicative-noise",
                                                 "denoise",
                                                 "brighten",
                                                 "darken",
                                                 "mean-shift",
                                                 "jitter",
                                                 "non-eccentricity-patch",
                                                 "pixelate",
                                                 "quantization",
                                                 "color-block",
                                                 "high-sharpen",
                                                 "contrast-change"};
  return names;
}

const std::vector<std::string>& FeatureKinds() {
  static const std::vector<std::string> kinds = {kLast, kMulti, kMultiStats};
  return kinds;
}

std::string HashMetadata(const std::map<std::string, std::string>& metadata) {
  std::string text;
  for (const auto& [key, value] : metadata) {
    if (key == kMetadataHash) continue;
    for (const std::string& part : {key, value}) {
      text += part;
      text += '\0';
    }
  }
  return Sha256Hex(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

std::map<std::string, std::string> ToMetadata(const ModelInfo& info) {
  std::map<std::string, std::string> metadata = {
      {"format", "graphiqa-model"},
      {"format_version", std::to_string(kFormatVersion)},
      {"name", info.name},
      {"architecture", WriteArchitecture(info.architecture).Dump()},
      {"input", WriteInput(info.input).Dump()},
      {"score", WriteScore(info.score).Dump()},
      {"heads", Json(Json::Object{{"mos", info.heads.mos},
                                  {"level", info.heads.level},
                                  {"type", info.heads.type}})
                    .Dump()},
      {"training", info.training},
      {"sha256", info.sha256}};
  metadata[kMetadataHash] = HashMetadata(metadata);
  return metadata;
}

ModelInfo FromMetadata(const std::map<std::string, std::string>& metadata) {
  try {
    return ReadInfo(metadata);
  } catch (const Error& error) {
    throw Error(ErrorCode::kFormat,
                std::string("model metadata: ") + error.what());
  }
}

}  // namespace graphiqa
