// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "split.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>

#include "csv.h"
#include "program/csv_line.h"
#include "random.h"

namespace graphiqa {
namespace {

std::vector<size_t>* PartOf(const std::string& name, Split* split) {
  if (name == "train") return &split->train;
  if (name == "val") return &split->val;
  if (name == "test") return &split->test;
  return nullptr;
}

bool NamesParts(const Dataset& dataset) {
  for (const Sample& sample : dataset.samples) {
    if (!sample.part.empty()) return true;
  }
  return false;
}

Split OwnSplit(const Dataset& dataset) {
  Split split;
  for (size_t i = 0; i < dataset.samples.size(); ++i) {
    std::vector<size_t>* part = PartOf(dataset.samples[i].part, &split);
    if (part) part->push_back(i);
  }
  return split;
}

void CheckParts(const Split& split, const std::string& what) {
  if (!split.train.empty() && !split.val.empty()) return;
  throw Error(ErrorCode::kFormat,
              what + ": " + std::to_string(split.train.size()) +
                  " pictures to train and " + std::to_string(split.val.size()) +
                  " to validate; both parts need some");
}

/// The groups of some samples in a random order.
std::vector<std::string> ShuffledGroups(const Dataset& dataset,
                                        const std::vector<size_t>& indices,
                                        uint64_t seed) {
  std::map<std::string, int> seen;
  std::vector<std::string> groups;
  for (size_t i : indices) {
    const std::string& group = dataset.samples[i].group;
    if (seen[group]++ == 0) groups.push_back(group);
  }
  Random random{seed, 0x5350};
  Shuffle(&groups, &random);
  return groups;
}

/// Moves whole groups, in their order, from training to another part until it
/// holds `wanted` pictures.
void HoldOut(const Dataset& dataset, const std::vector<std::string>& groups,
             size_t wanted, Split* split, std::vector<size_t>* part) {
  std::map<std::string, std::vector<size_t>> members;
  for (size_t i : split->train) {
    members[dataset.samples[i].group].push_back(i);
  }
  std::vector<bool> held(dataset.samples.size(), false);
  size_t count = 0;
  for (const std::string& group : groups) {
    if (count >= wanted) break;
    for (size_t i : members[group]) held[i] = true;
    count += members[group].size();
  }
  std::vector<size_t> train;
  for (size_t i : split->train) (held[i] ? *part : train).push_back(i);
  split->train = std::move(train);
}

}  // namespace

const std::vector<size_t>& Split::Part(const std::string& part) const {
  if (part == "train") return train;
  if (part == "val") return val;
  if (part == "test") return test;
  throw Error(ErrorCode::kUsage,
              "part '" + part + "' is not train, val or test");
}

Split MakeSplit(const Dataset& dataset, double val_fraction, uint64_t seed,
                double test_fraction) {
  Split split;
  if (NamesParts(dataset)) {
    split = OwnSplit(dataset);
  } else {
    split.train.resize(dataset.samples.size());
    std::iota(split.train.begin(), split.train.end(), size_t{0});
  }
  const auto all = static_cast<double>(split.train.size());
  const auto wanted = [all](double fraction) {
    return static_cast<size_t>(std::ceil(fraction * all));
  };
  const auto groups = ShuffledGroups(dataset, split.train, seed);
  if (split.val.empty()) {
    HoldOut(dataset, groups, wanted(val_fraction), &split, &split.val);
  }
  if (split.test.empty()) {
    HoldOut(dataset, groups, wanted(test_fraction), &split, &split.test);
  }
  CheckParts(split, "split of " + dataset.name);
  return split;
}

std::vector<std::vector<size_t>> Chunks(const std::vector<size_t>& order,
                                        size_t size, bool keep_rest) {
  std::vector<std::vector<size_t>> chunks;
  for (size_t begin = 0; begin < order.size(); begin += size) {
    const size_t end = std::min(begin + size, order.size());
    if (end - begin < size && !keep_rest && begin > 0) break;
    chunks.emplace_back(order.begin() + static_cast<std::ptrdiff_t>(begin),
                        order.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return chunks;
}

void WriteSplit(const std::string& path, const Dataset& dataset,
                const Split& split) {
  std::ofstream file(path);
  file << "image,split\n";
  for (const char* part : {"train", "val", "test"}) {
    for (size_t i : split.Part(part)) {
      file << CsvField(dataset.samples[i].image) << ',' << part << '\n';
    }
  }
  file.close();
  if (!file) throw Error(ErrorCode::kFile, path + ": cannot be written");
}

Split ReadSplit(const std::string& path, const Dataset& dataset) {
  const CsvTable table = ReadCsv(path);
  const auto image = static_cast<size_t>(table.Require("image"));
  const auto part_column = static_cast<size_t>(table.Require("split"));
  std::map<std::string, size_t> index;
  for (size_t i = 0; i < dataset.samples.size(); ++i) {
    index[dataset.samples[i].image] = i;
  }
  Split split;
  for (size_t row = 0; row < table.rows.size(); ++row) {
    const std::string place =
        path + ", line " + std::to_string(table.lines[row]);
    const auto found = index.find(table.rows[row][image]);
    std::vector<size_t>* part = PartOf(table.rows[row][part_column], &split);
    if (found == index.end()) {
      throw Error(ErrorCode::kFormat, place + ": picture '" +
                                          table.rows[row][image] +
                                          "' is not in the data set");
    }
    if (!part) {
      throw Error(ErrorCode::kFormat, place + ": '" +
                                          table.rows[row][part_column] +
                                          "' is not train, val or test");
    }
    part->push_back(found->second);
    index.erase(found);  // a second mention is then an error as well
  }
  return split;
}

}  // namespace graphiqa
