// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// LibTorch's package holds Gloo itself and c10d's header ProcessGroupGloo.hpp,
/// but not the headers of Gloo that it includes. That header uses Gloo's
/// classes by pointer and as one base class alone, so these declarations let it
/// compile. Nothing here is ever constructed by our code: objects of these
/// classes are made, used and destroyed inside LibTorch.
#pragma once
