// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqaoverlaypanel.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

namespace graphiqa {
namespace {

// Sizes in em, the height of the panel's text.
constexpr double kPanelWidth = 12.5;
constexpr double kPad = 0.6;
constexpr double kScoreRow = 2.0;
constexpr double kVerdictRow = 1.25;
constexpr double kCurve = 2.8;
constexpr double kGap = 0.45;

constexpr double kSmallestTextPx = 6;
constexpr double kMargin = 0.035;  ///< of the picture's height
constexpr Color kBlack{0, 0, 0};
constexpr Color kWhite{1, 1, 1};
constexpr Color kYellow{0.941, 0.894, 0.259};
constexpr Color kVermillion{0.835, 0.369, 0.0};
constexpr double kDim = 0.72;

double PanelHeight(const PanelContent& content) {
  return 2 * kPad + kScoreRow + (content.verdict ? 2 * kVerdictRow : 0) +
         (content.history != nullptr ? kGap + kCurve : 0);
}

/// Draws in em, from the panel's top left corner.
class Panel {
 public:
  Panel(const PanelContent& content, Canvas* canvas)
      : content_(content), readout_(content.readout), canvas_(*canvas) {}

  void Draw() {
    canvas_.SetColor(kBlack, 0.72);
    canvas_.FillBox(0, 0, kPanelWidth, PanelHeight(content_), 0.35);
    DrawScore();
    DrawFreshMark();
    DrawTags();
    double y = kPad + kScoreRow;
    if (content_.verdict) {
      DrawDistortion(y + 0.95);
      DrawLevel(y + kVerdictRow + 0.95);
      y += 2 * kVerdictRow;
    }
    if (content_.history != nullptr) DrawCurve(y + kGap);
  }

 private:
  static constexpr double kLeft = kPad;
  static constexpr double kRight = kPanelWidth - kPad;
  static constexpr double kWidth = kRight - kLeft;

  void DrawScore() {
    const double baseline = kPad + 1.62;
    const bool old = !readout_.state.empty();
    const Color color = readout_.score ? ScoreColor(*readout_.score) : kWhite;
    canvas_.SetColor(color, old ? kDim : 1);
    double x = kLeft;
    x += canvas_.Text(readout_.score ? std::to_string(*readout_.score) : "--",
                      {2.2, true}, x, baseline, kWidth);
    if (!readout_.uncertainty) return;
    canvas_.SetColor(kWhite, kDim);
    canvas_.Text("±" + std::to_string(*readout_.uncertainty), {1, false},
                 x + 0.25, baseline, kWidth);
  }

  /// Full where the score is of this very frame, hollow else.
  void DrawFreshMark() {
    cairo_t* cairo = canvas_.cairo();
    canvas_.SetColor(kWhite, kDim);
    cairo_set_line_width(cairo, 0.12);
    cairo_new_path(cairo);
    cairo_arc(cairo, kRight - 0.25, kPad + 0.27, 0.21, 0, 7);
    cairo_stroke_preserve(cairo);
    if (readout_.fresh) {
      cairo_fill(cairo);
    } else {
      cairo_new_path(cairo);
    }
  }

  void DrawTags() {
    double y = kPad - 0.15;
    if (!readout_.state.empty()) {
      DrawTag(readout_.state, readout_.fault ? kVermillion : kWhite, y);
      y += 1.1;
    }
    if (!readout_.picture.empty()) DrawTag(readout_.picture, kYellow, y);
  }

  void DrawTag(const std::string& text, const Color& color, double y) {
    const Canvas::Font font{0.7, true};
    const double width = canvas_.TextWidth(text, font) + 0.5;
    const double right = kRight - 0.8;
    canvas_.SetColor(color);
    canvas_.FillBox(right - width, y, width, 0.95, 0.15);
    canvas_.SetColor(kBlack);
    canvas_.Text(text, font, right - width + 0.25, y + 0.73, width);
  }

  void DrawDistortion(double baseline) {
    double used = 0;
    if (readout_.confidence_percent) {
      canvas_.SetColor(kWhite, kDim);
      used = canvas_.Text(std::to_string(*readout_.confidence_percent) + " %",
                          {0.85, false}, kRight, baseline, kWidth,
                          Canvas::Align::kRight);
    }
    // The longest names of types are written smaller.
    const double most = kWidth - used - 0.4;
    const double width = canvas_.TextWidth(readout_.distortion, {0.95, true});
    const double size = 0.95 * std::clamp(most / (width + 0.1), 0.68, 1.0);
    canvas_.SetColor(kWhite);
    canvas_.Text(readout_.distortion, {size, true}, kLeft, baseline, most);
  }

  /// Five boxes, filled as far as the level goes, and the number.
  void DrawLevel(double baseline) {
    if (!readout_.level_tenths) return;
    const double level = *readout_.level_tenths / 10.0;
    canvas_.SetColor(kWhite, kDim);
    canvas_.Text("level", {0.85, false}, kLeft, baseline, 3);
    const double step = (kWidth - 5) / 5;
    for (int i = 0; i < 5; ++i) {
      const double x = kLeft + 3 + i * step;
      const double width = step - 0.15;
      canvas_.SetColor(kWhite, 0.22);
      canvas_.FillBox(x, baseline - 0.62, width, 0.6);
      canvas_.SetColor(ScoreColor(80 - 10 * level));
      canvas_.FillBox(x, baseline - 0.62,
                      width * std::clamp(level - i, 0.0, 1.0), 0.6);
    }
    char text[16];
    snprintf(text, sizeof text, "%.1f", level);
    canvas_.SetColor(kWhite);
    canvas_.Text(text, {0.95, true}, kRight, baseline, 2,
                 Canvas::Align::kRight);
  }

  double CurveX(const ScoreHistory::Point& point) const {
    const double age = static_cast<double>(content_.column) -
                       static_cast<double>(point.column);
    return kRight - kWidth * age / static_cast<double>(ScoreHistory::kColumns);
  }

  void DrawCurve(double top) {
    canvas_.SetColor(kWhite, 0.10);
    canvas_.FillBox(kLeft, top, kWidth, kCurve);
    canvas_.SetColor(kWhite, 0.25);
    for (const double share : {0.25, 0.5, 0.75}) {
      canvas_.FillBox(kLeft, top + kCurve * share - 0.02, kWidth, 0.04);
    }
    char text[32];
    snprintf(text, sizeof text, "%g s",
             static_cast<double>(content_.history->length()) / GST_SECOND);
    canvas_.SetColor(kWhite, kDim);
    canvas_.Text(text, {0.62, false}, kLeft + 0.2, top + kCurve - 0.2, kWidth);
    cairo_t* cairo = canvas_.cairo();
    cairo_save(cairo);
    cairo_rectangle(cairo, kLeft, top, kWidth, kCurve);
    cairo_clip(cairo);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    DrawPieces(top);
    cairo_restore(cairo);
  }

  /// Piece by piece, each in the colour of its score, around it the
  /// uncertainty; a single result is a dot.
  void DrawPieces(double top) {
    const auto y = [top](double score) {
      return top + kCurve * (1 - std::clamp(score, 0.0, 100.0) / 100);
    };
    const auto& points = content_.history->points();
    cairo_t* cairo = canvas_.cairo();
    for (size_t i = 0; i < points.size(); ++i) {
      const auto& to = points[i];
      const auto& from = to.joined && i > 0 ? points[i - 1] : to;
      canvas_.SetColor(kWhite, 0.28);
      cairo_move_to(cairo, CurveX(from), y(from.score + from.uncertainty));
      cairo_line_to(cairo, CurveX(to), y(to.score + to.uncertainty));
      cairo_line_to(cairo, CurveX(to), y(to.score - to.uncertainty));
      cairo_line_to(cairo, CurveX(from), y(from.score - from.uncertainty));
      cairo_close_path(cairo);
      cairo_fill(cairo);
    }
    cairo_set_line_width(cairo, 0.16);
    for (size_t i = 0; i < points.size(); ++i) {
      const auto& to = points[i];
      const auto& from = to.joined && i > 0 ? points[i - 1] : to;
      canvas_.SetColor(ScoreColor((from.score + to.score) / 2));
      cairo_move_to(cairo, CurveX(from), y(from.score));
      cairo_line_to(cairo, CurveX(to), y(to.score));
      cairo_stroke(cairo);
    }
  }

  const PanelContent& content_;
  const Readout& readout_;
  Canvas& canvas_;
};

/// Even, so that it starts on a sample of subsampled chroma.
int Even(double value) {
  return std::max(0, static_cast<int>(std::lround(value)) / 2 * 2);
}

struct Corner {
  int x;
  int y;
};

Corner CornerOf(double width, double height, const OverlayPicture& picture,
                OverlayPosition position) {
  const bool right = position == OverlayPosition::kTopRight ||
                     position == OverlayPosition::kBottomRight;
  const bool below = position == OverlayPosition::kBottomLeft ||
                     position == OverlayPosition::kBottomRight;
  const double margin = kMargin * std::min(picture.height(), picture.width());
  const double x = right ? picture.width() - margin - width : margin;
  const double y = below ? picture.height() - margin - height : margin;
  return {Even(x * picture.x_scale), Even(y)};
}

/// Half the picture's width, an eighth of its height.
RectanglePtr DrawBar(const Readout& readout, const OverlayPicture& picture,
                     OverlayPosition position) {
  const double width = picture.width() / 2;
  const double height = std::max(2.0, std::floor(picture.height() / 8));
  Canvas canvas(width, height);
  canvas.SetColor(kBlack);
  canvas.FillBox(0, 0, width, height);
  if (readout.score) {
    canvas.SetColor(ScoreColor(*readout.score));
    canvas.FillBox(0, 0, width * *readout.score / 100, height);
  }
  const Corner corner = CornerOf(width, height, picture, position);
  return canvas.Finish(corner.x, corner.y, picture.x_scale);
}

}  // namespace

bool PixelBox::operator==(const PixelBox& other) const {
  return x == other.x && y == other.y && width == other.width &&
         height == other.height;
}

PixelBox BoxOf(GstVideoOverlayRectangle* rectangle) {
  PixelBox box;
  guint width = 0;
  guint height = 0;
  gst_video_overlay_rectangle_get_render_rectangle(rectangle, &box.x, &box.y,
                                                   &width, &height);
  box.width = static_cast<int>(width);
  box.height = static_cast<int>(height);
  return box;
}

double OverlayPicture::Em() const {
  return size * 0.034 * std::min(height(), width() * 0.85);
}

RectanglePtr DrawPanel(const PanelContent& content,
                       const OverlayPicture& picture,
                       OverlayPosition position) {
  const double room = 1 - 2 * kMargin;
  const double em =
      std::min({picture.Em(), picture.width() * room / kPanelWidth,
                picture.height() * room / PanelHeight(content)});
  if (em < kSmallestTextPx) return DrawBar(content.readout, picture, position);
  const double width = em * kPanelWidth;
  const double height = em * PanelHeight(content);
  Canvas canvas(width, height);
  cairo_scale(canvas.cairo(), em, em);
  Panel(content, &canvas).Draw();
  const Corner corner = CornerOf(width, height, picture, position);
  return canvas.Finish(corner.x, corner.y, picture.x_scale);
}

}  // namespace graphiqa
