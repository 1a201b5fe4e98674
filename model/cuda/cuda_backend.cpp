// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "cuda_backend.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>

#include <cmath>
#include <cstring>
#include <exception>

#include "cuda_check.h"

namespace graphiqa::cuda {
namespace {

std::string NameOf(int device) { return "cuda:" + std::to_string(device); }

void CheckDevice(int device) {
  // LibTorch asks once whether it has CUDA and keeps the answer.
  if (!at::detail::getCUDAHooks().hasCUDA()) {
    throw Error(ErrorCode::kDevice,
                "CUDA cannot be used: LibTorch finds no device, or computed a "
                "convolution on the CPU before its CUDA library was loaded");
  }
  int count = 0;
  GRAPHIQA_CUDA_CHECK(cudaGetDeviceCount(&count));
  if (device < 0 || device >= count) {
    throw Error(ErrorCode::kDevice, "there is no device " + NameOf(device) +
                                        ": this machine has " +
                                        std::to_string(count));
  }
}

/// bf16 convolutions need compute capability 8.0, fast half precision 7.0.
Precision CheckedPrecision(int device, Precision precision) {
  int major = 0;
  GRAPHIQA_CUDA_CHECK(cudaDeviceGetAttribute(
      &major, cudaDevAttrComputeCapabilityMajor, device));
  const bool has_bf16 = major >= 8;
  if (precision == Precision::kAuto) {
    return has_bf16 ? Precision::kBf16 : Precision::kFp32;
  }
  if (precision == Precision::kBf16 && !has_bf16) {
    throw Error(ErrorCode::kDevice,
                NameOf(device) + " has no bf16 (compute capability " +
                    std::to_string(major) + ".x, needed 8.0): use fp16");
  }
  return precision;
}

at::ScalarType TypeOf(Precision precision) {
  if (precision == Precision::kFp16) return at::kHalf;
  return precision == Precision::kBf16 ? at::kBFloat16 : at::kFloat;
}

at::TensorOptions OptionsOf(int device, Precision precision) {
  return at::TensorOptions(TypeOf(precision))
      .device(at::kCUDA, static_cast<c10::DeviceIndex>(device));
}

float Checked(float value, const char* head) {
  if (std::isfinite(value)) return value;
  throw Error(ErrorCode::kNumeric,
              std::string("the network's ") + head + " is not finite");
}

}  // namespace

CudaBackend::CudaBackend(const Model& model, int device, Precision precision,
                         int max_batch)
    : device_(device),
      precision_(CheckedPrecision(device, precision)),
      values_(CudaNetwork::kTypeLogits + model.info.architecture.types.size()),
      lease_(device),
      stream_(c10::cuda::getStreamFromExternal(
          lease_.get(), static_cast<c10::DeviceIndex>(device))),
      batches_(max_batch),
      staging_(model.info.input, device) {
  const c10::cuda::CUDAStreamGuard guard(stream_);
  const at::NoGradGuard no_grad;
  try {
    const at::TensorOptions options = OptionsOf(device_, precision_);
    const int64_t side = model.info.input.views.view_size_px;
    network_ = std::make_unique<CudaNetwork>(model, options);
    batch_ = at::empty({batches_.most(), 3, side, side},
                       options.dtype(network_->InputType())
                           .memory_format(at::MemoryFormat::ChannelsLast));
    batch_.zero_();
    graphs_ = std::make_unique<GraphCache>([this](int64_t size) {
      return network_->Forward(batch_.narrow(0, 0, size));
    });
    WarmUp();
  } catch (...) {
    Settle();
    Rethrow();
  }
}

CudaBackend::~CudaBackend() {
  // Graphs are given back on this device, once nothing runs.
  int previous = 0;
  (void)cudaGetDevice(&previous);
  (void)cudaSetDevice(device_);
  Settle();
  graphs_.reset();
  (void)cudaSetDevice(previous);
}

void CudaBackend::WarmUp() {
  graphs_->Replay(1);
  bool fits = false;
  while (!fits) {
    try {
      graphs_->Replay(batches_.most());
      fits = true;
    } catch (const c10::OutOfMemoryError& error) {
      HalveBatch(static_cast<size_t>(batches_.most()),
                 error.what_without_backtrace());
    }
  }
  GRAPHIQA_CUDA_CHECK(cudaStreamSynchronize(stream_));
}

std::vector<HeadValues> CudaBackend::Run(
    const std::vector<const ViewPixels*>& views) {
  const c10::cuda::CUDAStreamGuard guard(stream_);
  const at::NoGradGuard no_grad;
  try {
    results_.Reserve(views.size() * values_ * sizeof(float));
    QueueAll(views);
    done_.Record(stream_);
    done_.Wait();
  } catch (...) {
    // Copies may still read or write page-locked memory.
    Settle();
    Rethrow();
  }
  return Unpack(views.size());
}

void CudaBackend::QueueAll(const std::vector<const ViewPixels*>& views) {
  size_t first = 0;
  while (first < views.size()) {
    const auto take = static_cast<size_t>(
        batches_.Take(static_cast<int64_t>(views.size() - first)));
    const size_t count = Staging::CountFitting(views, first, first + take);
    try {
      QueueBatch(views, first, count);
      first += count;
    } catch (const c10::OutOfMemoryError& error) {
      HalveBatch(count, error.what_without_backtrace());
    }
  }
}

void CudaBackend::QueueBatch(const std::vector<const ViewPixels*>& views,
                             size_t first, size_t count) {
  staging_.Load(views, first, count, stream_, &batch_);
  const int64_t size = batches_.SizeFor(static_cast<int64_t>(count));
  const at::Tensor& output = graphs_->Replay(size);
  float* results = reinterpret_cast<float*>(results_.data()) + first * values_;
  GRAPHIQA_CUDA_CHECK(cudaMemcpyAsync(results, output.const_data_ptr<float>(),
                                      count * values_ * sizeof(float),
                                      cudaMemcpyDeviceToHost, stream_));
}

/// The device had no memory for a batch of `count` views. What earlier batches
/// queued stays queued.
void CudaBackend::HalveBatch(size_t count, const char* reason) {
  Settle();
  const int64_t size = batches_.SizeFor(static_cast<int64_t>(count));
  if (!batches_.Halve(size)) {
    throw Error(
        ErrorCode::kDevice,
        NameOf(device_) + " has no memory for a batch of one view: " + reason);
  }
  graphs_->DropAbove(batches_.most());
  c10::cuda::CUDACachingAllocator::emptyCache();
}

/// Waits until the stream is idle. A failure here is no news: whoever failed
/// first has thrown, or the next call will.
void CudaBackend::Settle() noexcept {
  (void)cudaStreamSynchronize(stream_);
  (void)cudaGetLastError();
}

/// Turns the exception that is being handled into an Error.
void CudaBackend::Rethrow() const {
  try {
    throw;
  } catch (const Error&) {
    throw;
  } catch (const c10::OutOfMemoryError& error) {
    throw Error(ErrorCode::kDevice, NameOf(device_) + " is out of memory: " +
                                        error.what_without_backtrace());
  } catch (const c10::Error& error) {
    throw Error(ErrorCode::kDevice,
                NameOf(device_) + ": " + error.what_without_backtrace());
  } catch (const std::exception& error) {
    throw Error(ErrorCode::kDevice, NameOf(device_) + ": " + error.what());
  }
}

std::vector<HeadValues> CudaBackend::Unpack(size_t count) const {
  std::vector<HeadValues> all(count);
  const auto* row = reinterpret_cast<const float*>(results_.data());
  for (HeadValues& values : all) {
    values.mos_mu = Checked(row[CudaNetwork::kMosMu], "score");
    values.mos_s = Checked(row[CudaNetwork::kMosS], "uncertainty");
    values.level_mu = Checked(row[CudaNetwork::kLevelMu], "level");
    for (size_t i = CudaNetwork::kTypeLogits; i < values_; ++i) {
      values.type_logits.push_back(Checked(row[i], "type logit"));
    }
    row += values_;
  }
  return all;
}

std::string CudaBackend::device() const { return NameOf(device_); }

int CudaBackend::preferred_batch() const {
  return static_cast<int>(batches_.most());
}

namespace {

/// The constructor and its members find their device current.
Backend* MakeBackend(const Model& model, int device, Precision precision,
                     int max_batch) {
  CheckDevice(device);
  const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(device));
  return new CudaBackend(model, device, precision, max_batch);
}

}  // namespace
}  // namespace graphiqa::cuda

/// See MakeCudaBackendFn.
extern "C" GRAPHIQA_API graphiqa::Backend* graphiqa_make_cuda_backend_v1(
    const graphiqa::Model* model, int device_index,
    graphiqa::Precision precision, int max_batch, graphiqa::ErrorCode* code,
    std::string* message) {
  using graphiqa::Error;
  using graphiqa::ErrorCode;
  try {
    return graphiqa::cuda::MakeBackend(*model, device_index, precision,
                                       max_batch);
  } catch (const Error& error) {
    *code = error.code();
    *message = error.what();
  } catch (const std::exception& error) {
    *code = ErrorCode::kDevice;
    *message = error.what();
  }
  return nullptr;
}
static_assert(std::is_same_v<decltype(&graphiqa_make_cuda_backend_v1),
                             graphiqa::MakeCudaBackendFn>);
