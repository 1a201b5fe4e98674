// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqaoverlaypainter.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "gst/graphiqa/gstgraphiqameta.h"

namespace graphiqa {
namespace {

/// Of a frame that tells nothing about time.
constexpr GstClockTime kFrameTime = GST_SECOND / 25;

OverlayPicture PictureOf(const GstVideoInfo& info, double size) {
  OverlayPicture picture;
  picture.width_px = GST_VIDEO_INFO_WIDTH(&info);
  picture.height_px = GST_VIDEO_INFO_HEIGHT(&info);
  picture.size = size;
  const double n = GST_VIDEO_INFO_PAR_N(&info);
  const double d = GST_VIDEO_INFO_PAR_D(&info);
  // Within what is real, so that odd caps cannot ask for a huge bitmap.
  if (n > 0 && d > 0) picture.x_scale = std::clamp(d / n, 0.25, 4.0);
  return picture;
}

}  // namespace

bool OverlaySettings::operator==(const OverlaySettings& other) const {
  return position == other.position && size == other.size &&
         history == other.history && show_heatmap == other.show_heatmap;
}

bool OverlayPainter::PanelKey::operator==(const PanelKey& other) const {
  return readout == other.readout && verdict == other.verdict &&
         column == other.column && revision == other.revision;
}

void OverlayPainter::Reset() { *this = OverlayPainter(); }

/// Whatever depends on size or settings is drawn anew when they change.
void OverlayPainter::Adopt(const GstVideoInfo& info,
                           const OverlaySettings& settings) {
  const OverlayPicture picture = PictureOf(info, settings.size);
  if (settings == settings_ && picture.width_px == picture_.width_px &&
      picture.height_px == picture_.height_px &&
      picture.x_scale == picture_.x_scale && picture.size == picture_.size) {
    return;
  }
  settings_ = settings;
  picture_ = picture;
  panel_key_.reset();
  areas_.clear();
  heat_.clear();
  composition_.reset();
}

/// A result counts once, by the frame that it is of: frames that hold it follow
/// and, where results come late, only such frames carry it.
void OverlayPainter::Remember(const GstStructure* fields, GstClockTime now) {
  double score = 0;
  double uncertainty = 0;
  GstClockTime scored = GST_CLOCK_TIME_NONE;
  const gchar* state = gst_graphiqa_meta_get_state(fields);
  if (state != nullptr && strcmp(state, "failed") == 0) history_.Break();
  if (!gst_graphiqa_meta_get_score(fields, &score)) return;
  gst_graphiqa_meta_get_uncertainty(fields, &uncertainty);
  if (!gst_graphiqa_meta_get_scored_pts(fields, &scored)) {
    if (state == nullptr || strcmp(state, "fresh") != 0) return;
    scored = now;
  }
  if (scored == last_result_) return;
  last_result_ = scored;
  history_.Add(scored, score, uncertainty);
}

void OverlayPainter::UpdatePanel(const GstStructure* fields, GstClockTime now) {
  history_.SetLength(settings_.history);
  Remember(fields, now);
  history_.Advance(now);
  PanelContent content;
  content.readout = ReadoutOf(fields);
  verdict_ = verdict_ || !content.readout.distortion.empty() ||
             content.readout.level_tenths.has_value();
  content.verdict = verdict_;
  const bool curve = settings_.history > 0;
  content.history = curve ? &history_ : nullptr;
  content.column = curve ? history_.ColumnOf(now) : 0;
  PanelKey key{content.readout, content.verdict, content.column,
               curve ? history_.revision() : 0};
  if (panel_key_ && key == *panel_key_) return;
  panel_ = DrawPanel(content, picture_, settings_.position);
  panel_key_ = std::move(key);
  composition_.reset();
}

void OverlayPainter::UpdateHeat(const GstStructure* fields) {
  std::vector<HeatArea> areas;
  if (settings_.show_heatmap) areas = HeatAreasOf(fields);
  const PixelBox panel = BoxOf(panel_.get());
  if (areas == areas_ && (areas.empty() || panel == spared_)) return;
  heat_ = DrawHeatMap(areas, picture_, panel);
  spared_ = panel;
  areas_ = std::move(areas);
  composition_.reset();
}

/// The panel above the heat map.
void OverlayPainter::Compose() {
  composition_.reset(gst_video_overlay_composition_new(nullptr));
  for (const RectanglePtr& rectangle : heat_) {
    gst_video_overlay_composition_add_rectangle(composition_.get(),
                                                rectangle.get());
  }
  gst_video_overlay_composition_add_rectangle(composition_.get(), panel_.get());
}

CompositionPtr OverlayPainter::Paint(const GstVideoInfo& info,
                                     const GstStructure* fields,
                                     GstClockTime time,
                                     const OverlaySettings& settings) {
  now_ = GST_CLOCK_TIME_IS_VALID(time) ? time : now_ + kFrameTime;
  Adopt(info, settings);
  UpdatePanel(fields, now_);
  UpdateHeat(fields);
  if (!composition_) Compose();
  return CompositionPtr(gst_video_overlay_composition_ref(composition_.get()));
}

}  // namespace graphiqa
