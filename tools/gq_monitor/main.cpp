// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// gq-monitor: watches channels day and night.
#include <gst/gst.h>
#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "app/log.h"
#include "app/program.h"
#include "common/element.h"
#include "config/read_config.h"
#include "program/args.h"

namespace graphiqa {
namespace {

constexpr int kMaxArenas = 4;
/// Bytes. Said at all, malloc no longer raises it by itself once frames have
/// been freed: they go back at once and leave no holes in the heap.
constexpr int kOwnMapping = 128 << 10;

const ProgramSpec kSpec{
    "gq-monitor",
    "[OPTION]… CONFIG.yaml",
    "Watches the picture quality of channels day and night: scores, alarms, a "
    "status page, an HTTP API and metrics for Prometheus. The configuration is "
    "a YAML file; docs/example.yaml shows every key.",
    {
        {"--check", "",
         "Check the configuration, say every mistake with its line, and end.",
         ""},
        {"--shard", "I/N",
         "Watch the I-th of N shares of the channels, I from 0; for several "
         "processes with one configuration.",
         ""},
    },
    "Signals: SIGHUP takes the configuration anew and touches only what "
    "changed;\nSIGTERM and SIGINT end in order, within 15 seconds.\n\n"
    "Exit codes: 0 ended in order, 1 something failed, 2 wrong usage.\n"};

/// Prints one problem a line.
int PrintProblems(const ConfigError& error) {
  for (const std::string& problem : error.problems()) {
    PrintError(kSpec.name, problem);
  }
  return kExitFailed;
}

int Check(const std::string& file, const Shard& shard) {
  Configuration configuration = ReadConfiguration(file);
  const size_t all = configuration.channels.size();
  KeepShard(shard, &configuration);
  std::printf("%s: no mistakes, %zu channels", file.c_str(), all);
  if (shard.count > 1) {
    std::printf(", of them %zu here", configuration.channels.size());
  }
  std::printf("\n");
  return kExitOk;
}

int Watch(const std::string& file, const Shard& shard) {
  // Threads come and go with pipelines, and each new one may begin to fill yet
  // another arena of malloc's: with few of them memory stays flat.
  mallopt(M_ARENA_MAX, kMaxArenas);
  mallopt(M_MMAP_THRESHOLD, kOwnMapping);
  LoadElement();
  std::signal(SIGPIPE, SIG_IGN);
  bool well = false;
  try {
    Program program(file, shard);
    well = program.Run();
  } catch (const ConfigError& error) {
    PrintProblems(error);
  } catch (const std::exception& error) {
    PrintError(kSpec.name, error.what());
  }
  if (well) Log("info", "ended");
  // Threads of connections and pipelines that hang may still run; they must
  // not meet the libraries' own tidying up.
  _exit(well ? kExitOk : kExitFailed);
}

int Main(const Arguments& arguments) {
  if (arguments.positional().size() != 1) {
    throw Error(ErrorCode::kUsage, "one configuration file is wanted");
  }
  const std::string& file = arguments.positional()[0];
  const Shard shard = ParseShard(arguments.Get("--shard", "0/1"), kMostShards);
  gst_init(nullptr, nullptr);
  try {
    return arguments.Has("--check") ? Check(file, shard) : Watch(file, shard);
  } catch (const ConfigError& error) {
    return PrintProblems(error);
  }
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  return graphiqa::RunProgram(graphiqa::kSpec, {argv + 1, argv + argc},
                              graphiqa::Main);
}
