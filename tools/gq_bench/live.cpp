// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// gq-bench live.
#include "child.h"
#include "command.h"
#include "error.h"
#include "lists.h"
#include "live_run.h"
#include "report.h"
#include "samples.h"
#include "streams_options.h"

namespace graphiqa {
namespace {

constexpr double kMaxSeconds = 1e6;
constexpr int kMaxRate = 1000;

const ProgramSpec kSpec{
    "gq-bench live", "[OPTION]… [FILE]",
    "Plays streams in real time, a still test picture or a video FILE, with "
    "graphiqa in live mode and with nothing in its place, in turns: what it "
    "does to the video, and how often each stream is scored. One line per "
    "number of streams.",
    WithStreamsOptions({
        {"--rate", "N", "Frames per second of the test picture; default: 25.",
         ""},
        {"--seconds", "S", "How long to measure; default: 20.", ""},
        {"--warmup", "S", "How long before that; default: 3.", ""},
        {"--rounds", "N", "Times to measure; default: 1.", ""},
    }),
    "Exit codes: 0 all well, 1 something failed (the rest was still done),\n"
    "2 wrong usage, 130 interrupted (what was done is kept).\n"};

const std::vector<Column> kColumns{
    {"streams", "streams", 7, 0},
    {"fps", "with.fps", 7, 1},
    {"lost", "with.lost", 5, 0},
    {"chain p99 ms", "with.chain_ms.p99", 12, 3},
    {"delay p99 ms", "with.delay_ms.p99", 12, 2},
    {"without", "without.delay_ms.p99", 8, 2},
    {"scored/s least", "with.scored_per_s.least", 14, 2},
    {"most", "with.scored_per_s.most", 7, 2},
    {"age p50 ms", "with.age_ms.p50", 10, 0},
    {"p99 ms", "with.age_ms.p99", 8, 0},
    {"cores", "with.cpu_cores", 6, 2},
    {"without", "without.cpu_cores", 8, 2},
    {"peak MiB", "with.peak_memory_mib", 9, 0},
};

LiveSetup SetupFrom(const Arguments& arguments) {
  LiveSetup setup;
  ReadStreams(arguments, &setup);
  setup.rate = static_cast<int>(arguments.GetInt("--rate", 25, 1, kMaxRate));
  setup.seconds = arguments.GetDouble("--seconds", 20, 0.1, kMaxSeconds);
  setup.warmup_s = arguments.GetDouble("--warmup", 3, 0, kMaxSeconds);
  return setup;
}

/// In turns, so that what slows the machine for a while slows both.
Json MeasureInTurns(LiveSetup setup, int rounds) {
  std::vector<Json> with;
  std::vector<Json> without;
  for (int round = 0; round < rounds; ++round) {
    for (const bool scored : {false, true}) {
      setup.scored = scored;
      (scored ? with : without).push_back(RunInChild([&setup] {
        return MeasureLive(setup);
      }));
    }
  }
  return Json::Object{{"without", MedianJson(without)},
                      {"with", MedianJson(with)}};
}

int Measure(const Arguments& arguments) {
  LiveSetup setup = SetupFrom(arguments);
  const auto streams = GetIntList(arguments, "--streams", "1", 1, kMaxStreams);
  const auto rounds =
      static_cast<int>(arguments.GetInt("--rounds", 1, 1, kMaxRounds));
  Json settings = StreamsSettings(setup);
  settings.Set("rounds", rounds);
  settings.Set("seconds", setup.seconds);
  settings.Set("warmup_s", setup.warmup_s);
  if (setup.file.empty()) settings.Set("rate", setup.rate);
  BenchReport report("live", settings, kColumns, streams.size());
  for (const int count : streams) {
    setup.streams = count;
    const bool go_on = report.Add({{"streams", count}}, [&setup, rounds] {
      return MeasureInTurns(setup, rounds);
    });
    if (!go_on) break;
  }
  return report.Finish(arguments.Get("--json"));
}

}  // namespace

int RunLive(const std::vector<std::string>& arguments) {
  return RunProgram(kSpec, arguments, Measure);
}

}  // namespace graphiqa
