// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_statistics.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>

#include "picture_planes.h"
#include "picture_sums.h"

namespace graphiqa {
namespace {

/// What a thread needs for a picture. Each group of sums takes its memory after
/// the other, so that it stays in the caches.
struct Workspace {
  Scratch planes, groups;
};

/// Bytes that a thread keeps from one call to the next: those of a picture of
/// a million pixels, about. New memory each time takes a fifteenth longer.
constexpr size_t kKeptBytes = size_t{16} << 20;

template <typename Sum, typename To>
void Add(Sum sum, const PicturePlanes& planes, Scratch* scratch, To* to) {
  scratch->Clear();
  sum(planes, scratch, to);
}

void Measure(const PixelView& pixels, const ColourScale& scale, int width,
             int height, Workspace* work, float* statistics) {
  work->planes.Clear();
  PicturePlanes planes(width, height, &work->planes);
  ReadPicture(pixels, scale, &planes);
  int64_t sums[kPictureSums] = {};
  double spectrum[kSpectrumColumns];
  Scratch* const scratch = &work->groups;
  Add(SumBins, planes, scratch, sums);
  Add(SumResiduals, planes, scratch, sums);
  Add(SumStructure, planes, scratch, sums);
  Add(SumPairs, planes, scratch, sums);
  Add(SumSpectrum, planes, scratch, spectrum);
  Add(SumSeams, planes, scratch, sums + kSeamCounts);
  Add(SumCopies, planes, scratch, sums + kCopyCounts);
  Add(SumShifts, planes, scratch, sums + kShiftCounts);
  Add(SumFlats, planes, scratch, sums + kFlatCounts);
  std::sort(sums + kCopyCounts, sums + kCopyCounts + kCopyShifts);
  for (int column = 0; column < kPictureStatistics; ++column) {
    statistics[column] = StatisticOf(column, sums, spectrum, width, height);
  }
}

/// [N,3,H,W] float32 on the CPU, of planes or of mixed channels.
at::Tensor Readable(const at::Tensor& images) {
  const at::Tensor pixels = images.detach().to(at::kCPU, at::kFloat);
  return pixels.is_contiguous(at::MemoryFormat::ChannelsLast)
             ? pixels
             : pixels.contiguous();
}

}  // namespace

at::Tensor PictureStatistics(const at::Tensor& images,
                             const ColourScale& scale) {
  const at::Tensor pixels = Readable(images);
  const auto height = static_cast<int>(pixels.size(2));
  const auto width = static_cast<int>(pixels.size(3));
  TORCH_CHECK(pixels.size(1) == 3 && height >= 16 && width >= 16 &&
                  height <= 8192 && width <= 8192,
              "pictures of 3 channels, 16 to 8192 pixels a side wanted");
  at::Tensor statistics =
      at::empty({pixels.size(0), kPictureStatistics}, at::kFloat);
  const float* from = pixels.const_data_ptr<float>();
  float* to = statistics.mutable_data_ptr<float>();
  at::parallel_for(0, pixels.size(0), 1, [&](int64_t begin, int64_t end) {
    thread_local Workspace work;
    for (int64_t n = begin; n < end; ++n) {
      Measure({from + n * pixels.stride(0), pixels.stride(3), pixels.stride(1)},
              scale, width, height, &work, to + n * kPictureStatistics);
    }
    if (work.planes.bytes() + work.groups.bytes() > kKeptBytes) work = {};
  });
  return statistics;
}

}  // namespace graphiqa
