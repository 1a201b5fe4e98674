// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "backend.h"

namespace graphiqa {

/// Whether CUDA can be used here: the NVIDIA driver, a device, and the module
/// libgraphiqa-cuda.so beside the engine library. The module, and with it
/// CUDA's libraries, is loaded only where driver and device are there.
/// @param why  what is missing, for the user
bool CudaAvailable(std::string* why);

/// Number of CUDA devices, 0 without a driver.
int CudaDeviceCount();

/// @param max_batch  most views in one pass, >= 1
/// @throws Error(kDevice) saying what is missing
std::unique_ptr<Backend> MakeCudaBackend(const Model& model, int device_index,
                                         Precision precision, int max_batch);

}  // namespace graphiqa
