// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqaoverlaycanvas.h"

#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace graphiqa {
namespace {

constexpr double kPi = 3.14159265358979323846;

struct ReleaseObject {
  void operator()(void* object) const { g_object_unref(object); }
};
using LayoutPtr = std::unique_ptr<PangoLayout, ReleaseObject>;

double Mix(double from, double to, double share) {
  return from + (to - from) * share;
}

LayoutPtr LayOut(cairo_t* cairo, const std::string& text,
                 const Canvas::Font& font) {
  LayoutPtr layout(pango_cairo_create_layout(cairo));
  PangoFontDescription* wanted = pango_font_description_new();
  pango_font_description_set_family_static(wanted, "sans-serif");
  pango_font_description_set_weight(
      wanted, font.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size(wanted, font.size * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), wanted);
  pango_font_description_free(wanted);
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  pango_layout_set_text(layout.get(), text.c_str(),
                        static_cast<int>(text.size()));
  return layout;
}

double WidthOf(PangoLayout* layout) {
  int width = 0;
  pango_layout_get_size(layout, &width, nullptr);
  return static_cast<double>(width) / PANGO_SCALE;
}

}  // namespace

Color ScoreColor(double score) {
  static constexpr Color kBad{0.835, 0.369, 0.0};
  static constexpr Color kMiddle{0.941, 0.894, 0.259};
  static constexpr Color kGood{0.337, 0.706, 0.914};
  const double at = std::clamp((score - 30) / 25, 0.0, 2.0);
  const Color& from = at < 1 ? kBad : kMiddle;
  const Color& to = at < 1 ? kMiddle : kGood;
  const double share = at < 1 ? at : at - 1;
  return {Mix(from.red, to.red, share), Mix(from.green, to.green, share),
          Mix(from.blue, to.blue, share)};
}

Canvas::Canvas(double width, double height)
    : width_(std::max(1, static_cast<int>(std::ceil(width)))),
      height_(std::max(1, static_cast<int>(std::ceil(height)))) {
  const int stride = width_ * 4;
  const gsize size = static_cast<gsize>(stride) * static_cast<gsize>(height_);
  pixels_ = gst_buffer_new_allocate(nullptr, size, nullptr);
  if (pixels_ == nullptr || !gst_buffer_map(pixels_, &map_, GST_MAP_WRITE)) {
    gst_clear_buffer(&pixels_);
    throw std::runtime_error("no memory to draw on");
  }
  std::fill_n(map_.data, size, guint8{0});
  cairo_surface_t* surface = cairo_image_surface_create_for_data(
      map_.data, CAIRO_FORMAT_ARGB32, width_, height_, stride);
  cairo_ = cairo_create(surface);
  cairo_surface_destroy(surface);
}

Canvas::~Canvas() {
  cairo_destroy(cairo_);
  if (pixels_ == nullptr) return;
  gst_buffer_unmap(pixels_, &map_);
  gst_buffer_unref(pixels_);
}

void Canvas::SetColor(const Color& color, double alpha) {
  cairo_set_source_rgba(cairo_, color.red, color.green, color.blue, alpha);
}

void Canvas::FillBox(double x, double y, double width, double height,
                     double radius) {
  cairo_new_sub_path(cairo_);
  for (int corner = 0; corner < 4; ++corner) {
    const bool right = corner == 0 || corner == 1;
    const bool below = corner == 1 || corner == 2;
    cairo_arc(cairo_, right ? x + width - radius : x + radius,
              below ? y + height - radius : y + radius, radius,
              (corner - 1) * kPi / 2, corner * kPi / 2);
  }
  cairo_close_path(cairo_);
  cairo_fill(cairo_);
}

double Canvas::Text(const std::string& text, const Font& font, double x,
                    double baseline, double most, Align align) {
  const LayoutPtr layout = LayOut(cairo_, text, font);
  if (WidthOf(layout.get()) > most) {
    pango_layout_set_width(layout.get(),
                           static_cast<int>(std::max(most, 0.0) * PANGO_SCALE));
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  }
  const double width = std::min(WidthOf(layout.get()), std::max(most, 0.0));
  const double ascent =
      static_cast<double>(pango_layout_get_baseline(layout.get())) /
      PANGO_SCALE;
  cairo_move_to(cairo_, align == Align::kRight ? x - width : x,
                baseline - ascent);
  pango_cairo_show_layout(cairo_, layout.get());
  return width;
}

double Canvas::TextWidth(const std::string& text, const Font& font) {
  return WidthOf(LayOut(cairo_, text, font).get());
}

RectanglePtr Canvas::Finish(int x, int y, double x_scale) {
  cairo_surface_flush(cairo_get_target(cairo_));
  if (cairo_status(cairo_) != CAIRO_STATUS_SUCCESS) {
    throw std::runtime_error(std::string("drawing failed: ") +
                             cairo_status_to_string(cairo_status(cairo_)));
  }
  cairo_surface_finish(cairo_get_target(cairo_));
  gst_buffer_unmap(pixels_, &map_);
  GstBuffer* pixels = pixels_;
  pixels_ = nullptr;
  gst_buffer_add_video_meta(pixels, GST_VIDEO_FRAME_FLAG_NONE,
                            GST_VIDEO_OVERLAY_COMPOSITION_FORMAT_RGB,
                            static_cast<guint>(width_),
                            static_cast<guint>(height_));
  const long width_px = std::max(1L, std::lround(width_ * x_scale));
  RectanglePtr rectangle(gst_video_overlay_rectangle_new_raw(
      pixels, x, y, static_cast<guint>(width_px), static_cast<guint>(height_),
      GST_VIDEO_OVERLAY_FORMAT_FLAG_PREMULTIPLIED_ALPHA));
  gst_buffer_unref(pixels);
  return rectangle;
}

}  // namespace graphiqa
