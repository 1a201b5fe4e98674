// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "version_statistics.h"

#include <ATen/Functions.h>

#include <cstring>
#include <filesystem>
#include <sstream>

#include "format/safetensors.h"
#include "format/sha256.h"
#include "interrupt.h"
#include "network/picture_statistics.h"
#include "ordered_queue.h"

namespace graphiqa {
namespace {

constexpr const char* kTensorName = "statistics";
constexpr size_t kQueued = 8;

/// Everything that the statistics depend on, as one hash.
std::string KeyOf(const std::vector<Content>& contents,
                  const StatisticsOptions& options) {
  std::ostringstream text;
  const VersionOptions& versions = options.versions;
  text << kPictureStatistics << ' ' << options.per_file << ' ' << versions.seed
       << ' ' << versions.none << ' ' << versions.scaled << ' '
       << versions.chroma << ' ' << versions.draws << ' '
       << options.input.views.view_size_px << ' '
       << FormatViews(options.input.views);
  for (float value : options.input.mean) text << ' ' << value;
  for (float value : options.input.std) text << ' ' << value;
  for (const Content& content : contents) text << '\n' << content.name;
  const std::string bytes = text.str();
  return Sha256Hex(reinterpret_cast<const uint8_t*>(bytes.data()),
                   bytes.size());
}

std::string ShardFile(const std::string& folder, const std::string& key,
                      uint64_t shard) {
  std::ostringstream name;
  name << "versions-" << key.substr(0, 12) << '-' << shard << ".safetensors";
  return (std::filesystem::path(folder) / name.str()).string();
}

at::Tensor ReadShard(const std::string& path, const std::string& key,
                     const std::vector<int64_t>& shape) {
  const SafetensorsFile file = SafetensorsFile::Open(path);
  const auto stated = file.metadata().find("key");
  const TensorView* view = file.Find(kTensorName);
  if (stated == file.metadata().end() || stated->second != key || !view ||
      view->dtype != DType::kF32 || view->shape != shape) {
    throw Error(ErrorCode::kFormat,
                path + ": holds no statistics of this run; delete it");
  }
  at::Tensor statistics = at::empty(view->shape, at::kFloat);
  std::memcpy(statistics.data_ptr(), view->data, view->bytes);
  return statistics;
}

at::Tensor MakeShard(const std::vector<Content>& contents,
                     const StatisticsOptions& options, uint64_t shard,
                     const std::vector<int64_t>& shape) {
  const uint64_t first = shard * options.per_file;
  OrderedQueue<at::Tensor> queue(
      [&](size_t i) {
        const Version version =
            DrawVersion(first + i, contents.size(), options.versions);
        return PictureStatistics(
            VersionImages(contents[version.content], version, options.input,
                          options.versions.draws),
            options.scale);
      },
      0, options.per_file, options.workers, kQueued);
  at::Tensor statistics = at::empty(shape, at::kFloat);
  uint64_t done = 0;
  for (at::Tensor one; queue.Next(&one);) {
    ThrowIfInterrupted();
    statistics[static_cast<int64_t>(done)].copy_(one);
    ++done;
    if (options.progress) options.progress(first + done);
  }
  return statistics;
}

void WriteShard(const std::string& path, const std::string& key,
                const at::Tensor& statistics) {
  const TensorView view{
      kTensorName, DType::kF32, statistics.sizes().vec(),
      static_cast<const uint8_t*>(statistics.const_data_ptr()),
      statistics.nbytes()};
  WriteSafetensors(path, {{"key", key}}, {view});
}

}  // namespace

VersionSet MakeVersionSet(const std::vector<Content>& contents,
                          const StatisticsOptions& options) {
  const std::string key = KeyOf(contents, options);
  const std::vector<int64_t> shape{
      static_cast<int64_t>(options.per_file),
      CountViews(options.input.views) * options.versions.draws,
      kPictureStatistics};
  std::filesystem::create_directories(options.folder);
  VersionSet set;
  std::vector<at::Tensor> parts;
  const uint64_t shards =
      (options.count + options.per_file - 1) / options.per_file;
  for (uint64_t shard = 0; shard < shards; ++shard) {
    const std::string path = ShardFile(options.folder, key, shard);
    if (std::filesystem::exists(path)) {
      parts.push_back(ReadShard(path, key, shape));
    } else {
      parts.push_back(MakeShard(contents, options, shard, shape));
      WriteShard(path, key, parts.back());
    }
  }
  set.statistics = at::cat(parts);
  for (uint64_t n = 0; n < shards * options.per_file; ++n) {
    set.versions.push_back(DrawVersion(n, contents.size(), options.versions));
  }
  return set;
}

}  // namespace graphiqa
