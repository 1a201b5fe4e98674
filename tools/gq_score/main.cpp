// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// gq-score: scores images and videos.
#include <gst/gst.h>

#include <algorithm>
#include <opencv2/core/utils/logger.hpp>
#include <thread>

#include "common/element.h"
#include "common/precision.h"
#include "common/shard.h"
#include "common/signals.h"
#include "earlier_rows.h"
#include "format.h"
#include "inputs.h"
#include "page/page_file.h"
#include "program/args.h"
#include "renumbered.h"
#include "report.h"
#include "resume.h"
#include "run_settings.h"
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
        {"--html", "FILE",
         "Write a report there as well: one page that needs no network, with "
         "curves, worst frames and distribution.",
         ""},
        {"--compare", "",
         "The files, 2 to 8, are versions of one content: the report lays "
         "their curves over each other and lists differences to the first.",
         ""},
        {"--jobs", "N",
         "Files to work on at a time; default: one per processor core, at "
         "most 8.",
         "-j"},
        {"--resume", "",
         "Keep what the output file already has and do the rest. Give the "
         "same options as before.",
         ""},
        {"--shard", "I/N",
         "Do only part I, from 0, of N parts of the files. A file's name "
         "decides its part.",
         ""},
    },
    "Exit codes: 0 all files were scored, 1 something failed (the rest was "
    "still done),\n2 wrong usage, 130 interrupted (what was done is kept).\n"};

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
  options.video.precision =
      arguments.GetChoice("--precision", "auto", PrecisionNames());
  options.video.crops =
      static_cast<int>(arguments.GetInt("--crops", 0, 0, kMaxCrops));
  options.video.interval =
      static_cast<int>(arguments.GetInt("--interval", 1, 1, kMaxInterval));
  options.jobs = static_cast<int>(
      arguments.GetInt("--jobs", std::min(cores, kMaxAutoJobs), 1, kMaxJobs));
  return options;
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

/// What the command line stands for.
struct Inputs {
  std::vector<std::string> files;
  /// Folders that hold nothing, with the reason.
  std::vector<std::pair<std::string, std::string>> failed;
};

Inputs InputsFrom(const Arguments& arguments) {
  if (arguments.positional().empty()) {
    throw Error(ErrorCode::kUsage, "no file, folder or URI given");
  }
  const Shard shard = ParseShard(arguments.Get("--shard", "0/1"), kMostShards);
  Inputs inputs;
  inputs.files =
      ExpandInputs(arguments.positional(),
                   [&](const std::string& folder, const std::string& reason) {
                     PrintError(kSpec.name, folder + ": " + reason);
                     inputs.failed.emplace_back(folder, reason);
                   });
  KeepShard(shard, &inputs.files);
  return inputs;
}

void CheckPageOptions(const Arguments& arguments, bool summary, size_t files) {
  const std::string path = arguments.Get("--html");
  if (arguments.Has("--html") &&
      (path.empty() || path == arguments.Get("--output"))) {
    throw Error(ErrorCode::kUsage, "--html needs a file of its own");
  }
  if (!path.empty() && summary && arguments.Has("--resume")) {
    throw Error(ErrorCode::kUsage,
                "--html with --resume needs the frames of earlier runs: no "
                "--summary");
  }
  if (!arguments.Has("--compare")) return;
  if (path.empty()) {
    throw Error(ErrorCode::kUsage, "--compare needs --html");
  }
  if (arguments.Has("--resume") || arguments.Has("--shard")) {
    throw Error(ErrorCode::kUsage,
                "--compare wants all files in one run: no --resume, no "
                "--shard");
  }
  if (files < 2 || files > kCurveStyles) {
    throw Error(ErrorCode::kUsage, "--compare takes 2 to " +
                                       std::to_string(kCurveStyles) +
                                       " files, not " + std::to_string(files));
  }
}

/// The page that is asked for, with what is known before anything is scored;
/// null where none is.
std::unique_ptr<PageFile> PageFrom(const Arguments& arguments,
                                   const Inputs& inputs,
                                   const RunOptions& options,
                                   const ModelDescription& model) {
  if (!arguments.Has("--html")) return nullptr;
  auto page = std::make_unique<PageFile>(
      arguments.Get("--html"), inputs.files, arguments.Has("--compare"),
      DescribeRun(options, model, arguments.Get("--shard")));
  for (const auto& [name, reason] : inputs.failed) {
    page->page()->AddFailure(name, reason);
  }
  return page;
}

/// Numbers of the files in the list of all.
std::vector<size_t> PlacesOf(const std::vector<std::string>& files,
                             const std::vector<std::string>& all) {
  std::vector<size_t> places;
  size_t place = 0;
  for (const std::string& file : files) {
    while (all[place] != file) ++place;
    places.push_back(place++);
  }
  return places;
}

/// Scores the files; writes the page whatever happens, with what is there.
/// @param all  the files of the page, of which `files` are some
size_t ScoreAll(const std::vector<std::string>& files,
                const std::vector<std::string>& all, const RunOptions& options,
                Scorer* scorer, Report* report, PageFile* page) {
  if (page == nullptr) {
    const size_t failed =
        ScoreFiles(files, options, scorer, {report}, StopFlag());
    report->Close();
    return failed;
  }
  Renumbered to_page(page->page(), PlacesOf(files, all));
  try {
    const size_t failed =
        ScoreFiles(files, options, scorer, {report, &to_page}, StopFlag());
    report->Close();
    page->Write(StopFlag());
    return failed;
  } catch (const std::exception&) {
    page->Write(true);
    throw;
  }
}

int Score(const Arguments& arguments) {
  const FormatKind kind = FormatFrom(arguments);
  const bool summary = SummaryFrom(arguments, kind);
  RunOptions options = RunOptionsFrom(arguments);
  const Inputs inputs = InputsFrom(arguments);
  CheckPageOptions(arguments, summary, inputs.files.size());
  std::vector<std::string> files = inputs.files;
  const uint64_t keep = SkipDone(arguments, kind, summary, &files);
  options.video.model_file = arguments.Get("--model");
  if (options.video.model_file.empty()) {
    options.video.model_file = DefaultModelFile();
  }
  ScorerOptions engine;
  engine.model_file = options.video.model_file;
  engine.device = options.video.device;
  engine.precision = PrecisionFrom(options.video.precision);
  const std::shared_ptr<Scorer> scorer = OpenScorer(engine);
  LoadElement();
  options.jobs = static_cast<int>(std::min(static_cast<size_t>(options.jobs),
                                           std::max(files.size(), size_t{1})));
  const std::unique_ptr<PageFile> page =
      PageFrom(arguments, inputs, options, scorer->model());
  const std::string path = arguments.Get("--output");
  if (page && keep > 0) {
    page->SetEarlier(
        ReplayEarlierRows(path, kind, keep, inputs.files, page->page()));
  }
  Output output(path, keep);
  Report report(MakeFormat(kind, NameWidth(files)), &output, files, summary);
  const size_t failed =
      ScoreAll(files, inputs.files, options, scorer.get(), &report, page.get());
  if (StopFlag()) return 128 + StopSignal();
  return failed + inputs.failed.size() > 0 ? kExitFailed : kExitOk;
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
