// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "staging.h"

#include <ATen/Functions.h>

#include <cstring>

#include "cuda_check.h"
#include "element.h"
#include "view_pixels.h"

namespace graphiqa::cuda {
namespace {

/// Tables kept for later batches; a table takes some 10 kB.
constexpr size_t kMostTables = 64;
constexpr size_t kAlignment = 16;

size_t Aligned(size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

size_t BytesOf(const FilterTable& table) {
  return table.spans.size() * sizeof(FilterSpan) +
         table.weights.size() * sizeof(float);
}

void WriteTable(const FilterTable& table, uint8_t* memory) {
  const size_t spans = table.spans.size() * sizeof(FilterSpan);
  std::memcpy(memory, table.spans.data(), spans);
  std::memcpy(memory + spans, table.weights.data(),
              table.weights.size() * sizeof(float));
}

}  // namespace

Staging::Staging(const InputInfo& input, int device)
    : size_(input.views.view_size_px), device_(device) {
  for (size_t c = 0; c < 3; ++c) {
    normalisation_.mean[c] = input.mean[c];
    normalisation_.std[c] = input.std[c];
  }
}

size_t Staging::CountFitting(const std::vector<const ViewPixels*>& views,
                             size_t first, size_t last) {
  size_t bytes = views[first]->rgb.size();
  size_t end = first + 1;
  while (end < last && bytes + views[end]->rgb.size() <= kMostBytes) {
    bytes += views[end++]->rgb.size();
  }
  return end - first;
}

const FilterTable& Staging::Table(int length) {
  const auto known = tables_.find(length);
  if (known != tables_.end()) return known->second;
  if (tables_.size() >= kMostTables) tables_.clear();
  return tables_[length] = MakeFilterTable(length, size_);
}

/// Descriptors, tables, pixels, in this order. Fills descriptors_ and placed_.
/// @returns bytes in all
size_t Staging::PlanLayout(const std::vector<const ViewPixels*>& views,
                           size_t first, size_t count) {
  descriptors_.assign(count, {});
  placed_.clear();
  size_t bytes = Aligned(count * sizeof(ViewDescriptor));
  const auto place = [&](int length, int64_t* offset, int32_t* taps) {
    const FilterTable& table = Table(length);
    const auto [entry, fresh] =
        placed_.emplace(length, static_cast<int64_t>(bytes));
    if (fresh) bytes += Aligned(BytesOf(table));
    *offset = entry->second;
    *taps = table.taps;
  };
  for (size_t i = 0; i < count; ++i) {
    const ViewPixels& pixels = *views[first + i];
    CheckPixels(pixels, size_);
    ViewDescriptor& view = descriptors_[i];
    view.width = pixels.scaled ? size_ : pixels.view.width;
    view.height = pixels.scaled ? size_ : pixels.view.height;
    if (pixels.view.kind != ViewKind::kWhole || pixels.scaled) continue;
    place(view.width, &view.columns, &view.column_taps);
    place(view.height, &view.rows, &view.row_taps);
  }
  for (size_t i = 0; i < count; ++i) {
    descriptors_[i].pixels = static_cast<int64_t>(bytes);
    bytes += views[first + i]->rgb.size();
  }
  return bytes;
}

void Staging::Pack(const std::vector<const ViewPixels*>& views, size_t first,
                   uint8_t* memory) {
  std::memcpy(memory, descriptors_.data(),
              descriptors_.size() * sizeof(ViewDescriptor));
  for (const auto& [length, offset] : placed_) {
    WriteTable(Table(length), memory + offset);
  }
  for (size_t i = 0; i < descriptors_.size(); ++i) {
    const std::vector<uint8_t>& rgb = views[first + i]->rgb;
    std::memcpy(memory + descriptors_[i].pixels, rgb.data(), rgb.size());
  }
}

void Staging::Load(const std::vector<const ViewPixels*>& views, size_t first,
                   size_t count, cudaStream_t stream, at::Tensor* batch) {
  Slot& slot = slots_[next_];
  next_ = 1 - next_;
  const size_t bytes = PlanLayout(views, first, count);
  slot.copied.Wait();
  slot.host.Reserve(bytes);
  Pack(views, first, slot.host.data());
  if (!slot.device.defined() || slot.device.nbytes() < bytes) {
    slot.device = at::Tensor();
    slot.device = at::empty({static_cast<int64_t>(slot.host.size())},
                            at::TensorOptions(at::kByte).device(
                                at::kCUDA, static_cast<int8_t>(device_)));
  }
  auto* staged = slot.device.data_ptr<uint8_t>();
  GRAPHIQA_CUDA_CHECK(cudaMemcpyAsync(staged, slot.host.data(), bytes,
                                      cudaMemcpyHostToDevice, stream));
  slot.copied.Record(stream);
  GRAPHIQA_CUDA_CHECK(Preprocess(staged, static_cast<int>(count), size_,
                                 normalisation_, ElementOf(*batch),
                                 batch->data_ptr(), stream));
}

}  // namespace graphiqa::cuda
