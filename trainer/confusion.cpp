// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "confusion.h"

#include <algorithm>
#include <cstdio>

#include "plot.h"
#include "program/csv_line.h"

namespace graphiqa {
namespace {

double Part(int64_t some, int64_t all) {
  return all > 0 ? static_cast<double>(some) / static_cast<double>(all) : 0;
}

size_t Checked(int index, size_t classes) {
  if (index < 0 || static_cast<size_t>(index) >= classes) {
    throw Error(ErrorCode::kUsage, "confusion: class " + std::to_string(index) +
                                       " of " + std::to_string(classes));
  }
  return static_cast<size_t>(index);
}

Confusion Empty(const std::vector<std::string>& names) {
  return {names, std::vector<std::vector<int64_t>>(
                     names.size(), std::vector<int64_t>(names.size()))};
}

/// For each class the class that it becomes.
std::vector<size_t> MergedInto(size_t classes,
                               const std::vector<std::vector<int>>& alike) {
  std::vector<size_t> into(classes);
  std::vector<bool> listed(classes, false);
  for (size_t i = 0; i < classes; ++i) into[i] = i;
  for (const std::vector<int>& list : alike) {
    size_t first = classes;
    for (int index : list) first = std::min(first, Checked(index, classes));
    for (int index : list) {
      const auto at = static_cast<size_t>(index);
      if (listed[at]) {
        throw Error(
            ErrorCode::kUsage,
            "confusion: class " + std::to_string(index) + " is listed twice");
      }
      listed[at] = true;
      into[at] = first;
    }
  }
  return into;
}

std::string Percent(double part) {
  char text[16];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * part);
  return text;
}

}  // namespace

int64_t Confusion::Total() const {
  int64_t total = 0;
  for (const std::vector<int64_t>& row : counts) {
    for (int64_t count : row) total += count;
  }
  return total;
}

double Confusion::Accuracy() const {
  int64_t right = 0;
  for (size_t i = 0; i < counts.size(); ++i) right += counts[i][i];
  return Part(right, Total());
}

double Confusion::Recall(size_t index) const {
  int64_t all = 0;
  for (int64_t count : counts[index]) all += count;
  return Part(counts[index][index], all);
}

double Confusion::Precision(size_t index) const {
  int64_t all = 0;
  for (const std::vector<int64_t>& row : counts) all += row[index];
  return Part(counts[index][index], all);
}

Confusion CountConfusion(const std::vector<std::string>& names,
                         const std::vector<int>& truth,
                         const std::vector<int>& predicted) {
  if (truth.size() != predicted.size()) {
    throw Error(ErrorCode::kUsage,
                "confusion: " + std::to_string(predicted.size()) +
                    " predictions for " + std::to_string(truth.size()) +
                    " pictures");
  }
  Confusion confusion = Empty(names);
  for (size_t i = 0; i < truth.size(); ++i) {
    ++confusion.counts[Checked(truth[i], names.size())]
                      [Checked(predicted[i], names.size())];
  }
  return confusion;
}

Confusion MergeClasses(const Confusion& confusion,
                       const std::vector<std::vector<int>>& alike) {
  const size_t classes = confusion.names.size();
  const std::vector<size_t> into = MergedInto(classes, alike);
  std::vector<size_t> place(classes);
  std::vector<std::string> names;
  for (size_t i = 0; i < classes; ++i) {
    if (into[i] == i) {
      place[i] = names.size();
      names.push_back(confusion.names[i]);
    } else {
      place[i] = place[into[i]];
      names[place[i]] += "/" + confusion.names[i];
    }
  }
  Confusion merged = Empty(names);
  for (size_t i = 0; i < classes; ++i) {
    for (size_t j = 0; j < classes; ++j) {
      merged.counts[place[i]][place[j]] += confusion.counts[i][j];
    }
  }
  return merged;
}

std::string ConfusionTable(const Confusion& confusion) {
  size_t width = 9;
  for (const std::string& name : confusion.names) {
    width = std::max(width, name.size());
  }
  const auto label = [width](std::string text) {
    text.resize(width + 4, ' ');
    return text;
  };
  char cell[32];
  std::string table = label("");
  for (size_t i = 0; i < confusion.names.size(); ++i) {
    std::snprintf(cell, sizeof cell, "%5zu", i + 1);
    table += cell;
  }
  table += "  recall\n";
  for (size_t i = 0; i < confusion.names.size(); ++i) {
    std::snprintf(cell, sizeof cell, "%2zu ", i + 1);
    table += label(cell + confusion.names[i]);
    for (int64_t count : confusion.counts[i]) {
      const std::string text = count == 0 ? "." : std::to_string(count);
      std::snprintf(cell, sizeof cell, "%5s", text.c_str());
      table += cell;
    }
    std::snprintf(cell, sizeof cell, "  %6.3f\n", confusion.Recall(i));
    table += cell;
  }
  table += label("precision");
  for (size_t i = 0; i < confusion.names.size(); ++i) {
    std::snprintf(cell, sizeof cell, " %4.2f", confusion.Precision(i));
    table += cell;
  }
  std::snprintf(cell, sizeof cell, "  %6.3f\n", confusion.Accuracy());
  return table + cell;
}

std::string ConfusionCsv(const Confusion& confusion) {
  std::string text = "true";
  for (const std::string& name : confusion.names) text += ',' + CsvField(name);
  text += '\n';
  for (size_t i = 0; i < confusion.names.size(); ++i) {
    text += CsvField(confusion.names[i]);
    for (int64_t count : confusion.counts[i]) {
      text += ',' + std::to_string(count);
    }
    text += '\n';
  }
  return text;
}

std::string ConfusionPlot(const Confusion& confusion) {
  return MatrixPlot(Percent(confusion.Accuracy()) + " of " +
                        std::to_string(confusion.Total()) + " right",
                    confusion.names, confusion.counts);
}

}  // namespace graphiqa
