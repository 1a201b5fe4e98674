// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "entry.h"

#include <c10/util/Exception.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <string>

#include "cpu_info.h"
#include "cuda_loader.h"
#include "engine_registry.h"
#include "network/model_file.h"

namespace graphiqa {
namespace {

/// Views in one CUDA pass where the user leaves the number to us.
constexpr int kCudaBatch = 32;

struct Device {
  bool cuda = false;
  int index = 0;
};

/// @throws Error(kUsage) for a name that is none, Error(kDevice) for a device
///   that is absent
Device ParseDevice(const std::string& name) {
  std::string why;
  if (name == "cpu") return {};
  if (name == "auto") return {CudaAvailable(&why), 0};
  Device device{true, 0};
  const std::string digits =
      name.rfind("cuda:", 0) == 0 ? name.substr(5) : std::string();
  const bool numbered = !digits.empty() && digits.size() < 4 &&
                        std::all_of(digits.begin(), digits.end(), [](char c) {
                          return c >= '0' && c <= '9';
                        });
  if (name != "cuda" && !numbered) {
    throw Error(ErrorCode::kUsage, "unknown device '" + name +
                                       "'; known: auto, cpu, cuda, cuda:N");
  }
  if (numbered) device.index = std::stoi(digits);
  if (!CudaAvailable(&why)) {
    throw Error(ErrorCode::kDevice,
                "device '" + name + "' cannot be used: " + why);
  }
  if (device.index >= CudaDeviceCount()) {
    throw Error(ErrorCode::kDevice,
                "device '" + name + "' does not exist: this machine has " +
                    std::to_string(CudaDeviceCount()) + " CUDA device(s)");
  }
  return device;
}

/// The file itself rather than its name: links are followed, and a file that
/// was replaced is another one.
std::string FileKey(const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) {
    throw Error(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kFile,
                "cannot open model '" + path + "': " + std::strerror(errno));
  }
  std::string key;
  for (const int64_t number : {static_cast<int64_t>(status.st_dev),
                               static_cast<int64_t>(status.st_ino),
                               static_cast<int64_t>(status.st_size),
                               static_cast<int64_t>(status.st_mtim.tv_sec),
                               static_cast<int64_t>(status.st_mtim.tv_nsec)}) {
    key += std::to_string(number) + "/";
  }
  return key;
}

/// The first pass of each size is slow: it picks kernels and grows buffers.
void WarmUp(Backend* backend, const ModelInfo& info, int max_views) {
  const int size = info.input.views.view_size_px;
  ViewPixels pixels;
  pixels.view = {ViewKind::kNative, 0, 0, size, size};
  pixels.rgb.assign(
      size_t{3} * static_cast<size_t>(size) * static_cast<size_t>(size), 128);
  const std::vector<const ViewPixels*> one{&pixels};
  backend->Run(one);
  if (max_views == 1) return;
  const int many = max_views > 0 ? max_views : backend->preferred_batch();
  backend->Run({static_cast<size_t>(many), &pixels});
}

std::shared_ptr<Engine> MakeEngine(const ScorerOptions& options,
                                   const Device& device) {
  const Model model = LoadModel(options.model_file);
  // The CUDA module's buffers are made for one size, the CPU's grow.
  const int asked = options.batch_size;
  const int max_views = device.cuda ? (asked > 0 ? asked : kCudaBatch) : 0;
  const auto make_backend = [&] {
    std::unique_ptr<Backend> backend =
        device.cuda
            ? MakeCudaBackend(model, device.index, options.precision, max_views)
            : MakeCpuBackend(model, options.precision, options.threads);
    WarmUp(backend.get(), model.info, asked);
    return backend;
  };
  return std::make_shared<Engine>(model.info, make_backend, max_views);
}

void CheckOption(const char* name, int value, int low, int high) {
  if (value >= low && value <= high) return;
  throw Error(ErrorCode::kUsage, std::string(name) + " is " +
                                     std::to_string(value) +
                                     ", must be within " + std::to_string(low) +
                                     " and " + std::to_string(high));
}

std::shared_ptr<Scorer> Open(const ScorerOptions& options) {
  CheckOption("batch size", options.batch_size, 0, 1024);
  CheckOption("batch timeout in ns",
              static_cast<int>(std::clamp<int64_t>(options.batch_timeout_ns, -1,
                                                   2'000'000'000)),
              0, 1'000'000'000);
  CheckOption("number of threads", options.threads, 0, 1024);
  CheckOption("queue depth", options.queue_depth, 1, 1 << 20);
  const Device device = ParseDevice(options.device);
  const Precision precision =
      device.cuda ? options.precision : ResolveCpuPrecision(options.precision);
  const std::string key =
      FileKey(options.model_file) +
      (device.cuda ? "cuda:" + std::to_string(device.index) : "cpu") + "/" +
      std::to_string(static_cast<int>(precision));
  // Never destroyed: scorers may go later than static objects.
  static EngineRegistry& registry = *new EngineRegistry;
  return MakeEngineScorer(
      registry.Open(key, [&] { return MakeEngine(options, device); }),
      {options.queue_depth, options.batch_size,
       std::chrono::nanoseconds(options.batch_timeout_ns)});
}

}  // namespace

extern "C" GRAPHIQA_API bool graphiqa_open_scorer_v2(
    const ScorerOptions* options, std::shared_ptr<Scorer>* scorer,
    ErrorCode* code, std::string* message) noexcept {
  const auto fail = [code, message](ErrorCode why, const char* text) {
    *code = why;
    *message = text;
    return false;
  };
  try {
    *scorer = Open(*options);
    return true;
  } catch (const Error& error) {
    return fail(error.code(), error.what());
  } catch (const c10::Error& error) {
    return fail(ErrorCode::kDevice, error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kDevice, "out of memory while opening a model");
  } catch (const std::exception& error) {
    return fail(ErrorCode::kDevice, error.what());
  } catch (...) {
    return fail(ErrorCode::kDevice, "unknown exception while opening a model");
  }
}

}  // namespace graphiqa
