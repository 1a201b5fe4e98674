// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace graphiqa {

/// Exit code of such a copy that lost another: the other one's end is the one
/// to report.
inline constexpr int kExitLost = 3;

/// Starts this program `count` times with its own arguments, each as a rank
/// of one run on this machine, and waits for all of them. SIGINT and SIGTERM
/// are handed on. When a rank fails, the others are asked to stop, and killed
/// when they do not within some seconds; one line on stderr names the rank and
/// how it ended.
/// @param program  named in that line
/// @returns the exit code: that of the rank that failed first, 1 when a signal
///   ended it; kExitInterrupted after an interrupt; else 0
/// @throws Error(kFile) when they cannot be started
int RunCopies(int count, const std::string& program);

/// A port of this machine that nobody listens on right now.
/// @throws Error(kFile)
int FreePort();

/// For such a copy: asks the kernel to stop it when its parent is gone.
void FollowParent();

}  // namespace graphiqa
