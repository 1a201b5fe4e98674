// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "header_test.c"
