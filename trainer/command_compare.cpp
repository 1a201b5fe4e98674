// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "commands.h"
#include "compare.h"
#include "format/atomic_file.h"
#include "program/args.h"

namespace graphiqa {
namespace {

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-trainer compare";
  spec.synopsis = "RUN… [OPTION]…";
  spec.about =
      "Compares training runs by the folders that they left: prints the "
      "options that differ and each run's best epoch, and draws their learning "
      "curves.";
  spec.options = {
      {"--by", "COLUMN",
       "column of metrics.csv that decides which epoch is the best (default "
       "val_srocc); the lowest where it is a loss, an error or a time",
       ""},
      {"--curves", "FILE", "write the learning curves as SVG", ""}};
  return spec;
}

int Body(const Arguments& arguments) {
  if (arguments.positional().empty()) {
    throw Error(ErrorCode::kUsage, "a run folder is missing");
  }
  const std::string column = arguments.Get("--by", "val_srocc");
  const std::vector<RunRecord> runs = ReadRuns(arguments.positional());
  const std::string best = BestTable(runs, column);
  if (arguments.Has("--curves")) {
    WriteFileAtomically(arguments.Get("--curves"), CurvesPlot(runs, column));
  }
  if (runs.size() > 1) std::printf("%s\n", OptionTable(runs).c_str());
  std::fputs(best.c_str(), stdout);
  return kExitOk;
}

}  // namespace

int RunCompare(const std::vector<std::string>& arguments) {
  return RunProgram(Spec(), arguments, Body);
}

}  // namespace graphiqa
