// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace graphiqa {

/// Makes the element known to GStreamer: the one of this build or installation
/// where it is found beside the program, else what GStreamer finds.
/// @throws Error(kNotFound) with the way out
void LoadElement();

}  // namespace graphiqa
