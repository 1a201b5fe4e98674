// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// gq-score: scores images and videos.
#include <gst/gst.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <opencv2/core/utils/logger.hpp>
#include <thread>

#include "element_loader/element_loader.h"
#include "format.h"
#include "inputs.h"
#include "program/args.h"
#include "report.h"
#include "resume.h"
#include "runner.h"

namespace graphiqa {
namespace {

constexpr int64_t kMaxCrops = 256;
constexpr int64_t kMaxInterval = 1000000;
constexpr int64_t kMaxJobs = 256;
constexpr int64_t kMaxAutoJobs = 8;
constexpr size_t kMaxNameWidth = 60;

const ProgramSpec kSpec{
    "gq-score",
    "[OPTION]… FILE|FOLDER|URI…",
    "Scores the quality of images (what OpenCV reads) and videos (what "
    "GStreamer plays) from 0 to 100, higher is better. A folder stands for "
    "the images and videos in it and below.",
    {
        {"--model", "FILE", "Model to use; default: the one installed.", ""},
        {"--device", "NAME", "auto, cpu, cuda or cuda:N; default: auto.", ""},
        {"--precision", "NAME",
         "auto, fp32, bf16 or fp16; default: auto, which is bf16 where the "
         "device is faster with it.",
         ""},
        {"--crops", "N",
         "Views per image or frame, 0 = the model's own number; default: 0.",
         ""},
        {"--interval", "N", "Score every N-th frame of a video; default: 1.",
         ""},
        {"--format", "NAME",
         "table, csv or jsonl (JSON lines); default: what the end of the "
         "output file's name says, else table.",
         "-f"},
        {"--output", "FILE", "Write the results there, not to stdout.", "-o"},
        {"--per-frame", "",
         "One line per image and scored frame: the default for csv and jsonl.",
         ""},
        {"--summary", "", "One line per file: the default for table.", ""},
        {"--jobs", "N",
         "Files to work on at a time; default: one per processor core, at "
         "most 8.",
         "-j"},
        {"--resume", "",
         "Keep what the output file already has and do the rest. Give the "
         "same options as before.",
         ""},
    },
    "Exit codes: 0 all files were scored, 1 something failed (the rest was "
    "still done),\n2 wrong usage, 130 interrupted (what was done is kept).\n"};

std::atomic<bool> stop{false};
std::atomic<int> stop_signal{0};

/// The first signal ends the work in order, a second one at once.
void OnSignal(int signal) {
  stop_signal = signal;
  stop = true;
}

void HandleSignals() {
  struct sigaction action {};
  action.sa_handler = OnSignal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // writing then fails, which is reported
}

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() &&
         text.compare(text.size() - end.size(), end.size(), end) == 0;
}

FormatKind FormatFrom(const Arguments& arguments) {
  const std::string output = arguments.Get("--output");
  std::string fallback = "table";
  if (EndsWith(output, ".csv")) fallback = "csv";
  if (EndsWith(output, ".jsonl")) fallback = "jsonl";
  const std::string name =
      arguments.GetChoice("--format", fallback, {"table", "csv", "jsonl"});
  if (name == "csv") return FormatKind::kCsv;
  return name == "jsonl" ? FormatKind::kJsonLines : FormatKind::kTable;
}

bool SummaryFrom(const Arguments& arguments, FormatKind kind) {
  if (arguments.Has("--summary") && arguments.Has("--per-frame")) {
    throw Error(ErrorCode::kUsage,
                "--summary and --per-frame exclude each "
                "other");
  }
  if (arguments.Has("--summary")) return true;
  return kind == FormatKind::kTable && !arguments.Has("--per-frame");
}

RunOptions RunOptionsFrom(const Arguments& arguments) {
  const int64_t cores = std::max(1U, std::thread::hardware_concurrency());
  RunOptions options;
  options.video.device = arguments.Get("--device", "auto");
  options.video.precision = arguments.GetChoice(
      "--precision", "auto", {"auto", "fp32", "bf16", "fp16"});
  options.video.crops =
      static_cast<int>(arguments.GetInt("--crops", 0, 0, kMaxCrops));
  options.video.interval =
      static_cast<int>(arguments.GetInt("--interval", 1, 1, kMaxInterval));
  options.jobs = static_cast<int>(
      arguments.GetInt("--jobs", std::min(cores, kMaxAutoJobs), 1, kMaxJobs));
  return options;
}

std::shared_ptr<Scorer> OpenModel(const VideoOptions& video) {
  ScorerOptions options;
  options.model_file = video.model_file;
  options.device = video.device;
  options.precision = video.precision == "fp32"   ? Precision::kFp32
                      : video.precision == "bf16" ? Precision::kBf16
                      : video.precision == "fp16" ? Precision::kFp16
                                                  : Precision::kAuto;
  return OpenScorer(options);
}

/// Drops the files that an earlier output has.
/// @returns how much of that output stays, bytes
uint64_t SkipDone(const Arguments& arguments, FormatKind kind, bool summary,
                  std::vector<std::string>* files) {
  if (!arguments.Has("--resume")) return 0;
  const std::string output = arguments.Get("--output");
  if (output.empty() || kind == FormatKind::kTable) {
    throw Error(ErrorCode::kUsage,
                "--resume needs --output and the format csv or jsonl");
  }
  const ResumePoint point = ReadResumePoint(output, kind, summary);
  files->erase(
      std::remove_if(files->begin(), files->end(),
                     [&](const std::string& file) {
                       return point.done.count(OutputName(kind, file)) > 0;
                     }),
      files->end());
  return point.keep_bytes;
}

size_t NameWidth(const std::vector<std::string>& files) {
  size_t width = 4;
  for (const std::string& file : files) {
    width = std::max(width, CharacterCount(file));
  }
  return std::min(width, kMaxNameWidth);
}

int Score(const Arguments& arguments) {
  if (arguments.positional().empty()) {
    throw Error(ErrorCode::kUsage, "no file, folder or URI given");
  }
  const FormatKind kind = FormatFrom(arguments);
  const bool summary = SummaryFrom(arguments, kind);
  RunOptions options = RunOptionsFrom(arguments);
  size_t failed = 0;
  std::vector<std::string> files =
      ExpandInputs(arguments.positional(), [&](const std::string& text) {
        PrintError(kSpec.name, text);
        ++failed;
      });
  const uint64_t keep = SkipDone(arguments, kind, summary, &files);
  options.video.model_file = arguments.Get("--model");
  if (options.video.model_file.empty()) {
    options.video.model_file = DefaultModelFile();
  }
  const std::shared_ptr<Scorer> scorer = OpenModel(options.video);
  LoadElement();
  Output output(arguments.Get("--output"), keep);
  Report report(MakeFormat(kind, NameWidth(files)), &output, files, summary);
  options.jobs = static_cast<int>(std::min(static_cast<size_t>(options.jobs),
                                           std::max(files.size(), size_t{1})));
  failed += ScoreFiles(files, options, scorer.get(), &report, stop);
  if (stop) return 128 + stop_signal;
  return failed > 0 ? kExitFailed : kExitOk;
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  // Its own messages would mix with ours; errors arrive as exceptions.
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  return graphiqa::RunProgram(graphiqa::kSpec, {argv + 1, argv + argc},
                              [](const graphiqa::Arguments& arguments) {
                                graphiqa::HandleSignals();
                                gst_init(nullptr, nullptr);
                                return graphiqa::Score(arguments);
                              });
}
