// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "element_loader.h"

#include <gst/gst.h>

#include <filesystem>
#include <string>
#include <vector>

#include "error.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPluginFile = "libgstgraphiqa.so";

/// Folder of this program.
fs::path OwnFolder() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path() : self.parent_path();
}

std::vector<fs::path> PluginPlaces() {
  const fs::path own = OwnFolder();
  std::vector<fs::path> places;
  if (!own.empty()) {
    places.push_back(own / "../../gst");  // build tree
    places.push_back(own / GQ_PLUGIN_FROM_BIN);
  }
  places.emplace_back(GQ_PLUGIN_DIR);
  return places;
}

}  // namespace

void LoadElement() {
  for (const fs::path& place : PluginPlaces()) {
    std::error_code missing;
    const fs::path file = fs::canonical(place / kPluginFile, missing);
    if (missing) continue;
    GError* error = nullptr;
    GstPlugin* plugin = gst_plugin_load_file(file.c_str(), &error);
    if (plugin != nullptr) {
      gst_object_unref(plugin);
      return;
    }
    const std::string text = error->message;
    g_error_free(error);
    throw Error(ErrorCode::kNotFound, file.string() + ": " + text);
  }
  GstElementFactory* factory = gst_element_factory_find("graphiqa");
  if (factory == nullptr) {
    throw Error(ErrorCode::kNotFound,
                "the GStreamer element graphiqa is not installed; set "
                "GST_PLUGIN_PATH to the folder of " +
                    std::string(kPluginFile));
  }
  gst_object_unref(factory);
}

}  // namespace graphiqa
