// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "picture.h"

namespace graphiqa {

/// Takes a picture to 8-bit Y'CbCr of limited range with chroma of half the
/// size (4:2:0, BT.601) and back, as what a video decoder gives has been. A
/// last odd row or column stays as it is.
void PassThrough420(Picture* picture);

}  // namespace graphiqa
