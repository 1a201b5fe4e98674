// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Finds and loads the engine library at run time. The plugin and the tools do
// not link it, so that they start at once and can say what is missing where
// LibTorch is absent.
#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

#include "engine/entry.h"
#include "scorer.h"

namespace graphiqa {
namespace {

constexpr const char* kEngineName = "libgraphiqa-model.so.0";
constexpr const char* kModelName = "graphiqa-default.safetensors";

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

/// Folder of the binary (plugin or program) that this code is linked into.
std::string OwnDirectory() {
  Dl_info info{};
  link_map* map = nullptr;
  if (dladdr1(reinterpret_cast<void*>(&OwnDirectory), &info,
              reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) == 0) {
    return "";
  }
  // A program, without a name in the map, is otherwise called as its user
  // called it: found through PATH, that leads nowhere.
  const bool program = map != nullptr && *map->l_name == '\0';
  char* resolved =
      realpath(program ? "/proc/self/exe" : info.dli_fname, nullptr);
  if (resolved == nullptr) return "";
  std::string directory = DirectoryOf(resolved);
  std::free(resolved);
  return directory;
}

bool Exists(const std::string& path) { return access(path.c_str(), R_OK) == 0; }

/// Places of the engine, best first. The plugin sits in <libdir>/gstreamer-1.0
/// or <build>/gst, programs in <prefix>/bin or <build>/tools/<name>.
std::vector<std::string> EngineCandidates() {
  const std::string own = OwnDirectory();
  std::vector<std::string> places;
  for (const char* relative :
       {"", "/..", "/../model", "/../../model", "/../../../model"}) {
    if (!own.empty()) places.push_back(own + relative + "/" + kEngineName);
  }
  places.push_back(std::string(GRAPHIQA_LIBDIR) + "/" + kEngineName);
  return places;
}

/// One clear text for the user; dlerror() names the file that is missing.
[[noreturn]] void ThrowMissing(const std::string& detail) {
  throw Error(ErrorCode::kNotFound,
              "the graphiqa engine cannot be loaded: " + detail +
                  ". Install graphiqa with LibTorch (./setup.sh install), or "
                  "set GRAPHIQA_ENGINE to " +
                  kEngineName);
}

// RTLD_LOCAL: the symbols of LibTorch stay out of the host program.
void* Load(const char* library) {
  void* handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) ThrowMissing(dlerror());
  return handle;
}

void* OpenEngine() {
  // Who names an engine wants that one and no other.
  const char* forced = std::getenv("GRAPHIQA_ENGINE");
  if (forced != nullptr && *forced != '\0') return Load(forced);
  for (const std::string& place : EngineCandidates()) {
    if (Exists(place)) return Load(place.c_str());
  }
  return Load(kEngineName);
}

/// Loads the engine once; a failed attempt is repeated by the next call. The
/// library is never unloaded: LibTorch does not survive that.
OpenScorerFn LoadEngine() {
  static std::mutex mutex;
  static OpenScorerFn open = nullptr;
  const std::lock_guard<std::mutex> lock(mutex);
  if (open != nullptr) return open;
  void* handle = OpenEngine();
  void* symbol = dlsym(handle, kOpenScorerSymbol);
  if (symbol == nullptr) {
    ThrowMissing(std::string("it lacks the symbol ") + kOpenScorerSymbol);
  }
  open = reinterpret_cast<OpenScorerFn>(symbol);
  return open;
}

}  // namespace

std::shared_ptr<Scorer> OpenScorer(const ScorerOptions& options) {
  const OpenScorerFn open = LoadEngine();
  std::shared_ptr<Scorer> scorer;
  ErrorCode code = ErrorCode::kFile;
  std::string message;
  if (!open(&options, &scorer, &code, &message)) throw Error(code, message);
  return scorer;
}

std::string DefaultModelFile() {
  const char* forced = std::getenv("GRAPHIQA_MODEL");
  if (forced != nullptr && *forced != '\0') return forced;
  const std::string own = OwnDirectory();
  // Installed: <prefix>/bin, <prefix>/lib/gstreamer-1.0 and
  // <prefix>/lib/<triplet>/gstreamer-1.0. Build tree: the source's weights.
  std::vector<std::string> places;
  for (const char* up : {"/..", "/../..", "/../../.."}) {
    if (!own.empty()) {
      places.push_back(own + up + "/share/graphiqa/" + kModelName);
    }
  }
  if (own.rfind(GRAPHIQA_BUILD_ROOT, 0) == 0) {
    places.insert(places.begin(), std::string(GRAPHIQA_SOURCE_ROOT) +
                                      "/model/weights/" + kModelName);
  }
  places.push_back(std::string(GRAPHIQA_DATADIR) + "/" + kModelName);
  std::string looked;
  for (const std::string& place : places) {
    if (Exists(place)) return place;
    looked += (looked.empty() ? "" : ", ") + place;
  }
  throw Error(ErrorCode::kNotFound,
              "no default model (looked at " + looked +
                  "): name one with model-file or GRAPHIQA_MODEL");
}

}  // namespace graphiqa
