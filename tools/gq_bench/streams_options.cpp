// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "streams_options.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <tuple>
#include <utility>

#include "common/precision.h"
#include "error.h"
#include "scorer.h"

namespace graphiqa {
namespace {

constexpr int kMaxInterval = 1'000'000;
constexpr int kMaxCrops = 256;

/// "1920x1080".
std::pair<int, int> SizeFrom(const std::string& text) {
  const size_t at = std::min(text.find('x'), text.size());
  const auto number = [&text](size_t begin, size_t end) {
    int value = 0;
    const char* stop = text.data() + end;
    const auto got = std::from_chars(text.data() + begin, stop, value);
    return got.ec == std::errc() && got.ptr == stop ? value : 0;
  };
  const int width = number(0, at);
  const int height = at < text.size() ? number(at + 1, text.size()) : 0;
  if (width < 16 || height < 16 || width > 16384 || height > 16384) {
    throw Error(ErrorCode::kUsage,
                "--size takes WIDTHxHEIGHT from 16x16 to 16384x16384, not '" +
                    text + "'");
  }
  return {width, height};
}

}  // namespace

std::vector<OptionSpec> WithStreamsOptions(std::vector<OptionSpec> own) {
  std::vector<OptionSpec> all{
      {"--streams", "LIST", "Streams side by side; default: 1.", ""},
      {"--size", "WxH", "Size of the test picture; default: 1920x1080.", ""}};
  std::move(own.begin(), own.end(), std::back_inserter(all));
  const std::vector<OptionSpec> rest{
      {"--model", "FILE", "Model to use; default: the one installed.", ""},
      {"--device", "NAME", "auto, cpu, cuda or cuda:N; default: auto.", ""},
      {"--precision", "NAME", "auto, fp32, bf16 or fp16; default: auto.", ""},
      {"--interval", "N", "Score every N-th frame; default: 1.", ""},
      {"--crops", "N",
       "Views per scored frame, 0 = the model's own number; default: 0.", ""},
      {"--properties", "TEXT",
       "More properties of graphiqa, as gst-launch-1.0 takes them: "
       "\"max-in-flight=8\".",
       ""},
      {"--json", "FILE", "Write the results there as well.", ""}};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

void ReadStreams(const Arguments& arguments, StreamsSetup* setup) {
  if (arguments.positional().size() > 1) {
    throw Error(ErrorCode::kUsage, "more than one file given");
  }
  if (!arguments.positional().empty()) setup->file = arguments.positional()[0];
  std::tie(setup->width, setup->height) =
      SizeFrom(arguments.Get("--size", "1920x1080"));
  setup->interval =
      static_cast<int>(arguments.GetInt("--interval", 1, 1, kMaxInterval));
  setup->crops = static_cast<int>(arguments.GetInt("--crops", 0, 0, kMaxCrops));
  setup->device = arguments.Get("--device", "auto");
  setup->precision =
      arguments.GetChoice("--precision", "auto", PrecisionNames());
  setup->properties = arguments.Get("--properties");
  setup->model_file = arguments.Get("--model");
  if (setup->model_file.empty()) setup->model_file = DefaultModelFile();
}

Json StreamsSettings(const StreamsSetup& setup) {
  Json settings = Json::Object{
      {"model", setup.model_file},    {"device", setup.device},
      {"precision", setup.precision}, {"interval", setup.interval},
      {"crops", setup.crops},         {"properties", setup.properties}};
  if (setup.file.empty()) {
    settings.Set("source", "videotestsrc");
    settings.Set("width", setup.width);
    settings.Set("height", setup.height);
  } else {
    settings.Set("source", setup.file);
  }
  return settings;
}

}  // namespace graphiqa
