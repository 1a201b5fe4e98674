// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace graphiqa {

/// Style sheet and script of the page, besides those of the charts.
const char* PageStyle();
const char* PageScript();

}  // namespace graphiqa
