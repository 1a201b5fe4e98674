// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "error.h"
#include "view.h"

namespace graphiqa {

/// Sizes and choices that shape the network. Symbols as in GraphIQA
/// (arXiv 2103.07666): C node, K edge, P type-graph code.
struct ArchitectureInfo {
  std::string backbone = "resnet50";  ///< a name of the backbone table
  std::string features = "last";      ///< one of FeatureKinds()
  int64_t feature_size = 2048;        ///< pooled values before any projection
  int64_t node_size = 2048;           ///< C; equals feature_size for "last"
  int64_t edge_size = 64;             ///< K
  int64_t code_size = 256;            ///< P
  std::vector<std::string> types;     ///< rows of the type head, in order
  std::string graph_form = "row";     ///< how it is meant to be run
};

/// What the nodes are made of: means of the last stage, as in the paper; means
/// and deviations of several stages; those and PictureStatistics().
inline constexpr const char* kLast = "last";
inline constexpr const char* kMulti = "multi";
inline constexpr const char* kMultiStats = "multi-stats";

/// All of them, in this order.
const std::vector<std::string>& FeatureKinds();

/// What the network expects of a picture.
struct InputInfo {
  std::array<float, 3> mean{0.485f, 0.456f, 0.406f};  ///< of RGB in [0,1]
  std::array<float, 3> std{0.229f, 0.224f, 0.225f};
  std::string color_order = "RGB";
  std::string padding = "mirror";  ///< of native views that are too small
  ViewPlan views;
};

/// Network output to score: score = gain * mu + offset,
/// uncertainty = |gain * s|.
struct ScoreInfo {
  double gain = 1.0;
  double offset = 0.0;
};

/// Which heads have been trained; an untrained head is never reported.
struct HeadsInfo {
  bool mos = false;
  bool level = false;
  bool type = false;
};

/// Everything that the `__metadata__` of a graphiqa model file says.
struct ModelInfo {
  std::string name;
  ArchitectureInfo architecture;
  InputInfo input;
  ScoreInfo score;
  HeadsInfo heads;
  std::string training = "{}";  ///< JSON object, free form, kept as it is
  std::string sha256;           ///< of the tensor bytes, lower-case hex
};

/// The 25 distortion types of KADID-10k in their official order.
GRAPHIQA_API const std::vector<std::string>& KadidTypeNames();

/// SHA-256 over key, NUL, value, NUL of every entry but `metadata_sha256`, in
/// the order of the keys; lower-case hex. The hash of the tensors would not
/// notice a damaged digit of, say, the calibration.
GRAPHIQA_API std::string HashMetadata(
    const std::map<std::string, std::string>& metadata);

/// Metadata strings of a model file; `sha256` included as it stands,
/// `metadata_sha256` computed.
GRAPHIQA_API std::map<std::string, std::string> ToMetadata(
    const ModelInfo& info);

/// Strict inverse of ToMetadata().
/// @throws Error(kFormat) naming the key that is missing, surplus or out of
///   its range, or when `metadata_sha256`, which may be missing, is wrong;
///   files of an older format_version are upgraded here
GRAPHIQA_API ModelInfo
FromMetadata(const std::map<std::string, std::string>& metadata);

}  // namespace graphiqa
