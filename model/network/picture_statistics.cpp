// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_statistics.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <iterator>

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

/// The thread's own.
Workspace& ThreadsWorkspace() {
  thread_local Workspace work;
  return work;
}

void KeepLittle(Workspace* work) {
  if (work->planes.bytes() + work->groups.bytes() > kKeptBytes) *work = {};
}

/// Sums of a picture.
struct Sums {
  int64_t counts[kPictureSums] = {};
  double spectrum[kSpectrumColumns] = {};
};

/// Each sums to places of its own.
constexpr void (*kGroups[])(const PicturePlanes&, Scratch*, Sums*) = {
    [](const PicturePlanes& planes, Scratch* scratch, Sums* sums) {
      SumBins(planes, scratch, sums->counts);
    },
    [](const PicturePlanes& planes, Scratch* scratch, Sums* sums) {
      SumResiduals(planes, scratch, sums->counts);
    },
    [](const PicturePlanes& planes, Scratch* scratch, Sums* sums) {
      SumStructure(planes, scratch, sums->counts);
    },
    [](const PicturePlanes& planes, Scratch* scratch, Sums* sums) {
      SumPairs(planes, scratch, sums->counts);
    },
    [](const PicturePlanes& planes, Scratch* scratch, Sums* sums) {
      SumSpectrum(planes, scratch, sums->spectrum);
    },
    [](const PicturePlanes& planes, Scratch* scratch, Sums* sums) {
      SumSeams(planes, scratch, sums->counts + kSeamCounts);
    },
    [](const PicturePlanes& planes, Scratch* scratch, Sums* sums) {
      SumCopies(planes, scratch, sums->counts + kCopyCounts);
    },
    [](const PicturePlanes& planes, Scratch* scratch, Sums* sums) {
      SumShifts(planes, scratch, sums->counts + kShiftCounts);
    },
    [](const PicturePlanes& planes, Scratch* scratch, Sums* sums) {
      SumFlats(planes, scratch, sums->counts + kFlatCounts);
    }};

/// On all threads that are free.
void Measure(const PixelView& pixels, const ColourScale& scale, int width,
             int height, float* statistics) {
  Workspace& work = ThreadsWorkspace();
  work.planes.Clear();
  PicturePlanes planes(width, height, &work.planes);
  ReadPicture(pixels, scale, &planes);
  Sums sums;
  at::parallel_for(0, static_cast<int64_t>(std::size(kGroups)), 1,
                   [&](int64_t begin, int64_t end) {
                     Workspace& own = ThreadsWorkspace();
                     for (int64_t i = begin; i < end; ++i) {
                       own.groups.Clear();
                       kGroups[i](planes, &own.groups, &sums);
                     }
                     if (&own != &work) KeepLittle(&own);
                   });
  std::sort(sums.counts + kCopyCounts, sums.counts + kCopyCounts + kCopyShifts);
  for (int column = 0; column < kPictureStatistics; ++column) {
    statistics[column] =
        StatisticOf(column, sums.counts, sums.spectrum, width, height);
  }
  KeepLittle(&work);
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
  const auto measure = [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      Measure({from + n * pixels.stride(0), pixels.stride(3), pixels.stride(1)},
              scale, width, height, to + n * kPictureStatistics);
    }
  };
  // A picture a thread; too few of them share theirs one after the other.
  const int64_t count = pixels.size(0);
  if (count < at::get_num_threads()) {
    measure(0, count);
  } else {
    at::parallel_for(0, count, 1, measure);
  }
  return statistics;
}

}  // namespace graphiqa
