// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "preprocess.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <vector>

namespace graphiqa {
namespace {

/// Source index of output position `i`: reflection without the edge pixel,
/// repeated as often as needed (period 2 * (length - 1)).
int Mirror(int i, int length) {
  if (length == 1) return 0;
  const int period = 2 * (length - 1);
  const int phase = i % period;
  return phase < length ? phase : period - phase;
}

/// [3,S,S] uint8 planes of a native view, mirrored to the right and the
/// bottom where it is smaller than S, cut where it is larger.
void FillNative(const ViewPixels& pixels, int size, uint8_t* planes) {
  const int width = pixels.view.width;
  const int height = pixels.view.height;
  std::vector<int> columns(static_cast<size_t>(size));
  for (int x = 0; x < size; ++x) {
    columns[static_cast<size_t>(x)] = 3 * Mirror(x, width);
  }
  const size_t plane = static_cast<size_t>(size) * static_cast<size_t>(size);
  for (int y = 0; y < size; ++y) {
    const uint8_t* row =
        pixels.rgb.data() +
        static_cast<size_t>(Mirror(y, height)) * static_cast<size_t>(width) * 3;
    uint8_t* out = planes + static_cast<size_t>(y) * static_cast<size_t>(size);
    for (int x = 0; x < size; ++x) {
      const uint8_t* pixel = row + columns[static_cast<size_t>(x)];
      out[x] = pixel[0];
      out[plane + static_cast<size_t>(x)] = pixel[1];
      out[2 * plane + static_cast<size_t>(x)] = pixel[2];
    }
  }
}

at::Tensor NativeBytes(const ViewPixels& pixels, int size) {
  at::Tensor planes = at::empty({3, size, size}, at::kByte);
  FillNative(pixels, size, planes.data_ptr<uint8_t>());
  return planes.to(at::kFloat);
}

/// The scaling works in float: LibTorch's 8-bit kernel rounds differently
/// from one instruction set to the next.
at::Tensor WholeBytes(const ViewPixels& pixels, int size) {
  const at::Tensor packed =
      at::from_blob(const_cast<uint8_t*>(pixels.rgb.data()),
                    {pixels.view.height, pixels.view.width, 3}, at::kByte);
  const at::Tensor planes =
      packed.permute({2, 0, 1}).unsqueeze(0).to(at::kFloat).contiguous();
  return at::_upsample_bilinear2d_aa(planes, {size, size},
                                     /*align_corners=*/false)
      .squeeze(0);
}

at::Tensor Channels(const std::array<float, 3>& values) {
  return at::tensor({values[0], values[1], values[2]}, at::kFloat)
      .view({3, 1, 1});
}

}  // namespace

void CheckPixels(const ViewPixels& pixels) {
  const View& view = pixels.view;
  const bool sized = view.width > 0 && view.height > 0;
  const size_t wanted = sized ? static_cast<size_t>(view.width) *
                                    static_cast<size_t>(view.height) * 3
                              : 0;
  if (!sized || pixels.rgb.size() != wanted) {
    throw Error(ErrorCode::kUsage,
                "view of " + std::to_string(view.width) + "x" +
                    std::to_string(view.height) + " pixels needs " +
                    std::to_string(wanted) + " bytes of RGB, got " +
                    std::to_string(pixels.rgb.size()));
  }
}

at::Tensor PreprocessView(const ViewPixels& pixels, const InputInfo& input) {
  CheckPixels(pixels);
  const at::NoGradGuard no_grad;
  const int size = input.views.view_size_px;
  at::Tensor image = pixels.view.kind == ViewKind::kWhole
                         ? WholeBytes(pixels, size)
                         : NativeBytes(pixels, size);
  return image.div_(255.0).sub_(Channels(input.mean)).div_(Channels(input.std));
}

at::Tensor PreprocessViews(const std::vector<ViewPixels>& views,
                           const InputInfo& input) {
  const int size = input.views.view_size_px;
  at::Tensor batch =
      at::empty({static_cast<int64_t>(views.size()), 3, size, size},
                at::TensorOptions(at::kFloat)
                    .memory_format(at::MemoryFormat::ChannelsLast));
  for (size_t i = 0; i < views.size(); ++i) {
    batch[static_cast<int64_t>(i)].copy_(PreprocessView(views[i], input));
  }
  return batch;
}

}  // namespace graphiqa
