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

/// Runs `body`; an interruption gives exit code 130 with one line on stderr.
int Interruptible(const std::string& program, const std::function<int()>& body);

/// Prints measures as a table with one row on stdout.
void PrintAgreement(const std::string& label, size_t pictures,
                    const Agreement& agreement);

}  // namespace graphiqa
