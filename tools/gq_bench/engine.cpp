// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// gq-bench engine.
#include "child.h"
#include "command.h"
#include "engine_run.h"
#include "lists.h"
#include "report.h"
#include "scorer.h"

namespace graphiqa {
namespace {

constexpr int kMaxBatch = 4096;
constexpr int kMaxThreads = 1024;
constexpr int kMaxRounds = 1000;
constexpr double kMaxSeconds = 3600;

const ProgramSpec kSpec{
    "gq-bench engine",
    "[OPTION]… [MODEL]…",
    "Measures the engine alone: random pictures go in, results come out. One "
    "line per model, device, precision and batch size, each measured in a "
    "process of its own.",
    {
        {"--batch", "LIST", "Views per pass; default: 1,8.", ""},
        {"--precision", "LIST", "auto, fp32, bf16, fp16; default: auto.", ""},
        {"--device", "LIST", "auto, cpu, cuda or cuda:N; default: auto.", ""},
        {"--threads", "N",
         "Threads of the engine on the CPU, 0 = all; "
         "default: 0.",
         ""},
        {"--rounds", "N", "Times to measure; default: 5.", ""},
        {"--seconds", "S",
         "Length of a round, once for throughput and once for latency; "
         "default: 2.",
         ""},
        {"--warmup", "S", "Time to run before; default: 1.", ""},
        {"--json", "FILE", "Write the results there as well.", ""},
    },
    "Exit codes: 0 all well, 1 something failed (the rest was still done),\n"
    "2 wrong usage, 130 interrupted (what was done is kept).\n"};

const std::vector<Column> kColumns{
    {"model", "model", -36, 0},
    {"device", "runs_on", -7, 0},
    {"in", "computes_in", -5, 0},
    {"batch", "batch", 5, 0},
    {"crops/s", "crops_per_s.median", 9, 1},
    {"p50 ms", "latency_ms.p50", 9, 2},
    {"p99 ms", "latency_ms.p99", 9, 2},
    {"peak MiB", "peak_memory_mib", 9, 0},
};

EngineSetup SetupFrom(const Arguments& arguments) {
  EngineSetup setup;
  setup.threads =
      static_cast<int>(arguments.GetInt("--threads", 0, 0, kMaxThreads));
  setup.rounds =
      static_cast<int>(arguments.GetInt("--rounds", 5, 1, kMaxRounds));
  setup.round_s = arguments.GetDouble("--seconds", 2, 0, kMaxSeconds);
  setup.warmup_s = arguments.GetDouble("--warmup", 1, 0, kMaxSeconds);
  return setup;
}

/// Every combination, in the order of the lists.
std::vector<EngineSetup> SetupsFrom(const Arguments& arguments) {
  const EngineSetup common = SetupFrom(arguments);
  const auto batches = GetIntList(arguments, "--batch", "1,8", 1, kMaxBatch);
  const auto precisions = GetPrecisions(arguments);
  const auto devices = GetList(arguments, "--device", "auto");
  std::vector<std::string> models = arguments.positional();
  if (models.empty()) models = {DefaultModelFile()};
  std::vector<EngineSetup> setups;
  for (const std::string& model : models) {
    for (const std::string& device : devices) {
      for (const std::string& precision : precisions) {
        for (const int batch : batches) {
          setups.push_back(common);
          setups.back().model_file = model;
          setups.back().device = device;
          setups.back().precision = precision;
          setups.back().batch = batch;
        }
      }
    }
  }
  return setups;
}

int Measure(const Arguments& arguments) {
  const std::vector<EngineSetup> setups = SetupsFrom(arguments);
  const EngineSetup& common = setups.front();
  BenchReport report("engine",
                     Json::Object{{"rounds", common.rounds},
                                  {"seconds", common.round_s},
                                  {"warmup_s", common.warmup_s}},
                     kColumns, setups.size());
  for (const EngineSetup& setup : setups) {
    const Json::Object what{{"model", setup.model_file},
                            {"device", setup.device},
                            {"precision", setup.precision},
                            {"threads", setup.threads},
                            {"batch", setup.batch}};
    const bool go_on = report.Add(what, [&setup] {
      return RunInChild([&setup] { return MeasureEngine(setup); });
    });
    if (!go_on) break;
  }
  return report.Finish(arguments.Get("--json"));
}

}  // namespace

int RunEngine(const std::vector<std::string>& arguments) {
  return RunProgram(kSpec, arguments, Measure);
}

}  // namespace graphiqa
