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
#include "ordered_queue.h"
#include "parameters.h"

namespace graphiqa {
namespace {

constexpr const char* kTensorName = "features";

/// Everything that the features depend on, as one hash.
std::string KeyOf(const Network& network, const std::vector<Item>& items,
                  const std::vector<std::string>& names,
                  const SampleOptions& sample) {
  Sha256 hash;
  for (const auto& [name, tensor] : StateDict(network)) {
    if (name.rfind("extractor.feature_extractor.", 0) != 0) continue;
    const at::Tensor values = tensor.detach().to(at::kCPU).contiguous();
    hash.Update(reinterpret_cast<const uint8_t*>(values.const_data_ptr()),
                values.nbytes());
  }
  std::ostringstream text;
  text << network.architecture().features << ' ' << sample.views.view_size_px
       << ' ' << FormatViews(sample.views) << ' '
       << (sample.bf16 ? "bf16" : "fp32");
  for (float value : sample.input.mean) text << ' ' << value;
  for (float value : sample.input.std) text << ' ' << value;
  if (sample.augment && sample.chroma > 0) text << " 4:2:0 " << sample.chroma;
  for (const Item& item : items) {
    text << '\n' << names[item.index];
    if (sample.augment) text << " place " << item.place;
    if (item.type > 0) {
      text << " distortion " << item.type << ' ' << item.level << ' '
           << item.draw;
    }
  }
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

at::Tensor Compute(Network& network, const std::vector<Item>& items,
                   const FeatureOptions& options) {
  const auto batches = ItemBatches(items, options.batch);
  OrderedQueue<at::Tensor> queue(
      [&](size_t i) { return MakeImages(batches[i], options.sample); }, 0,
      batches.size(), options.workers, 3);
  const int64_t views = CountViews(options.sample.views);
  std::vector<at::Tensor> parts;
  size_t done = 0;
  for (at::Tensor images; queue.Next(&images);) {
    if (options.check) options.check();
    const at::Tensor features =
        BackboneFeatures(&network, images, options.sample.bf16);
    parts.push_back(
        features.reshape({-1, views, features.size(1)}).to(at::kHalf));
    done += static_cast<size_t>(parts.back().size(0));
    if (options.progress) options.progress(done, items.size());
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

at::Tensor FrozenFeatures(Network& network, const std::vector<Item>& items,
                          const std::vector<std::string>& names,
                          const FeatureOptions& options) {
  const at::NoGradGuard no_grad;
  const std::string key = KeyOf(network, items, names, options.sample);
  const std::string path =
      options.folder.empty() ? "" : CacheFile(options.folder, key);
  if (!path.empty()) {
    at::Tensor cached = ReadCache(path, key);
    if (cached.defined()) return cached;
    // Before the work, not after it: an unusable folder is said at once.
    std::filesystem::create_directories(options.folder);
  }
  network.eval();
  at::Tensor features = Compute(network, items, options);
  if (!path.empty()) WriteCache(path, key, features);
  return features;
}

}  // namespace graphiqa
