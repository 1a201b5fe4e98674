// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "command.h"
#include "format/json.h"
#include "tensor_file.h"

namespace graphiqa {
namespace {

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-model info";
  spec.synopsis = "[OPTION]… FILE";
  spec.about =
      "Prints what a file says about itself. It reads the header only: "
      "gq-model verify checks the values.";
  spec.options = {
      {"--json", "", "Print JSON, with the metadata in full.", ""},
      {"--tensors", "", "List every tensor with type and shape.", ""},
  };
  return spec;
}

Json TensorList(const TensorFile& file) {
  Json::Array list;
  for (const TensorView& tensor : file.tensors) {
    list.push_back(Json::Object{
        {"name", tensor.name},
        {"dtype", NameOf(tensor.dtype)},
        {"shape", Json::Array(tensor.shape.begin(), tensor.shape.end())}});
  }
  return list;
}

/// Metadata values that are JSON are put in as such.
Json MetadataJson(const std::map<std::string, std::string>& metadata) {
  Json json = Json::Object{};
  for (const auto& [key, value] : metadata) {
    const bool structured = !value.empty() && value.front() == '{';
    json.Set(key, structured ? Json::Parse(value, key) : Json(value));
  }
  return json;
}

void PrintJson(const TensorFile& file, bool tensors) {
  Json json = Json::Object{
      {"file", file.path},
      {"kind", file.kind},
      {"tensor_count", uint64_t{file.tensors.size()}},
      {"value_count", CountValues(file.tensors)},
  };
  if (file.info) json.Set("metadata", MetadataJson(ToMetadata(*file.info)));
  if (tensors) json.Set("tensors", TensorList(file));
  std::printf("%s\n", json.Dump(2).c_str());
}

void Row(const char* key, const std::string& value) {
  std::printf("%-13s %s\n", key, value.c_str());
}

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string Triple(const std::array<float, 3>& values) {
  return Number(double{values[0]}) + " " + Number(double{values[1]}) + " " +
         Number(double{values[2]});
}

std::string ViewsText(const ViewPlan& plan) {
  std::string text = std::to_string(plan.native) + " native";
  for (const WholeViews& whole : plan.whole) {
    text += ", " + std::to_string(whole.count) + " of the whole picture (x" +
            Number(whole.scale) + ")";
  }
  return text + ", " + std::to_string(plan.view_size_px) + " pixels square";
}

std::string TrainedText(const HeadsInfo& heads) {
  std::string text;
  for (const auto& [name, trained] :
       {std::pair("mos", heads.mos), std::pair("level", heads.level),
        std::pair("type", heads.type)}) {
    if (trained) text += (text.empty() ? "" : ", ") + std::string(name);
  }
  return text.empty() ? "none" : text;
}

std::string TypesText(const std::vector<std::string>& types) {
  std::string text = std::to_string(types.size()) + ":";
  for (const std::string& type : types) text += " " + type;
  return text;
}

void PrintModel(const ModelInfo& info) {
  const ArchitectureInfo& a = info.architecture;
  Row("name", info.name);
  Row("sha256", info.sha256);
  Row("backbone", a.backbone + ", features " + a.features);
  Row("sizes", "features " + std::to_string(a.feature_size) + ", node " +
                   std::to_string(a.node_size) + ", edge " +
                   std::to_string(a.edge_size) + ", code " +
                   std::to_string(a.code_size));
  Row("graph form", a.graph_form);
  Row("types", TypesText(a.types));
  Row("views", ViewsText(info.input.views));
  Row("mean", Triple(info.input.mean) + " (" + info.input.color_order + ")");
  Row("std", Triple(info.input.std));
  Row("padding", info.input.padding);
  Row("score", Number(info.score.gain) + " * mu + " +
                   Number(info.score.offset) + ", 0 to 100, higher is better");
  Row("trained", TrainedText(info.heads));
  Row("training", Json::Parse(info.training, "training").Dump(2));
}

void PrintTable(const TensorFile& file, bool tensors) {
  Row("file", file.path);
  Row("kind", file.kind);
  Row("tensors", std::to_string(file.tensors.size()) + " with " +
                     std::to_string(CountValues(file.tensors)) + " values");
  if (file.info) PrintModel(*file.info);
  if (!tensors) return;
  for (const TensorView& tensor : file.tensors) {
    std::printf("%-5s %-18s %s\n", NameOf(tensor.dtype),
                ShapeText(tensor.shape).c_str(), tensor.name.c_str());
  }
}

}  // namespace

int RunInfo(const std::vector<std::string>& arguments) {
  return RunProgram(Spec(), arguments, [](const Arguments& parsed) {
    const TensorFile file = OpenTensorFile(RequireFiles(parsed, 1)[0]);
    const bool tensors = parsed.Has("--tensors");
    if (parsed.Has("--json")) {
      PrintJson(file, tensors);
    } else {
      PrintTable(file, tensors);
    }
    return kExitOk;
  });
}

}  // namespace graphiqa
