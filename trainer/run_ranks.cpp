// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "run_ranks.h"

#include "program/args.h"
#include "ranks/launch.h"
#include "ranks/rank_place.h"

namespace graphiqa {
namespace {

/// One line per cause: rank 0 tells of an interrupt, a parent of a lost rank.
int RunAsRank(RankPlace place, const RunOptions& run,
              const std::function<void(const Ranks&)>& body) {
  place.has_parent = run.ranks > 1;
  if (place.has_parent) FollowParent();
  const bool first = place.rank == 0;
  try {
    body(Ranks(place, std::chrono::minutes(run.patience_min)));
  } catch (const Error& error) {
    const std::string message = error.what();
    if (error.code() == ErrorCode::kCancelled && !first) {
      return kExitInterrupted;
    }
    const bool lost = error.code() == ErrorCode::kDevice;
    if (lost && place.has_parent &&
        message.find("imed out") == std::string::npos) {
      return kExitLost;
    }
    if (first) throw;
    throw Error(error.code(),
                "rank " + std::to_string(place.rank) + ": " + message);
  }
  return kExitOk;
}

}  // namespace

int RunOverRanks(const std::string& program, const RunOptions& run,
                 const std::function<void(int ranks)>& check,
                 const std::function<void(const Ranks&)>& body) {
  const auto place = PlaceFromEnvironment();
  if (place) {
    if (run.ranks > 0 && run.ranks != place->size) {
      throw Error(ErrorCode::kUsage,
                  "--ranks " + std::to_string(run.ranks) +
                      ", but the environment says that this is one of " +
                      std::to_string(place->size) +
                      " (WORLD_SIZE or SLURM_NTASKS): leave out --ranks where "
                      "a launcher starts the ranks");
    }
    check(place->size);
    return RunAsRank(*place, run, body);
  }
  if (run.ranks > 1) {
    check(run.ranks);
    return RunCopies(run.ranks, program);
  }
  body(Ranks());
  return kExitOk;
}

}  // namespace graphiqa
