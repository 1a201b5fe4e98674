// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "frozen_features.h"

#include <ATen/Functions.h>

#include <cstring>
#include <filesystem>
#include <map>
#include <sstream>

#include "format/safetensors.h"
#include "format/sha256.h"

namespace graphiqa {
namespace {

constexpr const char* kTensorName = "features";

/// Everything that the features depend on, as one hash.
std::string KeyOf(const Network& network, const std::vector<std::string>& names,
                  const std::vector<size_t>& indices, int draw,
                  const SampleOptions& sample) {
  Sha256 hash;
  for (const auto& [name, tensor] : StateDict(network)) {
    if (name.rfind("extractor.feature_extractor.", 0) != 0) continue;
    const at::Tensor values = tensor.detach().contiguous();
    hash.Update(reinterpret_cast<const uint8_t*>(values.const_data_ptr()),
                values.nbytes());
  }
  std::ostringstream text;
  text << network.architecture().features << ' ' << sample.views.view_size_px
       << ' ' << FormatViews(sample.views) << ' ' << draw << ' '
       << (draw > 0 ? sample.seed : 0);
  for (float value : sample.input.mean) text << ' ' << value;
  for (float value : sample.input.std) text << ' ' << value;
  for (size_t index : indices) text << '\n' << names[index];
  const std::string bytes = text.str();
  hash.Update(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  return hash.Hex();
}

std::string CacheFile(const std::string& folder, const std::string& key) {
  return (std::filesystem::path(folder) /
          ("features-" + key.substr(0, 16) + ".safetensors"))
      .string();
}

/// Undefined when there is no file of this key.
at::Tensor ReadCache(const std::string& path, const std::string& key) {
  if (!std::filesystem::exists(path)) return {};
  const SafetensorsFile file = SafetensorsFile::Open(path);
  const auto stated = file.metadata().find("key");
  const TensorView* view = file.Find(kTensorName);
  if (stated == file.metadata().end() || stated->second != key || !view ||
      view->dtype != DType::kF16) {
    throw Error(ErrorCode::kFormat,
                path + ": is no feature cache of this run; delete it");
  }
  at::Tensor features = at::empty(view->shape, at::kHalf);
  std::memcpy(features.data_ptr(), view->data, view->bytes);
  return features;
}

void WriteCache(const std::string& path, const std::string& key,
                const at::Tensor& features) {
  const TensorView view{kTensorName, DType::kF16, features.sizes().vec(),
                        static_cast<const uint8_t*>(features.const_data_ptr()),
                        features.nbytes()};
  WriteSafetensors(path, {{"key", key}}, {view});
}

at::Tensor Compute(Network& network, PictureCache* pictures,
                   const std::vector<size_t>& indices, int draw,
                   const FeatureOptions& options) {
  SampleOptions sample = options.sample;
  sample.augment = draw > 0;
  sample.degrade = 0;
  const std::vector<float> no_targets(
      indices.empty() ? 0
                      : 1 + *std::max_element(indices.begin(), indices.end()),
      0.0f);
  const auto chunks = Chunks(indices, static_cast<size_t>(options.batch), true);
  BatchQueue queue(
      [&](size_t i) {
        return MakeBatch(pictures, no_targets, sample,
                         static_cast<uint64_t>(draw), chunks[i]);
      },
      0, chunks.size(), options.workers, 3);
  const int64_t views = CountViews(sample.views);
  std::vector<at::Tensor> parts;
  size_t done = 0;
  for (Batch batch; queue.Next(&batch);) {
    if (options.check) options.check();
    const at::Tensor features = network.Features(batch.images);
    parts.push_back(
        features.reshape({-1, views, features.size(1)}).to(at::kHalf));
    done += static_cast<size_t>(parts.back().size(0));
    if (options.progress) options.progress(done, indices.size());
  }
  const at::Tensor all = at::cat(parts).contiguous();
  if (!at::isfinite(all).all().item<bool>()) {
    throw Error(ErrorCode::kNumeric,
                "features of the frozen backbone are not finite in half "
                "precision");
  }
  return all;
}

}  // namespace

at::Tensor FrozenFeatures(Network& network, PictureCache* pictures,
                          const std::vector<std::string>& names,
                          const std::vector<size_t>& indices, int draw,
                          const FeatureOptions& options) {
  const at::NoGradGuard no_grad;
  const std::string key = KeyOf(network, names, indices, draw, options.sample);
  const std::string path =
      options.folder.empty() ? "" : CacheFile(options.folder, key);
  if (!path.empty()) {
    at::Tensor cached = ReadCache(path, key);
    if (cached.defined()) return cached;
    // Before the work, not after it: an unusable folder is said at once.
    std::filesystem::create_directories(options.folder);
  }
  network.eval();
  at::Tensor features = Compute(network, pictures, indices, draw, options);
  if (!path.empty()) WriteCache(path, key, features);
  return features;
}

}  // namespace graphiqa
