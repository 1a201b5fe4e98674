// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// See gloo/algorithm.h beside this folder.
#pragma once
