// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scorer.h"

namespace graphiqa {

struct Model;  // network/model_file.h

/// Raw outputs of the network's heads for one view, before calibration.
struct HeadValues {
  float mos_mu = 0;
  float mos_s = 0;
  float level_mu = 0;
  std::vector<float> type_logits;
};

/// Something that computes the network: the CPU plan, the CUDA module, a fake
/// in tests. Used by one thread at a time.
class Backend {
 public:
  virtual ~Backend() = default;

  /// Preprocesses and scores views in one forward pass (row form).
  /// @returns one entry per view, in order
  /// @throws Error(kDevice) when the device fails or is out of memory,
  ///   Error(kNumeric) when an output is not finite
  virtual std::vector<HeadValues> Run(
      const std::vector<const ViewPixels*>& views) = 0;

  virtual std::string device() const = 0;   ///< "cpu", "cuda:0"
  virtual Precision precision() const = 0;  ///< never kAuto
  virtual int preferred_batch() const = 0;  ///< views, >= 1
};

/// The CPU engine.
/// @param precision  kAuto is bf16 where the CPU has instructions for it, else
///   fp32
/// @param threads    0 = all cores that the process may use
/// @throws Error(kDevice) when this CPU cannot compute in `precision`
std::unique_ptr<Backend> MakeCpuBackend(const Model& model, Precision precision,
                                        int threads);

/// Entry point of the module graphiqa-cuda, found by dlsym under this name.
/// Never throws: on failure returns null and fills `code` and `message`.
using MakeCudaBackendFn = Backend* (*)(const Model* model, int device_index,
                                       Precision precision, int max_batch,
                                       ErrorCode* code, std::string* message);
inline constexpr const char* kMakeCudaBackendSymbol =
    "graphiqa_make_cuda_backend_v1";

}  // namespace graphiqa
