// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "tile_plan.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <c10/util/floating_point_utils.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "network/pooling.h"
#include "network/rows.h"
#include "tiles_available.h"
#include "vector_conv.h"

namespace graphiqa {
namespace {

bool IsDepthwise(const PlanOp& op) { return op.groups > 1; }

bool Same(const std::vector<int64_t>& values, int64_t wanted) {
  return std::all_of(values.begin(), values.end(),
                     [wanted](int64_t value) { return value == wanted; });
}

/// The kernels of RunDepthwiseAvx512().
bool CanRunDepthwise(const PlanOp& op) {
  const auto sizes = op.weight.sizes();
  const int64_t stride = op.stride[0];
  return op.groups == sizes[0] && sizes[1] == 1 && sizes[2] == sizes[3] &&
         (sizes[2] == 3 || sizes[2] == 5) && (stride == 1 || stride == 2) &&
         Same(op.stride, stride) && op.inputs.size() == 1;
}

bool CanRunOp(const PlanGraph& graph, const PlanOp& op) {
  if (!Same(op.dilation, 1)) return false;
  if (op.kind == PlanOpKind::kMaxPool) {
    return IsNotNegative(graph, op.inputs[0]);
  }
  return op.kind == PlanOpKind::kConv &&
         (!IsDepthwise(op) || CanRunDepthwise(op));
}

template <typename Kernel>
void SetBounds(const PlanOp& op, Kernel* kernel) {
  constexpr double kAll = std::numeric_limits<double>::infinity();
  kernel->low = static_cast<float>(op.clamped ? op.low : -kAll);
  kernel->high = static_cast<float>(op.clamped ? op.high : kAll);
}

at::Tensor Floats(const at::Tensor& tensor) {
  return tensor.to(at::kFloat).contiguous();
}

at::Tensor BiasOf(const PlanOp& op) {
  return op.bias.defined() ? Floats(op.bias) : at::zeros({op.weight.size(0)});
}

template <typename Value>
TileDepthwise MakeDepthwise(const PlanOp& op, const TileMap& in,
                            const TileMap& out) {
  TileDepthwise depthwise;
  depthwise.in = in;
  depthwise.out = out;
  depthwise.window = WindowOf(op);
  SetBounds(op, &depthwise);
  PackDepthwise<Value>(Floats(op.weight).const_data_ptr<float>(),
                       BiasOf(op).const_data_ptr<float>(), &depthwise);
  return depthwise;
}

template <typename Value>
TileConv MakeConv(const PlanOp& op, const TileMap& in, const TileMap& out,
                  const TileMap* other) {
  TileConv conv;
  conv.in = in;
  conv.out = out;
  conv.window = WindowOf(op);
  conv.adds = other != nullptr;
  if (conv.adds) conv.other = *other;
  SetBounds(op, &conv);
  PackWeight<Value>(Floats(op.weight).const_data_ptr<float>(), in.channels,
                    &conv);
  const at::Tensor bias = BiasOf(op);
  const float* from = bias.const_data_ptr<float>();
  conv.bias.assign(from, from + bias.numel());
  conv.bias.resize(static_cast<size_t>(conv.Panels() * kPanelColumns));
  return conv;
}

/// Other slots were in its memory before.
template <typename Value>
void ClearBorder(const TileMap& map, int64_t pictures, Value* values) {
  if (!map.HasBorder()) return;
  const int64_t left = static_cast<int64_t>(map.left) * map.channels;
  const int64_t right = static_cast<int64_t>(map.right) * map.channels;
  for (int64_t n = 0; n < pictures; ++n) {
    Value* const picture = values + n * map.Values();
    std::fill(picture, picture + map.top * map.RowValues(), Value{0});
    for (int y = 0; y < map.height; ++y) {
      Value* const row = picture + (map.top + y) * map.RowValues();
      std::fill(row, row + left, Value{0});
      std::fill(row + map.RowValues() - right, row + map.RowValues(), Value{0});
    }
    std::fill(picture + (map.top + map.height) * map.RowValues(),
              picture + map.Values(), Value{0});
  }
}

/// By exponents, which the compiler does many at a time.
bool AllFinite(const float* values, int64_t count) {
  constexpr uint32_t kExponent = 0x7f800000;
  uint32_t special = 0;
  for (int64_t i = 0; i < count; ++i) {
    const uint32_t bits = c10::detail::fp32_to_bits(values[i]);
    special |= (bits & kExponent) == kExponent ? 1u : 0u;
  }
  return special == 0;
}

/// Values as the rest of the library knows them.
c10::BFloat16* Known(Bits16* values) {
  return reinterpret_cast<c10::BFloat16*>(values);
}
const c10::BFloat16* Known(const Bits16* values) {
  return reinterpret_cast<const c10::BFloat16*>(values);
}
float* Known(float* values) { return values; }
const float* Known(const float* values) { return values; }

/// Calls run(first, end) for shares of the tasks, on the threads of LibTorch.
template <typename Function>
void Share(int tasks, const Function& run) {
  at::parallel_for(0, tasks, 1, [&run](int64_t begin, int64_t end) {
    run(static_cast<int>(begin), static_cast<int>(end));
  });
}

}  // namespace

bool TilesCanRun(const PlanGraph& graph) {
  return std::all_of(graph.ops.begin(), graph.ops.end(),
                     [&](const PlanOp& op) { return CanRunOp(graph, op); });
}

TileUnit BestTileUnit() {
  return AmxAvailable() ? TileUnit::kAmx : TileUnit::kVectors;
}

template <typename Value>
TilePlan<Value>::TilePlan(Network& network, const PlanGraph& graph,
                          int64_t size_px, TileUnit unit)
    : unit_(unit),
      sizes_(network.architecture()),
      maps_(MapsOf(graph, static_cast<int>(size_px))),
      split_(SplitOf(graph, maps_)),
      layout_(ArenaOf(graph, maps_, split_)),
      input_(graph.input) {
  const at::NoGradGuard no_grad;
  auto poolings = PoolingsByOp(network, graph);
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    AddStep(graph.ops[i], std::move(poolings[i]));
  }
}

template <typename Value>
void TilePlan<Value>::AddStep(const PlanOp& op,
                              std::vector<PlanPooling> poolings) {
  const int other = op.inputs.size() > 1 ? op.inputs[1] : -1;
  const auto map = [this](int slot) {
    return &maps_[static_cast<size_t>(slot)];
  };
  const TileMap& in = *map(op.inputs[0]);
  const TileMap& out = *map(op.output);
  Step step{{}, op.inputs[0], op.output, other, std::move(poolings)};
  if (op.kind == PlanOpKind::kMaxPool) {
    step.kernel = TileMaximum{in, out, WindowOf(op)};
  } else if (IsDepthwise(op)) {
    step.kernel = MakeDepthwise<Value>(op, in, out);
  } else {
    TileConv conv =
        MakeConv<Value>(op, in, out, other < 0 ? nullptr : map(other));
    overrun_ = std::max(overrun_, conv.Overrun());
    step.kernel = std::move(conv);
  }
  steps_.push_back(std::move(step));
}

template <typename Value>
Value* TilePlan<Value>::Values(int slot, int picture, Arena* arena) const {
  const auto& place = layout_.places[static_cast<size_t>(slot)];
  if (place.single) return arena->memory.data() + place.offset;
  return arena->memory.data() + layout_.single_values +
         place.offset * arena->pictures +
         picture * maps_[static_cast<size_t>(slot)].Values();
}

/// Memory only grows, so that batches of changing size allocate nothing.
template <typename Value>
void TilePlan<Value>::Grow(int pictures, Arena* arena) const {
  arena->pictures = pictures;
  const auto wanted =
      static_cast<size_t>(layout_.Values(pictures) + overrun_ + kTileInputs);
  if (arena->memory.size() < wanted) arena->memory.resize(wanted);
}

template <typename Value>
void TilePlan<Value>::TakeImages(const at::Tensor& images,
                                 const Range& pictures, Arena* arena) const {
  const TileMap& map = maps_[static_cast<size_t>(input_)];
  Value* const to = Values(input_, pictures.first, arena);
  ClearBorder(map, pictures.count, to);
  const int64_t row = static_cast<int64_t>(map.width) * map.channels;
  const float* const from =
      images.const_data_ptr<float>() + pictures.first * map.height * row;
  Share(pictures.count * map.height, [&](int first, int end) {
    for (int i = first; i < end; ++i) {
      Value* const place =
          to + i / map.height * map.Values() + map.Offset(i % map.height, 0);
      Narrow(from + i * row, Known(place), row);
    }
  });
}

template <typename Value>
void TilePlan<Value>::Run(const Step& step, const Range& pictures,
                          Arena* arena) const {
  const Value* const in = Values(step.in, pictures.first, arena);
  Value* const out = Values(step.out, pictures.first, arena);
  const int count = pictures.count;
  ClearBorder(maps_[static_cast<size_t>(step.out)], count, out);
  if (const auto* conv = std::get_if<TileConv>(&step.kernel)) {
    const MapData<Value> data{
        in, out,
        step.other < 0 ? nullptr : Values(step.other, pictures.first, arena),
        count};
    RunConv(*conv, data);
  } else if (const auto* depthwise = std::get_if<TileDepthwise>(&step.kernel)) {
    Share(RowTasks(depthwise->out, count), [&](int first, int end) {
      RunDepthwiseAvx512(*depthwise, in, out, first, end);
    });
  } else {
    const auto& maximum = std::get<TileMaximum>(step.kernel);
    Share(RowTasks(maximum.out, count), [&](int first, int end) {
      RunMaximumAvx512(maximum, in, out, first, end);
    });
  }
}

template <typename Value>
void TilePlan<Value>::RunConv(const TileConv& conv,
                              const MapData<Value>& data) const {
  if constexpr (std::is_same_v<Value, Bits16>) {
    if (unit_ == TileUnit::kAmx) {
      Share(ConvTasks(conv, data.pictures),
            [&](int first, int end) { RunConvAmx(conv, data, first, end); });
      return;
    }
  }
  Share(VectorTasks(conv, data.pictures),
        [&](int first, int end) { RunConvVectors(conv, data, first, end); });
}

template <typename Value>
void TilePlan<Value>::Pool(const Step& step, const Range& pictures,
                           Arena* arena, at::Tensor* features) const {
  const TileMap& map = maps_[static_cast<size_t>(step.out)];
  const Value* const values =
      Values(step.out, pictures.first, arena) + map.Offset(0, 0);
  for (const PlanPooling& pooling : step.poolings) {
    float* const to = features->mutable_data_ptr<float>() +
                      pictures.first * features->stride(0) + pooling.column;
    Share(pictures.count, [&](int first, int end) {
      for (int n = first; n < end; ++n) {
        PoolRows(Known(values + n * map.Values()),
                 {map.height, map.width, map.RowValues(), map.channels},
                 pooling.deviation, to + n * features->stride(0));
      }
    });
  }
}

template <typename Value>
void TilePlan<Value>::RunAll(const at::Tensor& images, Arena* arena,
                             at::Tensor* features) const {
  const auto count = static_cast<int>(images.size(0));
  Grow(count, arena);
  const auto run = [&](size_t first, size_t end, const Range& pictures) {
    for (size_t i = first; i < end; ++i) {
      Run(steps_[i], pictures, arena);
      Pool(steps_[i], pictures, arena, features);
    }
  };
  for (int n = 0; n < count; ++n) {
    TakeImages(images, {n, 1}, arena);
    run(0, split_, {n, 1});
  }
  run(split_, steps_.size(), {0, count});
  // What is left in the memory is multiplied by zeros later.
  if (!AllFinite(features->const_data_ptr<float>(), features->numel())) {
    std::fill(arena->memory.begin(), arena->memory.end(), Value{0});
  }
}

template <typename Value>
at::Tensor TilePlan<Value>::Features(const at::Tensor& images) {
  const at::NoGradGuard no_grad;
  at::Tensor features = sizes_.Start(images);
  const at::Tensor pixels =
      images.to(at::kFloat).permute({0, 2, 3, 1}).contiguous();
  const int64_t count = images.size(0);
  // Threads that have pictures of their own need not wait for each other after
  // every step; too few pictures are shared, row by row.
  const int64_t groups =
      count < at::get_num_threads() ? 1 : at::get_num_threads();
  if (arenas_.size() < static_cast<size_t>(groups)) {
    arenas_.resize(static_cast<size_t>(groups));
  }
  const auto run = [&](int64_t first, int64_t end) {
    for (int64_t group = first; group < end; ++group) {
      const int64_t begin = group * count / groups;
      const int64_t size = (group + 1) * count / groups - begin;
      at::Tensor part = features.narrow(0, begin, size);
      RunAll(pixels.narrow(0, begin, size),
             &arenas_[static_cast<size_t>(group)], &part);
    }
  };
  if (groups == 1) {
    run(0, 1);
  } else {
    at::parallel_for(0, groups, 1, run);
  }
  return features;
}

template class TilePlan<Bits16>;
template class TilePlan<float>;

}  // namespace graphiqa
