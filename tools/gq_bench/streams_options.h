// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench_streams.h"
#include "format/json.h"
#include "program/args.h"

namespace graphiqa {

inline constexpr int kMaxStreams = 256;
inline constexpr int kMaxRounds = 1000;

/// Options that every command with streams takes, after those of its own.
std::vector<OptionSpec> WithStreamsOptions(std::vector<OptionSpec> own);

/// Reads them, and FILE. The number of streams stays as it is.
/// @throws Error(kUsage) naming what is wrong
void ReadStreams(const Arguments& arguments, StreamsSetup* setup);

/// What was asked for, for the results.
Json StreamsSettings(const StreamsSetup& setup);

}  // namespace graphiqa
