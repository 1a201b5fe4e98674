// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// gq-distort: distorts pictures.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <sstream>
#include <thread>

#include "distortions/distortion.h"
#include "interrupt.h"
#include "pictures.h"
#include "plan.h"
#include "program/args.h"
#include "render.h"
#include "sheet.h"
#include "strength.h"

namespace graphiqa {
namespace {

constexpr const char* kName = "gq-distort";
constexpr int64_t kMaxJobs = 256;
constexpr int64_t kMaxSeed = (int64_t{1} << 53) - 1;

const ProgramSpec kSpec{
    kName,
    "[OPTION]… IN OUT",
    "Distorts pictures by the 25 distortions of KADID-10k and KADIS-700k, each "
    "at five levels. IN is a picture, or a folder: then OUT is a folder that "
    "gets every picture with every type and level asked for, and a list "
    "distortions.csv. What is there already is kept.",
    {
        {"--type", "T[,T]",
         "Numbers or names (see --list); default for folders: all.", "-t"},
        {"--level", "L[,L]", "1 to 5; default for folders: all.", "-l"},
        {"--seed", "S",
         "Of the random numbers; in folders, mixed with each picture's name; "
         "default: 0.",
         "-s"},
        {"--stretch", "",
         "Stretch the values of the picture to the full range before and "
         "after, as the official generator does. Default for --kadis and "
         "--kadid.",
         ""},
        {"--no-stretch", "", "Do not.", ""},
        {"--format", "END",
         "End of the names of pictures in folders: png, bmp or another; "
         "default: png, "
         "with --kadis bmp.",
         ""},
        {"--overwrite", "", "Make anew what is there already.", ""},
        {"--kadis", "LIST",
         "Fill OUT as KADIS-700k: IN has the references, LIST is the official "
         "kadis700k_ref_imgs.csv.",
         ""},
        {"--second-type", "",
         "With --kadis: make the references' second type too, which the "
         "official generator leaves out (all are type 8).",
         ""},
        {"--kadid", "",
         "Fill OUT as KADID-10k: IN has the references (I01.png and so on).",
         ""},
        {"--sheet", "FILE",
         "Write one picture with all types and levels of IN; no OUT.", ""},
        {"--strength", "TABLE",
         "Measure the distortions over the photos in IN and compare with a "
         "table of the official generator's strength; OUT is a CSV file, "
         "default: stdout.",
         ""},
        {"--photos", "N", "With --strength: how many; default: all.", ""},
        {"--list", "", "Print the table of types and levels.", ""},
        {"--jobs", "N",
         "Pictures to work on at a time; default: one per processor core.",
         "-j"},
    },
    "Exit codes: 0 all is well, 1 something failed (the rest was still done; "
    "with\n--strength: a mean is out of range), 2 wrong usage, 130 interrupted "
    "(what was\ndone is kept; the same command goes on).\n"};

/// The parts of a list with commas.
std::vector<std::string> Parts(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) {
    parts.push_back(part);
  }
  return parts;
}

std::vector<int> Range(int count) {
  std::vector<int> numbers;
  for (int i = 1; i <= count; ++i) numbers.push_back(i);
  return numbers;
}

void AddOnce(int number, std::vector<int>* numbers) {
  if (std::find(numbers->begin(), numbers->end(), number) == numbers->end()) {
    numbers->push_back(number);
  }
}

std::vector<int> TypesFrom(const Arguments& arguments) {
  const std::string text = arguments.Get("--type", "all");
  if (text == "all") return Range(kDistortionTypes);
  std::vector<int> types;
  for (const std::string& part : Parts(text)) {
    AddOnce(FindDistortion(part).number, &types);
  }
  if (types.empty()) FindDistortion(text);
  return types;
}

std::vector<int> LevelsFrom(const Arguments& arguments) {
  const std::string text = arguments.Get("--level", "all");
  if (text == "all") return Range(kDistortionLevels);
  std::vector<int> levels;
  for (const std::string& part : Parts(text)) {
    if (part.size() != 1 || part[0] < '1' || part[0] > '5') {
      throw Error(ErrorCode::kUsage,
                  "--level needs numbers from 1 to 5, not \"" + text + "\"");
    }
    AddOnce(part[0] - '0', &levels);
  }
  if (levels.empty()) throw Error(ErrorCode::kUsage, "--level is empty");
  return levels;
}

int JobsFrom(const Arguments& arguments) {
  const int64_t cores = std::max(1U, std::thread::hardware_concurrency());
  return static_cast<int>(arguments.GetInt("--jobs", cores, 1, kMaxJobs));
}

uint64_t SeedFrom(const Arguments& arguments) {
  return static_cast<uint64_t>(arguments.GetInt("--seed", 0, 0, kMaxSeed));
}

bool StretchFrom(const Arguments& arguments) {
  if (arguments.Has("--stretch") && arguments.Has("--no-stretch")) {
    throw Error(ErrorCode::kUsage,
                "--stretch and --no-stretch exclude each other");
  }
  if (arguments.Has("--no-stretch")) return false;
  return arguments.Has("--stretch") || arguments.Has("--kadis") ||
         arguments.Has("--kadid");
}

void RequirePositional(const Arguments& arguments, size_t low, size_t high,
                       const std::string& wanted) {
  const size_t count = arguments.positional().size();
  if (count >= low && count <= high) return;
  throw Error(
      ErrorCode::kUsage,
      wanted + " expected, " + std::to_string(count) + " names were given");
}

/// Options that make sense only together with another.
void CheckModes(const Arguments& arguments) {
  std::string chosen;
  for (const char* mode :
       {"--kadis", "--kadid", "--sheet", "--strength", "--list"}) {
    if (!arguments.Has(mode)) continue;
    if (!chosen.empty()) {
      throw Error(ErrorCode::kUsage,
                  chosen + " and " + mode + " exclude each other");
    }
    chosen = mode;
  }
  for (const auto& [option, mode] : {std::pair("--second-type", "--kadis"),
                                     std::pair("--photos", "--strength")}) {
    if (arguments.Has(option) && chosen != mode) {
      throw Error(ErrorCode::kUsage,
                  std::string(option) + " needs " + std::string(mode));
    }
  }
}

int RunList() {
  std::printf("%2s  %-28s %-12s %-7s %-31s %s\n", "", "name", "family",
              "random", "levels are", "levels 1 to 5");
  for (const DistortionEntry* entry = kDistortions; entry->name; ++entry) {
    std::string values;
    for (const double value : entry->values) values += cv::format("%g ", value);
    values.pop_back();
    std::printf("%2d  %-28s %-12s %-7s %-31s %s\n", entry->number, entry->name,
                entry->family, entry->random ? "yes" : "no", entry->parameter,
                values.c_str());
  }
  return kExitOk;
}

int RunStrength(const Arguments& arguments) {
  RequirePositional(arguments, 1, 2, "a folder of photos, and a CSV file");
  StrengthOptions options;
  options.table = arguments.Get("--strength");
  options.folder = arguments.positional()[0];
  if (arguments.positional().size() == 2) {
    options.output = arguments.positional()[1];
  }
  options.photos =
      static_cast<int>(arguments.GetInt("--photos", 0, 1, 1000000));
  options.seed = SeedFrom(arguments);
  options.jobs = JobsFrom(arguments);
  const int outside = CompareStrength(options);
  if (outside == 0) return kExitOk;
  PrintError(kName, std::to_string(outside) + " means are out of range");
  return kExitFailed;
}

int RunSheet(const Arguments& arguments) {
  RequirePositional(arguments, 1, 1, "one picture");
  SheetOptions options;
  options.types = TypesFrom(arguments);
  options.levels = LevelsFrom(arguments);
  options.seed = SeedFrom(arguments);
  options.stretch = StretchFrom(arguments);
  options.jobs = JobsFrom(arguments);
  const cv::Mat sheet = MakeSheet(ReadRgb(arguments.positional()[0]), options);
  ThrowIfInterrupted();
  WriteRgb(arguments.Get("--sheet"), sheet);
  return kExitOk;
}

int RunPicture(const Arguments& arguments) {
  const std::vector<int> types = TypesFrom(arguments);
  const std::vector<int> levels = LevelsFrom(arguments);
  if (types.size() != 1 || levels.size() != 1) {
    throw Error(ErrorCode::kUsage,
                "one picture needs one --type and one --level");
  }
  DistortOptions options;
  options.stretch = StretchFrom(arguments);
  const cv::Mat picture = ReadRgb(arguments.positional()[0]);
  WriteRgb(arguments.positional()[1],
           Distort(picture, types[0], levels[0], SeedFrom(arguments), options));
  return kExitOk;
}

RenderPlan PlanFrom(const Arguments& arguments) {
  PlanOptions options;
  options.in = arguments.positional()[0];
  options.out = arguments.positional()[1];
  options.types = TypesFrom(arguments);
  options.levels = LevelsFrom(arguments);
  options.seed = SeedFrom(arguments);
  options.stretch = StretchFrom(arguments);
  options.format =
      arguments.Get("--format", arguments.Has("--kadis") ? "bmp" : "png");
  if (arguments.Has("--kadis")) {
    return PlanKadis(options, arguments.Get("--kadis"),
                     arguments.Has("--second-type"));
  }
  return arguments.Has("--kadid") ? PlanKadid(options) : PlanFolder(options);
}

int RunFolder(const Arguments& arguments) {
  RenderOptions options;
  options.jobs = JobsFrom(arguments);
  options.overwrite = arguments.Has("--overwrite");
  const RenderResult result =
      Render(PlanFrom(arguments), options,
             [](const std::string& message) { PrintError(kName, message); });
  std::printf("%zu pictures made, %zu were there, %zu failures%s\n",
              result.made, result.there, result.failed,
              result.whole ? "" : ", interrupted");
  if (!result.whole) return kExitInterrupted;
  return result.failed == 0 ? kExitOk : kExitFailed;
}

int Run(const Arguments& arguments) {
  CheckModes(arguments);
  if (arguments.Has("--list")) {
    RequirePositional(arguments, 0, 0, "no name");
    return RunList();
  }
  if (arguments.Has("--strength")) return RunStrength(arguments);
  if (arguments.Has("--sheet")) return RunSheet(arguments);
  RequirePositional(arguments, 2, 2, "IN and OUT");
  const std::string& in = arguments.positional()[0];
  if (!std::filesystem::exists(in)) {
    throw Error(ErrorCode::kNotFound, in + ": no such file or folder");
  }
  const bool folder = arguments.Has("--kadis") || arguments.Has("--kadid") ||
                      std::filesystem::is_directory(in);
  return folder ? RunFolder(arguments) : RunPicture(arguments);
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  using namespace graphiqa;
  // Pictures are worked on in parallel, not their parts; errors are told by us.
  cv::setNumThreads(1);
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  WatchInterrupts();
  return RunProgram(kSpec, {argv + 1, argv + argc},
                    [](const Arguments& parsed) {
                      try {
                        return Run(parsed);
                      } catch (const Error& error) {
                        if (error.code() != ErrorCode::kCancelled) throw;
                        PrintError(kName, error.what());
                        return static_cast<int>(kExitInterrupted);
                      }
                    });
}
