// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "ranks/rank_place.h"

#include <gtest/gtest.h>

#include <map>

#include "error.h"

namespace graphiqa {
namespace {

using Variables = std::map<std::string, std::string>;

std::optional<RankPlace> PlaceIn(const Variables& variables) {
  return PlaceFromEnvironment([&variables](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

std::string MessageIn(const Variables& variables) {
  try {
    PlaceIn(variables);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "no error";
}

TEST(RankPlaceTest, NoLauncherIsNoPlace) {
  EXPECT_FALSE(PlaceIn({}));
  EXPECT_FALSE(PlaceIn({{"MASTER_ADDR", "left.behind"}}));
  // A shell in an allocation; a batch script of one task.
  EXPECT_FALSE(PlaceIn({{"SLURM_NTASKS", "4"}}));
  EXPECT_FALSE(PlaceIn({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "1"}}));
}

TEST(RankPlaceTest, ReadsWhatTorchrunSets) {
  const auto place = PlaceIn({{"RANK", "3"},
                              {"WORLD_SIZE", "4"},
                              {"LOCAL_RANK", "1"},
                              {"LOCAL_WORLD_SIZE", "2"},
                              {"MASTER_ADDR", "node0"},
                              {"MASTER_PORT", "29400"},
                              {"TORCHELASTIC_USE_AGENT_STORE", "True"},
                              {"TORCHELASTIC_RESTART_COUNT", "2"}});
  ASSERT_TRUE(place);
  EXPECT_EQ(place->rank, 3);
  EXPECT_EQ(place->size, 4);
  EXPECT_EQ(place->local_rank, 1);
  EXPECT_EQ(place->local_size, 2);
  EXPECT_EQ(place->address, "node0");
  EXPECT_EQ(place->port, 29400);
  EXPECT_TRUE(place->meets_launcher);
  EXPECT_EQ(place->attempt, "2");
}

TEST(RankPlaceTest, ReadsWhatPyTorchJobSets) {
  const auto place = PlaceIn({{"RANK", "1"},
                              {"WORLD_SIZE", "2"},
                              {"MASTER_ADDR", "job-master-0"},
                              {"MASTER_PORT", "23456"}});
  ASSERT_TRUE(place);
  EXPECT_EQ(place->local_size, 1);
  EXPECT_FALSE(place->meets_launcher);
}

TEST(RankPlaceTest, ReadsWhatSlurmSets) {
  Variables variables{{"SLURM_PROCID", "2"},
                      {"SLURM_NTASKS", "3"},
                      {"SLURM_LOCALID", "0"},
                      {"SLURM_CPUS_PER_TASK", "6"},
                      {"SLURM_JOB_NODELIST", "gpu[07-09]"}};
  auto place = PlaceIn(variables);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->rank, 2);
  EXPECT_EQ(place->size, 3);
  EXPECT_EQ(place->address, "gpu07");
  EXPECT_EQ(place->port, 29500);
  EXPECT_EQ(ThreadsPerRank(*place), 6);
  variables["MASTER_ADDR"] = "10.0.0.1";
  variables["MASTER_PORT"] = "4000";
  place = PlaceIn(variables);
  EXPECT_EQ(place->address, "10.0.0.1");
  EXPECT_EQ(place->port, 4000);
}

TEST(RankPlaceTest, WrongEnvironmentsNameTheVariable) {
  const struct {
    Variables variables;
    const char* wanted;
  } cases[] = {
      {{{"RANK", "0"}}, "RANK is set but WORLD_SIZE is not"},
      {{{"WORLD_SIZE", "2"}}, "WORLD_SIZE is set but RANK is not"},
      {{{"RANK", "0"}, {"WORLD_SIZE", "2"}},
       "WORLD_SIZE is set but MASTER_ADDR is not"},
      {{{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}},
       "WORLD_SIZE is set but MASTER_PORT is not"},
      {{{"RANK", "2"}, {"WORLD_SIZE", "2"}},
       "RANK is 2, which is not below WORLD_SIZE = 2"},
      {{{"RANK", "one"}, {"WORLD_SIZE", "2"}}, "RANK is 'one', not a number"},
      {{{"RANK", "0"}, {"WORLD_SIZE", "0"}}, "WORLD_SIZE is '0'"},
      {{{"RANK", "0"},
        {"WORLD_SIZE", "2"},
        {"MASTER_ADDR", "a"},
        {"MASTER_PORT", "70000"}},
       "MASTER_PORT is '70000'"},
      {{{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"LOCAL_WORLD_SIZE", "3"}},
       "LOCAL_WORLD_SIZE is 3, more than WORLD_SIZE = 2"},
      {{{"RANK", "1"},
        {"WORLD_SIZE", "2"},
        {"LOCAL_RANK", "1"},
        {"LOCAL_WORLD_SIZE", "1"}},
       "LOCAL_RANK is 1, which is not below LOCAL_WORLD_SIZE = 1"},
      {{{"SLURM_PROCID", "0"}}, "SLURM_PROCID is set but SLURM_NTASKS is not"},
      {{{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "2"}},
       "SLURM_PROCID is set but SLURM_JOB_NODELIST is not"},
  };
  for (const auto& item : cases) {
    const std::string message = MessageIn(item.variables);
    EXPECT_NE(message.find(item.wanted), std::string::npos) << message;
  }
}

TEST(RankPlaceTest, FirstHostOfAList) {
  EXPECT_EQ(FirstHost("node1"), "node1");
  EXPECT_EQ(FirstHost("node1,node2"), "node1");
  EXPECT_EQ(FirstHost("node[03-05,07],login"), "node03");
  EXPECT_EQ(FirstHost("node[3,5]"), "node3");
  EXPECT_EQ(FirstHost("rack[1-2]n[3-4]"), "rack1n3");
  EXPECT_EQ(FirstHost("gpu-a[12]-ib"), "gpu-a12-ib");
}

TEST(RankPlaceTest, RanksOfAMachineShareItsCores) {
  RankPlace place;
  const int alone = ThreadsPerRank(place);
  EXPECT_GE(alone, 1);
  place.local_size = 2 * alone;
  EXPECT_EQ(ThreadsPerRank(place), 1);
}

}  // namespace
}  // namespace graphiqa
