// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ranks/rank_place.h"

namespace graphiqa {

/// The processes that train one model together, over c10d with Gloo. All of
/// them hold the same weights and take the same steps; each looks at its share
/// of a step's pictures.
///
/// Every function here is called by all ranks in the same order, and none
/// returns before its part of the exchange is done. A world of one exchanges
/// nothing. Tensors of a GPU pass through the CPU. Not thread-safe.
///
/// All throw Error(kDevice) when another rank is gone or does not answer.
class Ranks {
 public:
  /// A world of one.
  Ranks();

  /// Meets the others.
  /// @param patience  how long a rank is waited for, at the start and in a step
  Ranks(const RankPlace& place, std::chrono::minutes patience);
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  int rank() const;
  int size() const;

  /// Among the ranks of this machine.
  int local_rank() const;

  /// Whether this is rank 0, which writes files and speaks to the user.
  bool first() const { return rank() == 0; }

  /// [begin, end) of `count` things; sizes differ by one at most.
  struct Part {
    size_t begin, end;
  };
  Part Share(size_t count) const;

  /// Puts the ranks' rows together. Every rank then computes the same loss of
  /// all rows. Gradient flows into the own rows only, times the number of
  /// ranks; so Average() of the parameters' gradients gives what one process
  /// gets: rows before this call have their gradient on one rank each, what is
  /// computed after it has all of it on every rank.
  /// @param own    [end - begin, C] float, of Share(count) times the same
  ///   number of rows for each thing
  /// @param total  rows of all ranks
  /// @param begin  where the own ones belong
  /// @returns [total, C]
  at::Tensor Gather(const at::Tensor& own, int64_t total, int64_t begin) const;

  /// Replaces tensors by their mean over the ranks, the same bits on each.
  /// @param tensors  float32, of the same shapes on all ranks
  void Average(const std::vector<at::Tensor>& tensors) const;

  /// Overwrites tensors with those of rank 0.
  void Broadcast(const std::vector<at::Tensor>& tensors) const;

  /// The bytes that rank 0 gives.
  std::string FromFirst(const std::string& bytes) const;

  /// Runs work on rank 0, with the threads of all ranks of its machine, while
  /// the others wait for as long as it takes. What it throws ends all ranks:
  /// as itself on rank 0; as Error(kCancelled) on the others when it was that.
  void OnFirst(const std::function<void()>& work) const;

  /// @throws Error(kUsage) on the ranks whose text is not that of rank 0
  void RequireSame(const std::string& text, const std::string& what) const;

  /// Sets the threads that compute on this rank.
  /// @param count  0 = as many as its share of the machine has
  void UseThreads(int count) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace graphiqa
