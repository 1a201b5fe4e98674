// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace graphiqa {

/// Makes the element graphiqa known to GStreamer: the plugin that belongs to
/// this program (of the build tree, or installed beside it), else the one that
/// GStreamer finds by itself. Call after gst_init().
/// @throws Error(kNotFound) with what to do
void LoadElement();

}  // namespace graphiqa
