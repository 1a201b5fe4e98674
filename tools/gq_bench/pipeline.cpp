// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// gq-bench pipeline.
#include "child.h"
#include "command.h"
#include "lists.h"
#include "pipeline_run.h"
#include "report.h"
#include "samples.h"
#include "streams_options.h"

namespace graphiqa {
namespace {

constexpr int kMaxFrames = 10'000'000;

const ProgramSpec kSpec{
    "gq-bench pipeline", "[OPTION]… [FILE]",
    "Measures whole GStreamer pipelines, a test picture or a video FILE, with "
    "graphiqa and with nothing in its place, in turns, as fast as they go. "
    "One line per number of streams.",
    WithStreamsOptions({
        {"--frames", "N", "Frames of the test picture; default: 200.", ""},
        {"--warmup", "N",
         "Frames of each stream before it counts; default: 25.", ""},
        {"--rounds", "N", "Times to measure; default: 3.", ""},
    }),
    "Exit codes: 0 all well, 1 something failed (the rest was still done),\n"
    "2 wrong usage, 130 interrupted (what was done is kept).\n"};

const std::vector<Column> kColumns{
    {"streams", "streams", 7, 0},
    {"fps without", "without.fps.median", 12, 1},
    {"fps with", "with.fps.median", 10, 1},
    {"share", "fps_share", 6, 3},
    {"added p50 ms", "with.latency_p50_ms.median", 12, 2},
    {"p99 ms", "with.latency_p99_ms.median", 9, 2},
    {"cores without", "without.cpu_cores.median", 13, 2},
    {"cores with", "with.cpu_cores.median", 10, 2},
    {"peak MiB", "with.peak_memory_mib.median", 9, 0},
};

PipelineSetup SetupFrom(const Arguments& arguments) {
  PipelineSetup setup;
  ReadStreams(arguments, &setup);
  setup.frames =
      static_cast<int>(arguments.GetInt("--frames", 200, 2, kMaxFrames));
  setup.warmup_frames =
      static_cast<int>(arguments.GetInt("--warmup", 25, 1, kMaxFrames));
  if (setup.file.empty() && setup.frames <= setup.warmup_frames) {
    throw Error(ErrorCode::kUsage, "--frames must be more than --warmup: " +
                                       std::to_string(setup.frames) + " and " +
                                       std::to_string(setup.warmup_frames));
  }
  return setup;
}

/// The measurements of several rounds.
class Rounds {
 public:
  void Add(const Json& round) {
    fps_.push_back(round.GetDouble("fps"));
    cores_.push_back(round.GetDouble("cpu_cores"));
    memory_.push_back(Number(round, "peak_memory_mib"));
    const Json& latency = round.At("latency_ms");
    if (!latency.IsNull()) {
      p50_.push_back(latency.GetDouble("p50"));
      p99_.push_back(latency.GetDouble("p99"));
    }
    last_ = round;
  }

  Json ToJson() const {
    return Json::Object{
        {"fps", RoundsJson(fps_)},
        {"cpu_cores", RoundsJson(cores_)},
        {"latency_p50_ms", p50_.empty() ? Json() : RoundsJson(p50_)},
        {"latency_p99_ms", p99_.empty() ? Json() : RoundsJson(p99_)},
        {"peak_memory_mib", RoundsJson(memory_)},
        {"frames", last_.At("frames")},
        {"scored_share", last_.At("scored_share")}};
  }

  double MedianFps() const { return Median(fps_); }

 private:
  static double Number(const Json& round, const char* key) {
    const Json& value = round.At(key);
    return value.IsNull() ? 0 : value.AsDouble(key);
  }

  std::vector<double> fps_;
  std::vector<double> cores_;
  std::vector<double> memory_;
  std::vector<double> p50_;
  std::vector<double> p99_;
  Json last_;
};

/// In turns, so that what slows the machine for a while slows both.
Json MeasureInTurns(PipelineSetup setup, int rounds) {
  Rounds with;
  Rounds without;
  for (int round = 0; round < rounds; ++round) {
    for (const bool scored : {false, true}) {
      setup.scored = scored;
      (scored ? with : without).Add(RunInChild([&setup] {
        return MeasurePipeline(setup);
      }));
    }
  }
  return Json::Object{{"without", without.ToJson()},
                      {"with", with.ToJson()},
                      {"fps_share", with.MedianFps() / without.MedianFps()}};
}

Json SettingsOf(const PipelineSetup& setup, int rounds) {
  Json settings = StreamsSettings(setup);
  settings.Set("rounds", rounds);
  settings.Set("warmup_frames", setup.warmup_frames);
  return settings;
}

int Measure(const Arguments& arguments) {
  PipelineSetup setup = SetupFrom(arguments);
  const auto streams = GetIntList(arguments, "--streams", "1", 1, kMaxStreams);
  const auto rounds =
      static_cast<int>(arguments.GetInt("--rounds", 3, 1, kMaxRounds));
  BenchReport report("pipeline", SettingsOf(setup, rounds), kColumns,
                     streams.size());
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

int RunPipeline(const std::vector<std::string>& arguments) {
  return RunProgram(kSpec, arguments, Measure);
}

}  // namespace graphiqa
