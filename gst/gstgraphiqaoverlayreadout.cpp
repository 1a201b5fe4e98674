// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqaoverlayreadout.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "gst/graphiqa/gstgraphiqameta.h"

namespace graphiqa {
namespace {

/// From this age on a held result is said to be old.
constexpr GstClockTime kOldResult = GST_SECOND;

std::optional<int> Rounded(double value, double most) {
  if (!std::isfinite(value)) return std::nullopt;
  return static_cast<int>(std::lround(std::clamp(value, 0.0, most)));
}

/// "HELD 3 s" from one second on; the mark of a fresh result tells the rest.
std::string HeldText(const GstStructure* fields) {
  GstClockTime age = 0;
  if (!gst_graphiqa_meta_get_age(fields, &age) || age < kOldResult) return "";
  return "HELD " + std::to_string(age / GST_SECOND) + " s";
}

void ReadState(const GstStructure* fields, Readout* readout) {
  const gchar* state = gst_graphiqa_meta_get_state(fields);
  if (state == nullptr) return;
  readout->fresh = strcmp(state, "fresh") == 0;
  readout->fault = strcmp(state, "failed") == 0;
  if (readout->fault) readout->state = "FAILED";
  if (strcmp(state, "held") == 0) readout->state = HeldText(fields);
  if (strcmp(state, "skipped") == 0) readout->state = "NO SCORE YET";
}

void ReadDistortion(const GstStructure* fields, Readout* readout) {
  double confidence = std::nan("");
  const gchar* name =
      gst_graphiqa_meta_get_distortion(fields, nullptr, &confidence);
  if (name == nullptr) return;
  readout->distortion = strcmp(name, "none") == 0 ? "no distortion" : name;
  std::replace(readout->distortion.begin(), readout->distortion.end(), '-',
               ' ');
  readout->confidence_percent = Rounded(100 * confidence, 100);
}

bool InPicture(const GstGraphiqaView& view) {
  // Written so that not-a-number fails, too.
  return view.x >= 0 && view.y >= 0 && view.width > 0 && view.height > 0 &&
         view.x + view.width <= 1.001 && view.y + view.height <= 1.001;
}

}  // namespace

bool Readout::operator==(const Readout& other) const {
  return score == other.score && uncertainty == other.uncertainty &&
         fresh == other.fresh && state == other.state && fault == other.fault &&
         picture == other.picture && distortion == other.distortion &&
         confidence_percent == other.confidence_percent &&
         level_tenths == other.level_tenths;
}

bool HeatArea::operator==(const HeatArea& other) const {
  return x == other.x && y == other.y && width == other.width &&
         height == other.height && score == other.score;
}

Readout ReadoutOf(const GstStructure* fields) {
  Readout readout;
  double value = 0;
  if (gst_graphiqa_meta_get_score(fields, &value)) {
    readout.score = Rounded(value, 100);
  }
  if (gst_graphiqa_meta_get_uncertainty(fields, &value)) {
    readout.uncertainty = Rounded(value, 100);
  }
  if (gst_graphiqa_meta_get_level(fields, &value)) {
    readout.level_tenths = Rounded(10 * value, 50);
  }
  ReadState(fields, &readout);
  const gchar* picture = gst_graphiqa_meta_get_picture(fields);
  if (picture != nullptr && strcmp(picture, "normal") != 0) {
    for (const char* at = picture; *at != '\0'; ++at) {
      readout.picture += g_ascii_toupper(*at);
    }
  }
  ReadDistortion(fields, &readout);
  return readout;
}

std::vector<HeatArea> HeatAreasOf(const GstStructure* fields) {
  std::vector<HeatArea> areas;
  const guint count = gst_graphiqa_meta_get_n_views(fields);
  for (guint i = 0; i < count; ++i) {
    GstGraphiqaView view;
    if (!gst_graphiqa_meta_get_view(fields, i, &view)) continue;
    const std::optional<int> score = Rounded(view.score, 100);
    if (!score || !InPicture(view)) continue;
    areas.push_back({view.x, view.y, view.width, view.height, *score});
  }
  return areas;
}

}  // namespace graphiqa
