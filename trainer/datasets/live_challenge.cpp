// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// LIVE In the Wild Image Quality Challenge Database (Ghadiyaram, Bovik 2016):
/// 1,162 photographs of phones, opinion scores from 0 to 100.

#include "datasets/builder.h"
#include "datasets/mat_file.h"
#include "datasets/readers.h"

namespace graphiqa {
namespace {

/// The lists begin with the pictures that observers were trained on.
constexpr size_t kTrainingPictures = 7;

}  // namespace

Dataset ReadLiveChallenge(const DatasetOptions& options) {
  const DatasetRoot root("livec", options.data,
                         "Images/ and Data/ with AllImages_release.mat and "
                         "AllMOS_release.mat");
  const FolderIndex folder(root.Require({"Images"}));
  const DatasetRoot data("livec", root.Require({"Data"}),
                         "AllImages_release.mat and AllMOS_release.mat");
  const MatFile images(data.Require({"AllImages_release.mat"}));
  const MatFile labels(data.Require({"AllMOS_release.mat"}));
  const std::vector<std::string> names = images.Texts("AllImages_release");
  const std::vector<double> ratings = labels.Numbers("AllMOS_release");
  if (names.size() != ratings.size()) {
    throw Error(ErrorCode::kFormat,
                labels.path() + ", variable 'AllMOS_release': " +
                    std::to_string(ratings.size()) + " values for " +
                    std::to_string(names.size()) + " pictures in " +
                    images.path());
  }
  DatasetBuilder builder(images.path(), "LIVE Challenge: its own terms", 0,
                         100);
  for (size_t i = kTrainingPictures; i < names.size(); ++i) {
    const Place place{images.path(), "entry", i + 1};
    Sample sample;
    sample.image = names[i];
    sample.path = RequirePicture(folder, names[i], place);
    sample.mos = ratings[i];
    sample.group = names[i];
    builder.Add(std::move(sample), {labels.path(), "entry", i + 1},
                "AllMOS_release");
  }
  return builder.Take();
}

}  // namespace graphiqa
