// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// From pictures to the network's input: distortion, views, flips,
/// normalisation. Pure functions of their arguments, so that any thread may
/// make any batch.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "augment.h"
#include "format/model_info.h"
#include "picture.h"

namespace graphiqa {

/// One picture of a batch and what happens to it first.
struct Item {
  PictureCache* pictures = nullptr;
  size_t index = 0;    ///< into `pictures`
  int type = 0;        ///< KADID distortion 1-25 to apply, 0 = none
  int level = 0;       ///< its level 1-5
  uint64_t draw = 0;   ///< seed of the distortion's random numbers
  uint64_t place = 0;  ///< seed of random views and flips: versions of one
                       ///< picture with one seed are cut at the same places
};

/// What to cut and how.
struct SampleOptions {
  InputInfo input;       ///< normalisation and view size
  ViewPlan views;        ///< of one picture
  bool augment = false;  ///< random places and flips, else PlanViews()
  double chroma = 0;     ///< with `augment`: share of pictures that pass
                         ///< through 4:2:0 first
  bool bf16 = false;     ///< the backbone then runs in bfloat16
};

/// The picture of an item, distorted.
/// @throws as ReadPicture() and Distort()
Picture MakePicture(const Item& item);

/// Views of some pictures, item by item, [items * V, 3, S, S] float,
/// channels-last.
at::Tensor MakeImages(const std::vector<Item>& items,
                      const SampleOptions& options);

/// Consecutive parts of up to `size` items.
std::vector<std::vector<Item>> ItemBatches(const std::vector<Item>& items,
                                           int size);

/// Items of undistorted pictures. Their places depend on seed, epoch and
/// index.
std::vector<Item> PlainItems(PictureCache* pictures,
                             const std::vector<size_t>& indices, uint64_t seed,
                             uint64_t epoch);

}  // namespace graphiqa
