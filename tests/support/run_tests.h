// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace graphiqa {

/// Runs a program's GoogleTest tests and prints why some skipped themselves, a
/// line per reason: "skipped: N of M tests: REASON". Where all of them did, the
/// exit code is 77, which meson shows as SKIP and not as a pass.
/// @returns the exit code for main()
int RunTests(int argc, char** argv);

}  // namespace graphiqa
