// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "loaded_module.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tiny_model.h"

namespace graphiqa::cuda {

MakeCudaBackendFn LoadModule() {
  const char* path = std::getenv("GRAPHIQA_TEST_CUDA_MODULE");
  if (path == nullptr) {
    ADD_FAILURE() << "GRAPHIQA_TEST_CUDA_MODULE does not name the module";
    return nullptr;
  }
  void* module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) {
    ADD_FAILURE() << dlerror();
    return nullptr;
  }
  void* symbol = dlsym(module, kMakeCudaBackendSymbol);
  EXPECT_NE(symbol, nullptr) << kMakeCudaBackendSymbol;
  return reinterpret_cast<MakeCudaBackendFn>(symbol);
}

std::unique_ptr<Backend> MakeBackend(const Model& model, Precision precision,
                                     int max_batch) {
  const MakeCudaBackendFn make = LoadModule();
  if (make == nullptr) throw Error(ErrorCode::kNotFound, "no module");
  ErrorCode code = ErrorCode::kUsage;
  std::string message;
  Backend* backend = make(&model, 0, precision, max_batch, &code, &message);
  if (backend == nullptr) throw Error(code, message);
  return std::unique_ptr<Backend>(backend);
}

Model MakeModel(const std::string& backbone, const std::string& features,
                int view_size_px) {
  TinyModelOptions options;
  options.backbone = backbone;
  options.features = features;
  options.view_size_px = view_size_px;
  options.half = false;
  const std::string path = testing::TempDir() + "graphiqa_cuda_" + backbone +
                           "_" + features + ".safetensors";
  MakeTinyModel(path, options);
  Model model = LoadModel(path);
  std::remove(path.c_str());
  return model;
}

std::vector<ViewPixels> MakeViews(int count, int view_size_px) {
  std::vector<ViewPixels> views(static_cast<size_t>(count));
  uint32_t state = 99;
  for (int i = 0; i < count; ++i) {
    ViewPixels& pixels = views[static_cast<size_t>(i)];
    const bool whole = i % 3 == 2;
    const int side =
        whole ? view_size_px * 2 + 5 * i : view_size_px - (i % 5 == 4 ? 7 : 0);
    pixels.view = {whole ? ViewKind::kWhole : ViewKind::kNative, 0, 0, side,
                   side};
    const uint32_t grain = 1u << (i % 6);
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side * 3; ++x) {
        state = state * 1664525u + 1013904223u;
        const auto gradient = static_cast<uint32_t>(x / 3 + y * (i % 4));
        pixels.rgb.push_back(
            static_cast<uint8_t>(gradient + (state >> 24) / grain));
      }
    }
  }
  return views;
}

std::vector<const ViewPixels*> PointersTo(const std::vector<ViewPixels>& views,
                                          size_t count) {
  std::vector<const ViewPixels*> pointers;
  for (size_t i = 0; i < count; ++i) pointers.push_back(&views[i]);
  return pointers;
}

}  // namespace graphiqa::cuda
