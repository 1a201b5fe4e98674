// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "view_pixels.h"

#include <string>

namespace graphiqa {

void CheckPixels(const ViewPixels& pixels, int size) {
  const View& view = pixels.view;
  const int width = pixels.scaled ? size : view.width;
  const int height = pixels.scaled ? size : view.height;
  const bool sized = view.width > 0 && view.height > 0;
  const size_t wanted =
      sized ? static_cast<size_t>(width) * static_cast<size_t>(height) * 3 : 0;
  if (!sized || pixels.rgb.size() != wanted) {
    throw Error(ErrorCode::kUsage,
                "view of " + std::to_string(view.width) + "x" +
                    std::to_string(view.height) + " pixels needs " +
                    std::to_string(wanted) + " bytes of RGB, got " +
                    std::to_string(pixels.rgb.size()));
  }
}

}  // namespace graphiqa
