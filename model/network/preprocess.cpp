// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "preprocess.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

#include "area_filter.h"
#include "clones.h"
#include "view_pixels.h"

namespace graphiqa {
namespace {

constexpr int kColours = 3;

/// Source index of output position `i`: reflection without the edge pixel,
/// repeated as often as needed (period 2 * (length - 1)).
int Mirror(int i, int length) {
  if (length == 1) return 0;
  const int period = 2 * (length - 1);
  const int phase = i % period;
  return phase < length ? phase : period - phase;
}

/// to[i] = from[i] * factors[i] + offsets[i]
GRAPHIQA_CLONES void ScaleRow(const uint8_t* __restrict from,
                              const float* __restrict factors,
                              const float* __restrict offsets, int count,
                              float* __restrict to) {
  for (int i = 0; i < count; ++i) {
    to[i] = static_cast<float>(from[i]) * factors[i] + offsets[i];
  }
}

/// Writes views as rows of packed standardised RGB, [S][S][3].
class ViewWriter {
 public:
  explicit ViewWriter(const InputInfo& input)
      : size_(input.views.view_size_px) {
    for (int i = 0; i < size_ * kColours; ++i) {
      const auto c = static_cast<size_t>(i % kColours);
      factors_.push_back(1 / (255 * input.std[c]));
      offsets_.push_back(-input.mean[c] / input.std[c]);
    }
  }

  /// @throws Error(kUsage) when the pixels do not fit the view
  void Write(const ViewPixels& pixels, float* to) const {
    CheckPixels(pixels, size_);
    if (pixels.view.kind == ViewKind::kWhole && !pixels.scaled) {
      WriteScaled(pixels, to);
    } else if (pixels.scaled) {
      WriteMirrored(pixels.rgb.data(), size_, size_, to);
    } else {
      WriteMirrored(pixels.rgb.data(), pixels.view.width, pixels.view.height,
                    to);
    }
  }

 private:
  float* RowOf(float* to, int y) const {
    return to + static_cast<ptrdiff_t>(y) * size_ * kColours;
  }

  /// Mirrored to the right and the bottom where the pixels are fewer than the
  /// network takes, cut where they are more.
  void WriteMirrored(const uint8_t* rgb, int width, int height,
                     float* to) const {
    std::vector<uint8_t> mirrored(static_cast<size_t>(size_) * kColours);
    for (int y = 0; y < size_; ++y) {
      const uint8_t* row =
          rgb + static_cast<ptrdiff_t>(Mirror(y, height)) * width * kColours;
      if (width < size_) {
        for (int x = 0; x < size_; ++x) {
          std::copy_n(row + kColours * Mirror(x, width), kColours,
                      mirrored.data() + kColours * x);
        }
        row = mirrored.data();
      }
      ScaleRow(row, factors_.data(), offsets_.data(), size_ * kColours,
               RowOf(to, y));
    }
  }

  void WriteScaled(const ViewPixels& pixels, float* to) const {
    const View& view = pixels.view;
    const AxisTaps down = AreaTaps(0, view.height, view.height, size_);
    const AxisTaps across = AreaTaps(0, view.width, view.width, size_);
    const PlaneRows rows{pixels.rgb.data(),
                         static_cast<ptrdiff_t>(view.width) * kColours, 1, 0,
                         view.width * kColours};
    std::vector<float> columns(static_cast<size_t>(size_) * AreaFilter::kRows);
    AreaFilter filter;
    for (int first = 0; first < size_; first += AreaFilter::kRows) {
      filter.Down(rows, down, first);
      for (int c = 0; c < kColours; ++c) {
        filter.Across(kColours, c, across, columns.data());
        WriteColumns(columns.data(), first, c, to);
      }
    }
  }

  /// One colour of the rows from `first` on.
  void WriteColumns(const float* columns, int first, int colour,
                    float* to) const {
    const float factor = factors_[static_cast<size_t>(colour)];
    const float offset = offsets_[static_cast<size_t>(colour)];
    const int rows = std::min(AreaFilter::kRows, size_ - first);
    for (int r = 0; r < rows; ++r) {
      float* const row = RowOf(to, first + r) + colour;
      for (int x = 0; x < size_; ++x) {
        row[x * kColours] =
            columns[x * AreaFilter::kRows + r] * factor + offset;
      }
    }
  }

  const int size_;
  // Of a row of packed RGB.
  std::vector<float> factors_;
  std::vector<float> offsets_;
};

}  // namespace

at::Tensor PreprocessView(const ViewPixels& pixels, const InputInfo& input) {
  const int64_t size = input.views.view_size_px;
  at::Tensor packed = at::empty({size, size, kColours}, at::kFloat);
  ViewWriter(input).Write(pixels, packed.mutable_data_ptr<float>());
  return packed.permute({2, 0, 1}).contiguous();
}

void PreprocessViews(const std::vector<const ViewPixels*>& views,
                     const InputInfo& input, at::Tensor* batch) {
  const int64_t size = input.views.view_size_px;
  const auto count = static_cast<int64_t>(views.size());
  if (!batch->defined() || batch->size(0) != count) {
    *batch = at::empty({count, size, size, kColours}, at::kFloat)
                 .permute({0, 3, 1, 2});
  }
  auto* const to = batch->mutable_data_ptr<float>();
  const ViewWriter writer(input);
  at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      writer.Write(*views[static_cast<size_t>(i)],
                   to + i * size * size * kColours);
    }
  });
}

at::Tensor PreprocessViews(const std::vector<ViewPixels>& views,
                           const InputInfo& input) {
  std::vector<const ViewPixels*> pointers;
  for (const ViewPixels& view : views) pointers.push_back(&view);
  at::Tensor batch;
  PreprocessViews(pointers, input, &batch);
  return batch;
}

}  // namespace graphiqa
