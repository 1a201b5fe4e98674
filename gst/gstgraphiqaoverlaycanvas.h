// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cairo.h>
#include <gst/video/video.h>

#include <memory>
#include <string>

namespace graphiqa {

struct ReleaseMini {
  void operator()(void* object) const {
    gst_mini_object_unref(static_cast<GstMiniObject*>(object));
  }
};
using RectanglePtr = std::unique_ptr<GstVideoOverlayRectangle, ReleaseMini>;

/// Opaque red, green, blue in [0, 1].
struct Color {
  double red;
  double green;
  double blue;
};

/// From vermillion (30 and below) over yellow to sky blue (80 and above): told
/// apart also by the colour-blind (Okabe and Ito, Color Universal Design), and
/// each light enough to stand on black and carry black letters.
Color ScoreColor(double score);

/// A transparent bitmap to draw on with Cairo, in square pixels as high as the
/// picture's.
class Canvas {
 public:
  enum class Align { kLeft, kRight };

  /// A letter's height, and whether letters are bold.
  struct Font {
    double size;
    bool bold = false;
  };

  /// @throws std::runtime_error when there is no memory for it
  Canvas(double width, double height);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  void SetColor(const Color& color, double alpha = 1);
  void FillBox(double x, double y, double width, double height,
               double radius = 0);

  /// One line of text, cut with an ellipsis where it is longer than `most`.
  /// @param x         its left or, with kRight, its right edge
  /// @param baseline  where its letters stand
  /// @returns its width
  double Text(const std::string& text, const Font& font, double x,
              double baseline, double most, Align align = Align::kLeft);
  double TextWidth(const std::string& text, const Font& font);

  cairo_t* cairo() const { return cairo_; }

  /// What was drawn, to be laid over a picture. Ends the canvas.
  /// @param x, y     in the picture's pixels
  /// @param x_scale  pixels of the picture per square pixel, > 0
  RectanglePtr Finish(int x, int y, double x_scale);

 private:
  GstBuffer* pixels_;
  GstMapInfo map_;
  int width_;
  int height_;
  cairo_t* cairo_ = nullptr;
};

}  // namespace graphiqa
