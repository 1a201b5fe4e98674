// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace graphiqa {

/// The style sheet of everything that chart/ draws; pages may override its
/// custom properties (--gq-…). Light and dark as the reader's system asks for.
const char* ChartStyle();

/// The script that shows values under the pointer. The charts say all without
/// it.
const char* ChartScript();

}  // namespace graphiqa
