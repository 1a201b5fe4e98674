// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Which pictures to make from which: plain folders and the trees of KADIS-700k
/// and KADID-10k.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace graphiqa {

/// One reference with one type at several levels.
struct RenderItem {
  std::string reference;  ///< file name, relative to RenderPlan::references
  int type = 0;
  uint64_t seed = 0;
  std::vector<std::string> outputs;  ///< by level, relative to `images`
};

/// A folder to fill.
struct RenderPlan {
  std::string references;        ///< folder
  std::string images;            ///< folder of the outputs
  std::string list;              ///< CSV file to write
  std::string type_lists;        ///< folder for one CSV a type; empty = none
  bool copy_references = false;  ///< put the references beside the outputs
  bool stretch = false;
  std::vector<int> levels;
  std::vector<RenderItem> items;
};

struct PlanOptions {
  std::string in;   ///< folder of references
  std::string out;  ///< folder to fill
  std::vector<int> types;
  std::vector<int> levels;
  uint64_t seed = 0;
  std::string format = "png";  ///< end of the outputs' names
  bool stretch = false;
};

/// `<stem>_<TT>_<LL>.<format>` of every picture in the folder and below, types
/// and levels as asked; sub-folders are kept; the list is `distortions.csv`.
/// @throws Error(kUsage) when two pictures would get the same name
RenderPlan PlanFolder(const PlanOptions& options);

/// KADID-10k: `images/` with the references and all outputs as PNG, and
/// `distortions.csv` (there are no scores to put into a dmos.csv).
RenderPlan PlanKadid(const PlanOptions& options);

/// KADIS-700k from its list of references (columns ref_im, dist_type_1,
/// dist_type_2): `dist_imgs/<stem>_<TT>_<LL>.bmp` of the one type each
/// reference has, `kadis700k_dist_imgs.csv`, and `types_csv/type<N>.csv` as
/// GraphIQA reads them.
/// @param second_type  render dist_type_2 too where there is one; the official
///   program never does, which is why KADIS-700k has no pictures of type 8
/// @throws Error(kFormat) naming the file and line that is wrong
RenderPlan PlanKadis(const PlanOptions& options, const std::string& list,
                     bool second_type);

/// The seed for one reference, from the program's seed and the reference's
/// name without its end, so that a picture does not depend on its neighbours.
uint64_t ReferenceSeed(uint64_t seed, const std::string& stem);

}  // namespace graphiqa
