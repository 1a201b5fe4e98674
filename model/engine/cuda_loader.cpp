// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "cuda_loader.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

namespace graphiqa {
namespace {

constexpr const char* kDriverName = "libcuda.so.1";
constexpr const char* kModuleName = "libgraphiqa-cuda.so";

std::string LastLoaderError() {
  const char* text = dlerror();
  return text == nullptr ? "unknown loader error" : text;
}

/// Asks the driver itself, so that nothing of CUDA is loaded without one.
int CountDevices(std::string* why) {
  // Never closed: a driver does not survive being unloaded.
  void* driver = dlopen(kDriverName, RTLD_NOW | RTLD_LOCAL);
  if (driver == nullptr) {
    *why = "the NVIDIA driver is missing (" + LastLoaderError() + ")";
    return 0;
  }
  using InitFn = int (*)(unsigned);
  using CountFn = int (*)(int*);
  const auto init = reinterpret_cast<InitFn>(dlsym(driver, "cuInit"));
  const auto count =
      reinterpret_cast<CountFn>(dlsym(driver, "cuDeviceGetCount"));
  int devices = 0;
  if (init == nullptr || count == nullptr || init(0) != 0 ||
      count(&devices) != 0 || devices == 0) {
    *why = "the NVIDIA driver reports no device";
    return 0;
  }
  return devices;
}

struct Driver {
  std::string why;  ///< empty when there is a device
  int devices = CountDevices(&why);
};

const Driver& TheDriver() {
  static const Driver driver;
  return driver;
}

std::string OwnDirectory() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(&OwnDirectory), &info) == 0) return ".";
  char* resolved = realpath(info.dli_fname, nullptr);
  if (resolved == nullptr) return ".";
  const std::string path = resolved;
  std::free(resolved);
  return path.substr(0, path.rfind('/'));
}

struct Module {
  MakeCudaBackendFn make = nullptr;
  std::string why;  ///< when `make` is null
};

/// Beside the engine library when installed, in cuda/ in the build tree.
Module LoadModule() {
  Module module;
  const std::string own = OwnDirectory();
  for (const char* folder : {"/", "/cuda/"}) {
    const std::string path = own + folder + kModuleName;
    if (access(path.c_str(), R_OK) != 0) continue;
    void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* symbol =
        handle == nullptr ? nullptr : dlsym(handle, kMakeCudaBackendSymbol);
    module.make = reinterpret_cast<MakeCudaBackendFn>(symbol);
    if (symbol == nullptr) module.why = LastLoaderError();
    return module;
  }
  module.why =
      std::string("the module ") + kModuleName + " is not installed in " + own;
  return module;
}

const Module& TheModule() {
  static const Module module = LoadModule();
  return module;
}

}  // namespace

int CudaDeviceCount() { return TheDriver().devices; }

bool CudaAvailable(std::string* why) {
  if (TheDriver().devices == 0) {
    *why = TheDriver().why;
    return false;
  }
  *why = TheModule().why;
  return TheModule().make != nullptr;
}

std::unique_ptr<Backend> MakeCudaBackend(const Model& model, int device_index,
                                         Precision precision, int max_batch) {
  std::string message;
  if (!CudaAvailable(&message)) {
    throw Error(ErrorCode::kDevice, "CUDA cannot be used: " + message);
  }
  ErrorCode code = ErrorCode::kDevice;
  Backend* backend = TheModule().make(&model, device_index, precision,
                                      max_batch, &code, &message);
  if (backend == nullptr) throw Error(code, message);
  return std::unique_ptr<Backend>(backend);
}

}  // namespace graphiqa
