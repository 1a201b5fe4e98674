// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <opencv2/core.hpp>
#include <set>

#include "csv.h"
#include "distortions/distortion.h"
#include "pictures.h"
#include "random.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

/// The path without the end of its name.
std::string Stem(const std::string& path) {
  return (fs::path(path).parent_path() / fs::path(path).stem())
      .generic_string();
}

RenderItem MakeItem(const PlanOptions& options, const std::string& reference,
                    int type) {
  const std::string stem = Stem(reference);
  RenderItem item{reference, type, ReferenceSeed(options.seed, stem), {}};
  for (const int level : options.levels) {
    item.outputs.push_back(stem + cv::format("_%02d_%02d.", type, level) +
                           options.format);
  }
  return item;
}

RenderPlan StartPlan(const PlanOptions& options, const std::string& images,
                     const std::string& list) {
  RenderPlan plan;
  plan.references = options.in;
  plan.images = (fs::path(options.out) / images).string();
  plan.list = (fs::path(options.out) / list).string();
  plan.stretch = options.stretch;
  plan.levels = options.levels;
  return plan;
}

/// All types of all pictures of the folder.
void AddFolder(const PlanOptions& options, RenderPlan* plan) {
  std::map<std::string, std::string> stems;
  for (const std::string& reference : ListPictures(options.in)) {
    const auto [other, fresh] = stems.emplace(Stem(reference), reference);
    if (!fresh) {
      throw Error(ErrorCode::kUsage, options.in + ": " + other->second +
                                         " and " + reference +
                                         " would get the same names");
    }
    for (const int type : options.types) {
      plan->items.push_back(MakeItem(options, reference, type));
    }
  }
}

int ParseType(const std::string& text, const std::string& place) {
  const double number = ParseNumber(text, place);
  const int type = static_cast<int>(number);
  if (type != number || type < 1 || type > kDistortionTypes) {
    throw Error(ErrorCode::kFormat,
                place + ": type " + text + " is not in 1..25");
  }
  return type;
}

/// A name from a list must not lead out of the folders.
void CheckName(const std::string& name, const std::string& place) {
  const fs::path path(name);
  const bool leads_out =
      path.is_absolute() ||
      std::find(path.begin(), path.end(), fs::path("..")) != path.end();
  if (name.empty() || leads_out) {
    throw Error(ErrorCode::kFormat,
                place + ": '" + name + "' is no name of a reference");
  }
}

}  // namespace

uint64_t ReferenceSeed(uint64_t seed, const std::string& stem) {
  // FNV-1a.
  uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : stem) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  }
  // Short enough to be exact in spreadsheets.
  return Random{seed, hash}.Next() >> 12;
}

RenderPlan PlanFolder(const PlanOptions& options) {
  RenderPlan plan = StartPlan(options, "", "distortions.csv");
  AddFolder(options, &plan);
  return plan;
}

RenderPlan PlanKadid(const PlanOptions& options) {
  RenderPlan plan = StartPlan(options, "images", "distortions.csv");
  plan.copy_references = true;
  AddFolder(options, &plan);
  return plan;
}

RenderPlan PlanKadis(const PlanOptions& options, const std::string& list,
                     bool second_type) {
  RenderPlan plan = StartPlan(options, "dist_imgs", "kadis700k_dist_imgs.csv");
  plan.type_lists = (fs::path(options.out) / "types_csv").string();
  if (!fs::is_directory(options.in)) {
    throw Error(ErrorCode::kNotFound, options.in + ": no such folder");
  }
  const CsvTable csv = ReadCsv(list);
  const auto name = static_cast<size_t>(csv.Require("ref_im"));
  std::vector<size_t> columns = {
      static_cast<size_t>(csv.Require("dist_type_1"))};
  if (second_type) {
    columns.push_back(static_cast<size_t>(csv.Require("dist_type_2")));
  }
  const std::set<int> wanted(options.types.begin(), options.types.end());
  std::set<std::pair<std::string, int>> seen;
  for (size_t i = 0; i < csv.rows.size(); ++i) {
    const std::string place = list + ", line " + std::to_string(csv.lines[i]);
    const std::vector<std::string>& row = csv.rows[i];
    CheckName(row[name], place);
    for (const size_t column : columns) {
      // Most rows have no second type; a first type is never missing.
      if (row[column].empty() && column != columns[0]) continue;
      const int type = ParseType(row[column], place);
      if (!seen.emplace(Stem(row[name]), type).second) {
        throw Error(ErrorCode::kFormat, place + ": " + row[name] +
                                            " is listed twice with type " +
                                            std::to_string(type));
      }
      if (wanted.count(type) > 0) {
        plan.items.push_back(MakeItem(options, row[name], type));
      }
    }
  }
  return plan;
}

}  // namespace graphiqa
