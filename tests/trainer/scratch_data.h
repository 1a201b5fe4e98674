// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "scratch_folder.h"

namespace graphiqa {

/// A picture of random texture, blurred the more the larger `number` is.
inline void WritePicture(const std::string& path, int number) {
  cv::RNG random(static_cast<uint64_t>(number) + 1);
  cv::Mat image(96, 96, CV_8UC3);
  random.fill(image, cv::RNG::UNIFORM, 0, 255);
  cv::GaussianBlur(image, image, {}, 0.3 + 0.4 * number);
  cv::imwrite(path, image);
}

/// Twelve pictures in one folder with a list `list.csv`: eight to train, four
/// to validate; the rating falls with the blur.
inline void WriteTinyDataset(const ScratchFolder& folder) {
  std::string list = "image,mos,split\n";
  for (int i = 0; i < 12; ++i) {
    const std::string name = "p" + std::to_string(i) + ".png";
    WritePicture(folder.File(name), i);
    list += name + "," + std::to_string(100 - 8 * i) +
            (i % 3 == 1 ? ",val\n" : ",train\n");
  }
  folder.Write("list.csv", list);
}

/// Photographs to distort, `photos/photo<i>.png`.
inline void WriteTinyPhotos(const ScratchFolder& folder, int count) {
  std::filesystem::create_directories(folder.File("photos"));
  for (int i = 0; i < count; ++i) {
    WritePicture(folder.File("photos/photo" + std::to_string(i) + ".png"), i);
  }
}

}  // namespace graphiqa
