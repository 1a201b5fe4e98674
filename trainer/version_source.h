// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Many distorted versions of photographs: what naming is learnt from. A
/// version is a function of its number, so that any part can be made anywhere.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "loader.h"

namespace graphiqa {

/// A photograph that versions are made of.
struct Content {
  PictureCache* pictures = nullptr;
  size_t index = 0;  ///< into `pictures`
  std::string name;
};

/// What is done to which photograph.
struct Version {
  size_t content = 0;
  int type = 0;         ///< KADID number, 0 = undistorted
  int level = 0;        ///< 1-5, 0 = undistorted
  double scale = 1;     ///< of the photograph, before it is distorted
  bool flip = false;    ///< the photograph left to right, before
  bool chroma = false;  ///< through 8-bit 4:2:0, after
  uint64_t draw = 0;    ///< seed of the distortion's random numbers
  uint64_t place = 0;   ///< seed of the places that are looked at
};

/// How versions are drawn.
struct VersionOptions {
  uint64_t seed = 1;
  double none = 0.06;    ///< share of undistorted ones
  double scaled = 0.4;   ///< share of those whose photograph is made smaller
  double chroma = 0.33;  ///< share of those that pass through 4:2:0
  int draws = 2;         ///< sets of views of a version
};

/// Version `number` of an endless list.
/// @param contents  how many there are
Version DrawVersion(uint64_t number, size_t contents,
                    const VersionOptions& options);

/// Random views of a version, or with `draws` 0 those of the plan, where the
/// engine looks.
/// @returns [draws * V, 3, S, S], as MakeImages()
at::Tensor VersionImages(const Content& content, const Version& version,
                         const InputInfo& input, int draws);

}  // namespace graphiqa
