// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "error.h"
#include "families.h"
#include "jp2.h"

namespace graphiqa {

Planes Jpeg2000(const Source& source, double ratio, Draws* /*draws*/) {
  return FromBytes(DecodeJp2(EncodeJp2(ToBytes(source), ratio)));
}

Planes Jpeg(const Source& source, double quality, Draws* /*draws*/) {
  // OpenCV's defaults are libjpeg's: 4:2:0, slow integer DCT, fancy upsampling.
  cv::Mat picture;
  cv::cvtColor(ToBytes(source), picture, cv::COLOR_RGB2BGR);
  std::vector<uint8_t> file;
  cv::imencode(".jpg", picture, file,
               {cv::IMWRITE_JPEG_QUALITY, static_cast<int>(quality)});
  picture = cv::imdecode(file, cv::IMREAD_COLOR);
  if (picture.empty()) {
    throw Error(ErrorCode::kFormat, "jpeg: OpenCV cannot read what it wrote");
  }
  cv::cvtColor(picture, picture, cv::COLOR_BGR2RGB);
  return FromBytes(picture);
}

}  // namespace graphiqa
