// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "datasets/builder.h"
#include "datasets/folder.h"

namespace graphiqa {

/// Where the lists of the released code and their pictures are.
struct TypeLists {
  std::string lists;      ///< folder with type1.csv … type25.csv
  std::string pictures;   ///< folder of the distorted pictures
  std::string originals;  ///< folder of the undistorted ones, or empty
  bool rated = false;     ///< column dmos is a rating (KADID), not a dummy
};

/// Whether a folder holds such lists.
bool HasTypeLists(const std::string& folder);

/// Adds the pictures of `type1.csv` … `type25.csv` (dist_img, type, level;
/// dmos and ref_img where there are such columns), which may be empty but must
/// all be there, then their originals as undistorted samples.
/// @throws Error(kNotFound|kFormat) also when a name contradicts type or level
void AddTypeLists(const TypeLists& source, DatasetBuilder* builder);

}  // namespace graphiqa
