// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "scorer.h"

#include <cstring>
#include <utility>

namespace graphiqa {
namespace {

bool Inside(const View& view, int width, int height) {
  return view.x >= 0 && view.y >= 0 && view.width > 0 && view.height > 0 &&
         view.width <= width - view.x && view.height <= height - view.y;
}

ViewPixels CutView(const View& view, const uint8_t* rgb, size_t stride_bytes) {
  const size_t row_bytes = static_cast<size_t>(view.width) * 3;
  ViewPixels pixels;
  pixels.view = view;
  pixels.rgb.resize(row_bytes * static_cast<size_t>(view.height));
  for (int row = 0; row < view.height; ++row) {
    const uint8_t* from = rgb +
                          static_cast<size_t>(view.y + row) * stride_bytes +
                          static_cast<size_t>(view.x) * 3;
    std::memcpy(pixels.rgb.data() + static_cast<size_t>(row) * row_bytes, from,
                row_bytes);
  }
  return pixels;
}

}  // namespace

std::vector<ViewPixels> CutViews(const std::vector<View>& views,
                                 const uint8_t* rgb, int width, int height,
                                 size_t stride_bytes) {
  if (stride_bytes < static_cast<size_t>(width) * 3) {
    throw Error(ErrorCode::kUsage, "row stride of " +
                                       std::to_string(stride_bytes) +
                                       " bytes is shorter than " +
                                       std::to_string(width) + " RGB pixels");
  }
  std::vector<ViewPixels> pixels;
  pixels.reserve(views.size());
  for (const View& view : views) {
    if (!Inside(view, width, height)) {
      throw Error(ErrorCode::kUsage,
                  "view at " + std::to_string(view.x) + "," +
                      std::to_string(view.y) + " leaves the picture of " +
                      std::to_string(width) + "x" + std::to_string(height));
    }
    pixels.push_back(CutView(view, rgb, stride_bytes));
  }
  return pixels;
}

std::future<QualityResult> Scorer::Submit(std::vector<ViewPixels> views) {
  auto promise = std::make_shared<std::promise<QualityResult>>();
  std::future<QualityResult> future = promise->get_future();
  Submit(std::move(views),
         [promise](const QualityResult* result, const Error* error) {
           if (result != nullptr) {
             promise->set_value(*result);
           } else {
             promise->set_exception(std::make_exception_ptr(*error));
           }
         });
  return future;
}

QualityResult Scorer::ScorePicture(const uint8_t* rgb, int width, int height,
                                   size_t stride_bytes, uint64_t frame_number,
                                   int crops) {
  const std::vector<View> views =
      PlanViews(model().plan, width, height, frame_number, crops);
  return Submit(CutViews(views, rgb, width, height, stride_bytes)).get();
}

}  // namespace graphiqa
