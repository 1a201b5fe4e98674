// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "ranks/rank_place.h"

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "error.h"

namespace graphiqa {
namespace {

constexpr int kMostRanks = 1 << 16;
constexpr int kSlurmPort = 29500;  // torchrun's default as well
constexpr int kHighestPort = 65535;

/// Reads variables; errors name them.
class Variables {
 public:
  explicit Variables(const Environment& environment)
      : environment_(environment) {}

  bool Has(const char* name) const {
    const char* value = environment_(name);
    return value != nullptr && *value != '\0';
  }

  std::string Text(const char* name, const char* beside) const {
    if (!Has(name)) {
      throw Error(ErrorCode::kUsage, std::string("environment: ") + beside +
                                         " is set but " + name + " is not");
    }
    return environment_(name);
  }

  int Number(const char* name, const char* beside, int lowest,
             int highest) const {
    const std::string text = Text(name, beside);
    char* end = nullptr;
    const long value = std::strtol(text.c_str(), &end, 10);
    if (end == text.c_str() || *end != '\0' || value < lowest ||
        value > highest) {
      throw Error(ErrorCode::kUsage,
                  std::string("environment: ") + name + " is '" + text +
                      "', not a number from " + std::to_string(lowest) +
                      " to " + std::to_string(highest));
    }
    return static_cast<int>(value);
  }

  int NumberOr(const char* name, int fallback, int lowest, int highest) const {
    return Has(name) ? Number(name, name, lowest, highest) : fallback;
  }

 private:
  const Environment& environment_;
};

void RequireBelow(const char* small_name, int small, const char* large_name,
                  int large) {
  if (small < large) return;
  throw Error(ErrorCode::kUsage, std::string("environment: ") + small_name +
                                     " is " + std::to_string(small) +
                                     ", which is not below " + large_name +
                                     " = " + std::to_string(large));
}

RankPlace FromTorch(const Variables& variables) {
  RankPlace place;
  place.rank = variables.Number("RANK", "WORLD_SIZE", 0, kMostRanks);
  place.size = variables.Number("WORLD_SIZE", "RANK", 1, kMostRanks);
  RequireBelow("RANK", place.rank, "WORLD_SIZE", place.size);
  place.local_size = variables.NumberOr("LOCAL_WORLD_SIZE", 1, 1, kMostRanks);
  if (place.local_size > place.size) {
    throw Error(ErrorCode::kUsage,
                "environment: LOCAL_WORLD_SIZE is " +
                    std::to_string(place.local_size) +
                    ", more than WORLD_SIZE = " + std::to_string(place.size));
  }
  place.local_rank = variables.NumberOr("LOCAL_RANK", 0, 0, kMostRanks);
  if (variables.Has("LOCAL_WORLD_SIZE")) {
    RequireBelow("LOCAL_RANK", place.local_rank, "LOCAL_WORLD_SIZE",
                 place.local_size);
  }
  if (place.size == 1) return place;
  place.address = variables.Text("MASTER_ADDR", "WORLD_SIZE");
  place.port = variables.Number("MASTER_PORT", "WORLD_SIZE", 1, kHighestPort);
  if (variables.Has("TORCHELASTIC_USE_AGENT_STORE")) {
    place.meets_launcher =
        variables.Text("TORCHELASTIC_USE_AGENT_STORE", "RANK") == "True";
  }
  if (variables.Has("TORCHELASTIC_RESTART_COUNT")) {
    place.attempt = variables.Text("TORCHELASTIC_RESTART_COUNT", "RANK");
  }
  return place;
}

RankPlace FromSlurm(const Variables& variables) {
  RankPlace place;
  place.rank = variables.Number("SLURM_PROCID", "SLURM_NTASKS", 0, kMostRanks);
  place.size = variables.Number("SLURM_NTASKS", "SLURM_PROCID", 1, kMostRanks);
  RequireBelow("SLURM_PROCID", place.rank, "SLURM_NTASKS", place.size);
  place.local_rank = variables.NumberOr("SLURM_LOCALID", 0, 0, kMostRanks);
  place.threads = variables.NumberOr("SLURM_CPUS_PER_TASK", 0, 1, kMostRanks);
  if (place.size == 1) return place;
  place.address =
      variables.Has("MASTER_ADDR")
          ? variables.Text("MASTER_ADDR", "SLURM_PROCID")
          : FirstHost(variables.Text("SLURM_JOB_NODELIST", "SLURM_PROCID"));
  place.port = variables.NumberOr("MASTER_PORT", kSlurmPort, 1, kHighestPort);
  return place;
}

}  // namespace

std::optional<RankPlace> PlaceFromEnvironment(const Environment& environment) {
  const Variables variables(environment);
  if (variables.Has("RANK") || variables.Has("WORLD_SIZE")) {
    return FromTorch(variables);
  }
  // A shell within an allocation has SLURM_NTASKS, but is no task of it.
  if (!variables.Has("SLURM_PROCID")) return std::nullopt;
  const RankPlace place = FromSlurm(variables);
  return place.size > 1 ? std::make_optional(place) : std::nullopt;
}

std::optional<RankPlace> PlaceFromEnvironment() {
  return PlaceFromEnvironment(
      [](const char* name) -> const char* { return std::getenv(name); });
}

std::string FirstHost(const std::string& list) {
  std::string host;
  for (size_t i = 0; i < list.size() && list[i] != ','; ++i) {
    if (list[i] != '[') {
      host += list[i];
      continue;
    }
    const size_t close = std::min(list.find(']', i), list.size());
    const size_t end = std::min(list.find_first_of(",-", i), close);
    host += list.substr(i + 1, end - i - 1);
    i = close;
  }
  return host;
}

int ThreadsPerRank(const RankPlace& place) {
  if (place.threads > 0) return place.threads;
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::max(cores / place.local_size, 1);
}

}  // namespace graphiqa
