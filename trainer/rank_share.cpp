// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "rank_share.h"

#include <string>

#include "parameters.h"

namespace graphiqa {

at::Tensor MakeShare(const Ranks& ranks, const std::vector<Item>& items,
                     const SampleOptions& options) {
  const auto [begin, end] = ranks.Share(items.size());
  if (begin == end) {
    throw Error(ErrorCode::kUsage, "a step has fewer pictures (" +
                                       std::to_string(items.size()) +
                                       ") than there are ranks");
  }
  const auto first = items.begin();
  return MakeImages({first + static_cast<std::ptrdiff_t>(begin),
                     first + static_cast<std::ptrdiff_t>(end)},
                    options);
}

at::Tensor EncodeShare(const Ranks& ranks, Network* network,
                       const at::Tensor& images, int64_t pictures, bool bf16) {
  const at::Tensor own = Encode(network, images, bf16);
  const auto [begin, end] = ranks.Share(static_cast<size_t>(pictures));
  const int64_t views = own.size(0) / static_cast<int64_t>(end - begin);
  return ranks.Gather(own, pictures * views,
                      static_cast<int64_t>(begin) * views);
}

void RequireFrozenNorms(const OptimiserOptions& options, int ranks) {
  if (options.norm == NormMode::kFrozen) return;
  throw Error(ErrorCode::kUsage,
              "--norm train takes statistics of the whole batch and runs as "
              "one process, not as " +
                  std::to_string(ranks) + " ranks");
}

void RequirePictures(const char* option, int pictures, int ranks) {
  if (pictures >= ranks) return;
  throw Error(ErrorCode::kUsage,
              std::string(option) + ": a step has " + std::to_string(pictures) +
                  " pictures, fewer than " + std::to_string(ranks) + " ranks");
}

}  // namespace graphiqa
