// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Options that several commands share.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "finetune_options.h"
#include "meters.h"
#include "program/args.h"

namespace graphiqa {

std::vector<OptionSpec> DataOptionSpecs();
std::vector<OptionSpec> NetworkOptionSpecs();
std::vector<OptionSpec> ViewOptionSpecs();

DataOptions ParseDataOptions(const Arguments& arguments);
NetworkOptions ParseNetworkOptions(const Arguments& arguments);
ViewPlan ParseViewOptions(const Arguments& arguments);

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
