// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// TID2013 (Ponomarenko et al. 2015): 25 originals, 24 types, 5 levels;
/// opinion scores from 0 to 9.

#include <array>
#include <sstream>

#include "datasets/builder.h"
#include "datasets/kadid_names.h"
#include "datasets/readers.h"

namespace graphiqa {
namespace {

/// KADID's number of each of TID's 24 types where both mean the same
/// operation, -1 elsewhere. Strengths and levels differ.
constexpr std::array<int, 24> kDistortion = {
    11,  // additive Gaussian noise
    12,  // noise in colour components
    -1,  // spatially correlated noise
    -1,  // masked noise
    -1,  // high-frequency noise
    13,  // impulse noise
    22,  // quantization noise
    1,   // Gaussian blur
    15,  // image denoising
    10,  // JPEG
    9,   // JPEG2000
    -1,  // JPEG transmission errors
    -1,  // JPEG2000 transmission errors
    20,  // non-eccentricity pattern noise
    23,  // local block-wise distortions
    18,  // mean shift
    25,  // contrast change
    -1,  // change of colour saturation: KADID has two of them
    14,  // multiplicative Gaussian noise
    -1,  // comfort noise
    -1,  // lossy compression of noisy pictures
    6,   // colour quantization with dither
    -1,  // chromatic aberrations
    -1,  // sparse sampling and reconstruction
};

/// "i01_08_3.bmp" taken apart; letters in any case.
struct TidName {
  std::string original;  ///< "i01"
  int type = 0;          ///< 1-24
  int level = 0;         ///< 1-5
};

TidName ParseName(const std::string& name, const Place& place) {
  const std::string small = Lower(name);
  const auto digit = [&small](size_t at) { return small[at] - '0'; };
  bool fits = small.size() == 12 && small[0] == 'i' && small[3] == '_' &&
              small[6] == '_' && small.compare(8, 4, ".bmp") == 0;
  for (size_t at : {1, 2, 4, 5, 7}) {
    fits = fits && digit(at) >= 0 && digit(at) <= 9;
  }
  TidName parsed;
  if (fits) {
    parsed = {small.substr(0, 3), 10 * digit(4) + digit(5), digit(7)};
  }
  if (parsed.type < 1 || parsed.type > static_cast<int>(kDistortion.size()) ||
      parsed.level < 1 || parsed.level > 5) {
    throw Error(ErrorCode::kFormat,
                place.Text() + ": '" + name +
                    "' is not iRR_TT_L.bmp with a type of 01-24 and a level "
                    "of 1-5");
  }
  return parsed;
}

}  // namespace

Dataset ReadTid2013(const DatasetOptions& options) {
  const DatasetRoot root(
      "tid2013", options.data,
      "mos_with_names.txt, distorted_images/ and reference_images/");
  const std::string list = root.Require({"mos_with_names.txt"});
  const FolderIndex distorted(root.Require({"distorted_images"}));
  const FolderIndex originals(root.Require({"reference_images"}));
  DatasetBuilder builder(list, "TID2013: terms of its release", 0, 9);
  std::istringstream file(ReadBytes(list));
  std::string line;
  for (size_t number = 1; std::getline(file, line); ++number) {
    std::istringstream fields(line);
    std::string rating, image, more;
    fields >> rating >> image;
    if (rating.empty()) continue;
    const Place place{list, "line", number};
    if (image.empty() || fields >> more) {
      throw Error(ErrorCode::kFormat,
                  place.Text() + ": is not a rating and a name");
    }
    const TidName name = ParseName(image, place);
    Sample sample;
    sample.image = image;
    sample.path = RequirePicture(distorted, image, place);
    sample.mos = ParseNumber(rating, place.Column("mos"));
    sample.group = name.original;
    sample.subset = TwoDigits(name.type);
    sample.distortion = kDistortion[static_cast<size_t>(name.type - 1)];
    sample.level = name.level;
    sample.reference = RequirePicture(originals, name.original + ".bmp", place);
    builder.Add(std::move(sample), place, "mos");
  }
  return builder.Take();
}

}  // namespace graphiqa
