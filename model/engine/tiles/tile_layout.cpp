// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "tile_layout.h"

#include <algorithm>
#include <utility>

#include "engine/plan_layout.h"

namespace graphiqa {
namespace {

int Int(int64_t value) { return static_cast<int>(value); }

int ResultSize(int size, int before, int after, int kernel, int stride) {
  return (size + before + after - kernel) / stride + 1;
}

void SetSize(const PlanOp& op, const TileMap& in, TileMap* out) {
  const TileBorder border = BorderOf(op);
  const Window w = WindowOf(op);
  out->height =
      ResultSize(in.height, border.top, border.bottom, w.height, w.stride_y);
  out->width =
      ResultSize(in.width, border.left, border.right, w.width, w.stride_x);
  out->channels =
      op.kind == PlanOpKind::kConv ? Int(op.weight.size(0)) : in.channels;
}

void Widen(const TileBorder& border, TileMap* map) {
  map->top = std::max(map->top, border.top);
  map->left = std::max(map->left, border.left);
  map->bottom = std::max(map->bottom, border.bottom);
  map->right = std::max(map->right, border.right);
}

bool IsStridedPointwise(const PlanOp& op) {
  return op.kind == PlanOpKind::kConv && op.groups == 1 &&
         op.weight.size(2) == 1 && op.weight.size(3) == 1 &&
         (op.stride[0] > 1 || op.stride[1] > 1) && op.padding[0] == 0 &&
         op.padding[1] == 0 && op.padding_after.empty();
}

/// A slot's place and the operator after which it is free.
struct Taken {
  int64_t begin, end;
  size_t reader;
};

/// One part of the memory.
class Part {
 public:
  int64_t Take(int64_t size, size_t reader) {
    std::sort(taken_.begin(), taken_.end(),
              [](const Taken& a, const Taken& b) { return a.begin < b.begin; });
    int64_t place = 0;
    for (const Taken& other : taken_) {
      if (place + size <= other.begin) break;
      place = std::max(place, other.end);
    }
    taken_.push_back({place, place + size, reader});
    values_ = std::max(values_, place + size);
    return place;
  }

  /// The place stays taken until another operator has run.
  void Keep(int64_t place, size_t reader) {
    for (Taken& taken : taken_) {
      if (taken.begin == place) taken.reader = reader;
    }
  }

  void FreeAfter(size_t op) {
    taken_.erase(
        std::remove_if(taken_.begin(), taken_.end(),
                       [op](const Taken& t) { return t.reader <= op; }),
        taken_.end());
  }

  int64_t values() const { return values_; }

 private:
  std::vector<Taken> taken_;
  int64_t values_ = 0;
};

bool SameMap(const TileMap& a, const TileMap& b) {
  return a.height == b.height && a.width == b.width &&
         a.channels == b.channels && a.top == b.top && a.left == b.left &&
         a.bottom == b.bottom && a.right == b.right;
}

/// Gives slots their places, operator by operator.
class Placing {
 public:
  Placing(const PlanGraph& graph, const std::vector<TileMap>& maps,
          size_t split)
      : graph_(graph), maps_(maps), readers_(LastReaders(graph)) {
    arena_.places.resize(maps.size());
    arena_.places[static_cast<size_t>(graph.input)].single =
        readers_[static_cast<size_t>(graph.input)] < split;
    for (size_t i = 0; i < split; ++i) {
      const auto slot = static_cast<size_t>(graph.ops[i].output);
      arena_.places[slot].single = readers_[slot] < split;
    }
  }

  TileArena Run() {
    Place(static_cast<size_t>(graph_.input));
    for (size_t i = 0; i < graph_.ops.size(); ++i) {
      if (!Inherit(i)) Place(static_cast<size_t>(graph_.ops[i].output));
      single_.FreeAfter(i);
      batch_.FreeAfter(i);
    }
    arena_.single_values = single_.values();
    arena_.batch_values = batch_.values();
    return arena_;
  }

 private:
  Part& PartOf(size_t slot) {
    return arena_.places[slot].single ? single_ : batch_;
  }

  void Place(size_t slot) {
    const int64_t size =
        (maps_[slot].Values() + kLineValues - 1) / kLineValues * kLineValues;
    arena_.places[slot].offset = PartOf(slot).Take(size, readers_[slot]);
  }

  bool Inherit(size_t i) {
    const PlanOp& op = graph_.ops[i];
    if (op.inputs.size() < 2) return false;
    const auto other = static_cast<size_t>(op.inputs[1]);
    const auto out = static_cast<size_t>(op.output);
    if (readers_[other] != i || op.inputs[1] == op.inputs[0] ||
        op.inputs[1] == graph_.input || !SameMap(maps_[other], maps_[out]) ||
        arena_.places[other].single != arena_.places[out].single) {
      return false;
    }
    arena_.places[out].offset = arena_.places[other].offset;
    PartOf(out).Keep(arena_.places[out].offset, readers_[out]);
    return true;
  }

  const PlanGraph& graph_;
  const std::vector<TileMap>& maps_;
  const std::vector<size_t> readers_;
  TileArena arena_;
  Part single_, batch_;
};

}  // namespace

Window WindowOf(const PlanOp& op) {
  const bool conv = op.kind == PlanOpKind::kConv;
  Window w;
  w.height = Int(conv ? op.weight.size(2) : op.kernel[0]);
  w.width = Int(conv ? op.weight.size(3) : op.kernel[1]);
  w.stride_y = Int(op.stride[0]);
  w.stride_x = Int(op.stride[1]);
  w.top = Int(op.padding[0]);
  w.left = Int(op.padding[1]);
  return w;
}

TileBorder BorderOf(const PlanOp& op) {
  const std::vector<int64_t>& after =
      op.padding_after.empty() ? op.padding : op.padding_after;
  return {Int(op.padding[0]), Int(op.padding[1]), Int(after[0]), Int(after[1])};
}

bool IsNotNegative(const PlanGraph& graph, int slot) {
  const auto op =
      std::find_if(graph.ops.begin(), graph.ops.end(),
                   [slot](const PlanOp& o) { return o.output == slot; });
  return op != graph.ops.end() && op->clamped && op->low >= 0;
}

void ThinOut(PlanGraph* graph) {
  for (size_t i = 0; i < graph->ops.size(); ++i) {
    PlanOp& conv = graph->ops[i];
    if (!IsStridedPointwise(conv) || !IsNotNegative(*graph, conv.inputs[0])) {
      continue;
    }
    PlanOp thin;
    thin.kind = PlanOpKind::kMaxPool;
    thin.inputs = {conv.inputs[0]};
    thin.output = graph->slots++;
    thin.kernel = {1, 1};
    thin.stride = conv.stride;
    thin.padding = {0, 0};
    thin.dilation = {1, 1};
    conv.inputs[0] = thin.output;
    conv.stride = {1, 1};
    graph->ops.insert(graph->ops.begin() + static_cast<std::ptrdiff_t>(i),
                      std::move(thin));
    ++i;
  }
}

std::vector<TileMap> MapsOf(const PlanGraph& graph, int size_px) {
  std::vector<TileMap> maps(static_cast<size_t>(graph.slots));
  TileMap& images = maps[static_cast<size_t>(graph.input)];
  images.height = images.width = size_px;
  images.channels = 3;
  for (const PlanOp& op : graph.ops) {
    TileMap& in = maps[static_cast<size_t>(op.inputs[0])];
    SetSize(op, in, &maps[static_cast<size_t>(op.output)]);
    Widen(BorderOf(op), &in);
  }
  return maps;
}

TileArena ArenaOf(const PlanGraph& graph, const std::vector<TileMap>& maps,
                  size_t split) {
  return Placing(graph, maps, split).Run();
}

size_t SplitOf(const PlanGraph& graph, const std::vector<TileMap>& maps) {
  size_t split = graph.ops.size();
  while (split > 0) {
    const PlanOp& op = graph.ops[split - 1];
    const int64_t pixels = maps[static_cast<size_t>(op.inputs[0])].Values();
    if (op.kind != PlanOpKind::kConv) break;
    if (op.groups == 1 && op.weight.numel() < pixels) break;
    --split;
  }
  return split;
}

}  // namespace graphiqa
