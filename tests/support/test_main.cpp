// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "run_tests.h"

int main(int argc, char** argv) { return graphiqa::RunTests(argc, argv); }
