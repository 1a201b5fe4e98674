// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "jp2.h"

#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "error.h"

namespace graphiqa {
namespace {

using CodecPtr = std::unique_ptr<opj_codec_t, void (*)(opj_codec_t*)>;
using StreamPtr = std::unique_ptr<opj_stream_t, void (*)(opj_stream_t*)>;
using ImagePtr = std::unique_ptr<opj_image_t, void (*)(opj_image_t*)>;

/// A file in memory.
struct MemoryFile {
  std::vector<uint8_t> bytes;
  size_t position = 0;
};

OPJ_SIZE_T Read(void* buffer, OPJ_SIZE_T size, void* user) {
  auto* const file = static_cast<MemoryFile*>(user);
  const size_t left = file->bytes.size() - file->position;
  if (left == 0) return static_cast<OPJ_SIZE_T>(-1);
  size = std::min(size, left);
  std::memcpy(buffer, file->bytes.data() + file->position, size);
  file->position += size;
  return size;
}

OPJ_SIZE_T Write(void* buffer, OPJ_SIZE_T size, void* user) {
  auto* const file = static_cast<MemoryFile*>(user);
  if (file->bytes.size() < file->position + size) {
    file->bytes.resize(file->position + size);
  }
  std::memcpy(file->bytes.data() + file->position, buffer, size);
  file->position += size;
  return size;
}

/// Reading stays within the file; writing may leave a hole, as on a disk.
OPJ_BOOL Seek(OPJ_OFF_T position, void* user) {
  auto* const file = static_cast<MemoryFile*>(user);
  if (position < 0) return OPJ_FALSE;
  file->position = static_cast<size_t>(position);
  return OPJ_TRUE;
}

OPJ_BOOL SeekToRead(OPJ_OFF_T position, void* user) {
  const auto* const file = static_cast<MemoryFile*>(user);
  if (position > static_cast<OPJ_OFF_T>(file->bytes.size())) return OPJ_FALSE;
  return Seek(position, user);
}

OPJ_OFF_T Skip(OPJ_OFF_T count, void* user) {
  const auto* const file = static_cast<MemoryFile*>(user);
  const OPJ_OFF_T target = static_cast<OPJ_OFF_T>(file->position) + count;
  return Seek(target, user) ? count : -1;
}

OPJ_OFF_T SkipToRead(OPJ_OFF_T count, void* user) {
  const auto* const file = static_cast<MemoryFile*>(user);
  const OPJ_OFF_T target = static_cast<OPJ_OFF_T>(file->position) + count;
  return SeekToRead(target, user) ? count : -1;
}

/// @param file  outlives the stream
StreamPtr MakeStream(MemoryFile* file, bool read) {
  StreamPtr stream(
      opj_stream_create(OPJ_J2K_STREAM_CHUNK_SIZE, read ? OPJ_TRUE : OPJ_FALSE),
      opj_stream_destroy);
  opj_stream_set_user_data(stream.get(), file, nullptr);
  opj_stream_set_user_data_length(stream.get(), file->bytes.size());
  opj_stream_set_read_function(stream.get(), Read);
  opj_stream_set_write_function(stream.get(), Write);
  opj_stream_set_seek_function(stream.get(), read ? SeekToRead : Seek);
  opj_stream_set_skip_function(stream.get(), read ? SkipToRead : Skip);
  return stream;
}

void KeepMessage(const char* message, void* user) {
  auto* const text = static_cast<std::string*>(user);
  *text = message;
  while (!text->empty() && text->back() == '\n') text->pop_back();
}

void Require(bool done, const char* what, const std::string& message) {
  if (done) return;
  throw Error(ErrorCode::kFormat,
              std::string("jpeg2000: ") + what + ": " + message);
}

ImagePtr MakeImage(const cv::Mat& rgb) {
  std::array<opj_image_cmptparm_t, 3> components{};
  for (opj_image_cmptparm_t& component : components) {
    component.dx = 1;
    component.dy = 1;
    component.w = static_cast<OPJ_UINT32>(rgb.cols);
    component.h = static_cast<OPJ_UINT32>(rgb.rows);
    component.prec = 8;
  }
  ImagePtr image(opj_image_create(3, components.data(), OPJ_CLRSPC_SRGB),
                 opj_image_destroy);
  Require(image != nullptr, "allocation", "out of memory");
  image->x1 = static_cast<OPJ_UINT32>(rgb.cols);
  image->y1 = static_cast<OPJ_UINT32>(rgb.rows);
  size_t i = 0;
  for (int y = 0; y < rgb.rows; ++y) {
    const auto* const row = rgb.ptr<cv::Vec3b>(y);
    for (int x = 0; x < rgb.cols; ++x, ++i) {
      for (int c = 0; c < 3; ++c) image->comps[c].data[i] = row[x][c];
    }
  }
  return image;
}

}  // namespace

std::vector<uint8_t> EncodeJp2(const cv::Mat& rgb, double ratio) {
  opj_cparameters_t parameters;
  opj_set_default_encoder_parameters(&parameters);
  parameters.tcp_numlayers = 1;
  parameters.tcp_rates[0] = static_cast<float>(ratio);
  parameters.cp_disto_alloc = 1;
  parameters.irreversible = 1;
  parameters.numresolution = 5;
  parameters.tcp_mct = 1;

  std::string message;
  MemoryFile file;
  const ImagePtr image = MakeImage(rgb);
  const CodecPtr codec(opj_create_compress(OPJ_CODEC_JP2), opj_destroy_codec);
  opj_set_error_handler(codec.get(), KeepMessage, &message);
  Require(opj_setup_encoder(codec.get(), &parameters, image.get()) != 0,
          "encoder set-up", message);
  const StreamPtr stream = MakeStream(&file, false);
  Require(opj_start_compress(codec.get(), image.get(), stream.get()) != 0 &&
              opj_encode(codec.get(), stream.get()) != 0 &&
              opj_end_compress(codec.get(), stream.get()) != 0,
          "encoding", message);
  return std::move(file.bytes);
}

cv::Mat DecodeJp2(const std::vector<uint8_t>& bytes) {
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  std::string message;
  MemoryFile file{bytes};
  const CodecPtr codec(opj_create_decompress(OPJ_CODEC_JP2), opj_destroy_codec);
  opj_set_error_handler(codec.get(), KeepMessage, &message);
  Require(opj_setup_decoder(codec.get(), &parameters) != 0, "decoder set-up",
          message);
  const StreamPtr stream = MakeStream(&file, true);
  opj_image_t* header = nullptr;
  const bool has_header =
      opj_read_header(stream.get(), codec.get(), &header) != 0;
  const ImagePtr image(header, opj_image_destroy);
  Require(has_header && opj_decode(codec.get(), stream.get(), header) != 0 &&
              opj_end_decompress(codec.get(), stream.get()) != 0,
          "decoding", message);

  Require(image->numcomps == 3, "decoding", "wants three components");
  const opj_image_comp_t& first = image->comps[0];
  cv::Mat rgb(static_cast<int>(first.h), static_cast<int>(first.w), CV_8UC3);
  for (int c = 0; c < 3; ++c) {
    const opj_image_comp_t& component = image->comps[c];
    Require(component.prec == 8 && component.sgnd == 0 && component.data &&
                component.w == first.w && component.h == first.h,
            "decoding", "wants 8-bit components of one size");
    auto* const pixels = rgb.ptr<cv::Vec3b>();
    for (size_t i = 0; i < rgb.total(); ++i) {
      pixels[i][c] =
          static_cast<uint8_t>(std::clamp(component.data[i], 0, 255));
    }
  }
  return rgb;
}

}  // namespace graphiqa
