// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Options that several commands share.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "meters.h"
#include "options.h"
#include "program/args.h"

namespace graphiqa {

std::vector<OptionSpec> DataOptionSpecs();
std::vector<OptionSpec> NetworkOptionSpecs();
std::vector<OptionSpec> ViewOptionSpecs();
std::vector<OptionSpec> RunOptionSpecs();
/// @param rate,backbone_rate  the command's defaults, as its help says them
std::vector<OptionSpec> OptimiserOptionSpecs(const std::string& rate,
                                             const std::string& backbone_rate);

/// Adds options to a program's.
void Append(std::vector<OptionSpec> from, std::vector<OptionSpec>* to);

/// @param dataset  the default
DataOptions ParseDataOptions(const Arguments& arguments,
                             const std::string& dataset = "biq2021");
/// One crop and one scaled view of 320 pixels.
ViewPlan DefaultViews();

/// @param defaults  what is not given stays
NetworkOptions ParseNetworkOptions(const Arguments& arguments,
                                   const NetworkOptions& defaults = {});

/// @param defaults  what is not given stays
ViewPlan ParseViewOptions(const Arguments& arguments,
                          const ViewPlan& defaults = DefaultViews());
RunOptions ParseRunOptions(const Arguments& arguments);

/// @param defaults  what is not given stays
OptimiserOptions ParseOptimiserOptions(const Arguments& arguments,
                                       const OptimiserOptions& defaults);

/// An integer option that fits an int.
int GetCount(const Arguments& arguments, const std::string& name, int fallback,
             int lowest, int highest);

/// Refuses what is no option. @throws Error(kUsage)
void RequireNoPositional(const Arguments& arguments);

/// The data sets, for the end of --help.
std::string DatasetHelp();

/// RunProgram() for a command that Ctrl-C ends: what is done is kept, one line
/// says so on stderr and the exit code is kExitInterrupted.
int RunInterruptible(const ProgramSpec& spec,
                     const std::vector<std::string>& arguments,
                     const std::function<int(const Arguments&)>& body);

/// Prints measures as a table with one row on stdout.
void PrintAgreement(const std::string& label, size_t pictures,
                    const Agreement& agreement);

}  // namespace graphiqa
