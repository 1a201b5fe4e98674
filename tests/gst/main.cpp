// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <gst/gst.h>

#include "run_tests.h"

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  return graphiqa::RunTests(argc, argv);
}
