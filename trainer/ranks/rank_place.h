// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What the environment says about the processes of one training run.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace graphiqa {

/// Where a process stands among those of a run.
struct RankPlace {
  int rank = 0;
  int size = 1;
  int local_rank = 0;
  int local_size =
      1;  ///< processes of the run on this machine, as far as known
  std::string address;          ///< host of rank 0
  int port = 0;                 ///< where the ranks meet
  bool meets_launcher = false;  ///< the launcher listens there, not rank 0
  std::string attempt = "0";    ///< of the launcher, keeps restarts apart
  bool has_parent = false;      ///< that watches the ranks and reports
  int threads = 0;              ///< that the launcher reserved, 0 = not known
};

/// Value of an environment variable, null when it is not set.
using Environment = std::function<const char*(const char* name)>;

/// The place that a launcher has given to this process:
/// - RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT and, if there, LOCAL_RANK and
///   LOCAL_WORLD_SIZE (torchrun, PyTorchJob, our own --ranks);
/// - under Slurm SLURM_PROCID, SLURM_NTASKS, with rank 0 on MASTER_ADDR or the
///   first host of SLURM_JOB_NODELIST, port MASTER_PORT or 29500.
/// @returns nothing when there is no launcher; a Slurm job of one task is none
/// @throws Error(kUsage) naming the variable that is missing or wrong
std::optional<RankPlace> PlaceFromEnvironment(const Environment& environment);

/// The same from this process's environment.
std::optional<RankPlace> PlaceFromEnvironment();

/// The first host of a Slurm list: "gpu[03-05,9],login" gives "gpu03".
std::string FirstHost(const std::string& list);

/// Threads for each rank: what the launcher reserved, else the cores of this
/// machine over its ranks; at least 1.
int ThreadsPerRank(const RankPlace& place);

}  // namespace graphiqa
