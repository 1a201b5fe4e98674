// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "run_settings.h"

#include <glib.h>
#include <gst/gst.h>

#include <opencv2/core/utility.hpp>

namespace graphiqa {
namespace {

std::string TakeString(gchar* text) {
  const std::string result = text != nullptr ? text : "";
  g_free(text);
  return result;
}

std::string Now() {
  GDateTime* now = g_date_time_new_now_local();
  const std::string text = TakeString(g_date_time_format(now, "%F %T %z"));
  g_date_time_unref(now);
  return text;
}

const char* Name(Precision precision) {
  switch (precision) {
    case Precision::kFp32:
      return "fp32";
    case Precision::kBf16:
      return "bf16";
    case Precision::kFp16:
      return "fp16";
    case Precision::kAuto:
      break;
  }
  return "auto";
}

std::string Heads(const ModelDescription& model) {
  std::string known = "score and uncertainty";
  std::string unknown;
  (model.type_trained ? known : unknown) += ", type of distortion";
  (model.level_trained ? known : unknown) += ", level";
  return unknown.empty() ? known
                         : known + "; not trained: " + unknown.substr(2);
}

std::string Views(const ViewPlan& plan, int crops) {
  int whole = 0;
  for (const WholeViews& views : plan.whole) whole += views.count;
  const std::string own = std::to_string(whole + plan.native);
  const std::string side = std::to_string(plan.view_size_px);
  if (crops > 0) {
    return std::to_string(crops) + " of " + side + " × " + side +
           " pixels (the model's own number is " + own + ")";
  }
  return own + " of " + side + " × " + side +
         " pixels: " + std::to_string(whole) + " of the scaled picture, " +
         std::to_string(plan.native) + " at full resolution";
}

std::string Frames(int interval) {
  return interval == 1
             ? "every frame of a video"
             : "one frame in " + std::to_string(interval) + " of a video";
}

}  // namespace

Settings DescribeRun(const RunOptions& options, const ModelDescription& model,
                     const std::string& shard) {
  Settings settings = {
      {"Date", Now()},
      {"Model", model.name + " (" + model.short_hash + "), " + model.backbone},
      {"It says", Heads(model)},
      {"Device", model.device},
      {"Precision", Name(model.precision)},
      {"Views per picture", Views(model.plan, options.video.crops)},
      {"Scored", Frames(options.video.interval)}};
  if (!shard.empty()) settings.emplace_back("Part of the files", shard);
  settings.emplace_back("Versions", "gq-score " GRAPHIQA_VERSION ", " +
                                        TakeString(gst_version_string()) +
                                        ", OpenCV " + cv::getVersionString());
  return settings;
}

}  // namespace graphiqa
