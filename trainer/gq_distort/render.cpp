// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "render.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <set>

#include "distortions/distortion.h"
#include "format/atomic_file.h"
#include "parallel.h"
#include "pictures.h"
#include "program/csv_line.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

std::string Join(const std::string& folder, const std::string& name) {
  return (fs::path(folder) / name).string();
}

void MakeFolder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error || !fs::is_directory(path)) {
    throw Error(ErrorCode::kFile, path + ": cannot be made");
  }
}

/// All folders that outputs go to.
void MakeFolders(const RenderPlan& plan) {
  std::set<fs::path> folders = {fs::path(plan.images),
                                fs::path(plan.list).parent_path()};
  for (const RenderItem& item : plan.items) {
    folders.insert(fs::path(Join(plan.images, item.outputs[0])).parent_path());
  }
  if (!plan.type_lists.empty()) folders.insert(fs::path(plan.type_lists));
  for (const fs::path& folder : folders) {
    if (!folder.empty()) MakeFolder(folder.string());
  }
}

bool IsThere(const std::string& path) {
  std::error_code error;
  return fs::file_size(path, error) > 0 && !error;
}

/// Name of an item's reference in the lists: as it is, or that of its copy.
std::string ReferenceName(const RenderPlan& plan, const RenderItem& item) {
  if (!plan.copy_references) return item.reference;
  return (fs::path(item.reference)
              .replace_extension(fs::path(item.outputs[0]).extension()))
      .generic_string();
}

/// Makes items; thread-safe.
class Renderer {
 public:
  Renderer(const RenderPlan& plan, bool overwrite)
      : plan_(plan), overwrite_(overwrite) {}

  /// @param copy  put the reference beside the outputs
  void Make(const RenderItem& item, bool copy) {
    const std::string copied = Join(plan_.images, ReferenceName(plan_, item));
    const bool copy_missing = copy && Missing(copied);
    std::vector<size_t> missing;
    for (size_t i = 0; i < item.outputs.size(); ++i) {
      if (Missing(Join(plan_.images, item.outputs[i]))) missing.push_back(i);
    }
    there_ += item.outputs.size() - missing.size();
    if (missing.empty() && !copy_missing) return;

    const cv::Mat picture = ReadRgb(Join(plan_.references, item.reference));
    if (copy_missing) Copy(item, picture, copied);
    DistortOptions options;
    options.stretch = plan_.stretch;
    for (const size_t i : missing) {
      WriteRgb(
          Join(plan_.images, item.outputs[i]),
          Distort(picture, item.type, plan_.levels[i], item.seed, options));
      ++made_;
    }
  }

  size_t made() const { return made_; }
  size_t there() const { return there_; }

 private:
  bool Missing(const std::string& path) const {
    return overwrite_ || !IsThere(path);
  }

  /// Files that have the wanted format already are not encoded anew.
  void Copy(const RenderItem& item, const cv::Mat& picture,
            const std::string& target) const {
    const fs::path source = Join(plan_.references, item.reference);
    if (fs::path(target).extension() != source.extension()) {
      WriteRgb(target, picture);
      return;
    }
    std::error_code error;
    fs::copy_file(source, target, fs::copy_options::overwrite_existing, error);
    if (error) throw Error(ErrorCode::kFile, target + ": " + error.message());
  }

  const RenderPlan& plan_;
  const bool overwrite_;
  std::atomic<size_t> made_{0};
  std::atomic<size_t> there_{0};
};

/// The lists name only what is there.
void WriteLists(const RenderPlan& plan) {
  std::string text = "dist_img,ref_img,type,level,name,seed\n";
  std::map<int, std::string> types;
  for (int type = 1; type <= kDistortionTypes; ++type) {
    types[type] = "dist_img,dmos,type,level\n";
  }
  for (const RenderItem& item : plan.items) {
    const std::string reference = CsvField(ReferenceName(plan, item));
    for (size_t i = 0; i < item.outputs.size(); ++i) {
      if (!IsThere(Join(plan.images, item.outputs[i]))) continue;
      const std::string numbers =
          std::to_string(item.type) + "," + std::to_string(plan.levels[i]);
      const std::string output = CsvField(item.outputs[i]);
      text += output + "," + reference + "," + numbers + "," +
              kDistortions[item.type - 1].name + "," +
              std::to_string(item.seed) + "\n";
      // GraphIQA's lists have a column of scores that is 1 everywhere.
      types[item.type] += output + ",1," + numbers + "\n";
    }
  }
  WriteFileAtomically(plan.list, text);
  if (plan.type_lists.empty()) return;
  for (const auto& [type, rows] : types) {
    WriteFileAtomically(
        Join(plan.type_lists, "type" + std::to_string(type) + ".csv"), rows);
  }
}

}  // namespace

RenderResult Render(const RenderPlan& plan, const RenderOptions& options,
                    const std::function<void(const std::string&)>& tell) {
  MakeFolders(plan);
  // The first item of a reference copies it.
  std::set<std::string> seen;
  std::vector<bool> copies;
  for (const RenderItem& item : plan.items) {
    copies.push_back(plan.copy_references &&
                     seen.insert(item.reference).second);
  }
  Renderer renderer(plan, options.overwrite);
  RenderResult result;
  result.whole = ForEachParallel(
      plan.items.size(), options.jobs, "sets of levels",
      [&](size_t i) { renderer.Make(plan.items[i], copies[i]); },
      [&](size_t, const std::string& message) {
        ++result.failed;
        tell(message);
      });
  result.made = renderer.made();
  result.there = renderer.there();
  WriteLists(plan);
  return result;
}

}  // namespace graphiqa
