// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "engine/backend.h"
#include "network/model_file.h"

namespace graphiqa::cuda {

/// The entry point of the built module, loaded as the engine loads it. Names
/// the loader's error in a test failure and returns null where it fails.
MakeCudaBackendFn LoadModule();

/// A backend of the module on device 0.
/// @throws Error as the module reports it
std::unique_ptr<Backend> MakeBackend(const Model& model, Precision precision,
                                     int max_batch);

/// A model of random weights whose scores differ between pictures.
/// @param features  "last" or "multi"
Model MakeModel(const std::string& backbone, const std::string& features,
                int view_size_px);

/// `count` views of noise and gradients, native and whole, of many sizes.
std::vector<ViewPixels> MakeViews(int count, int view_size_px);

std::vector<const ViewPixels*> PointersTo(const std::vector<ViewPixels>& views,
                                          size_t count);

}  // namespace graphiqa::cuda
