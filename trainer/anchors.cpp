// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "anchors.h"

#include <ATen/Functions.h>

#include <cstdio>
#include <vector>

#include "csv.h"
#include "format/atomic_file.h"
#include "parameters.h"
#include "program/csv_line.h"

namespace graphiqa {

at::Tensor PredictAnchors(Network* network, const TrainingData& photos,
                          const SampleOptions& sample, int batch, int workers) {
  const std::vector<size_t>& train = photos.split.train;
  const EvaluationMode evaluation(network);
  const Predictions said =
      Predict(network, PlainItems(photos.pictures.get(), train, 0, 0), sample,
              batch, workers);
  std::vector<float> anchors(photos.dataset.samples.size());
  for (size_t i = 0; i < train.size(); ++i) {
    anchors[train[i]] = static_cast<float>(said.mu[i]);
  }
  return at::tensor(anchors);
}

void WriteAnchors(const std::string& path, const TrainingData& photos,
                  const at::Tensor& anchors) {
  const float* values = anchors.data_ptr<float>();
  std::string text = "image,anchor\n";
  for (size_t index : photos.split.train) {
    char number[32];
    std::snprintf(number, sizeof number, ",%.9g\n",
                  static_cast<double>(values[index]));
    text += CsvField(photos.dataset.samples[index].image) + number;
  }
  WriteFileAtomically(path, text);
}

at::Tensor ReadAnchors(const std::string& path, const TrainingData& photos) {
  const CsvTable table = ReadCsv(path);
  const auto image = static_cast<size_t>(table.Require("image"));
  const auto anchor = static_cast<size_t>(table.Require("anchor"));
  const std::vector<size_t>& train = photos.split.train;
  std::vector<float> anchors(photos.dataset.samples.size());
  if (table.rows.size() != train.size()) {
    throw Error(ErrorCode::kFormat,
                path + ": " + std::to_string(table.rows.size()) +
                    " photographs, not " + std::to_string(train.size()));
  }
  for (size_t i = 0; i < train.size(); ++i) {
    const std::string where = path + ":" + std::to_string(table.lines[i]);
    const std::string& name = photos.dataset.samples[train[i]].image;
    if (table.rows[i][image] != name) {
      throw Error(ErrorCode::kFormat, where + ": '" + table.rows[i][image] +
                                          "' instead of '" + name + "'");
    }
    anchors[train[i]] =
        static_cast<float>(ParseNumber(table.rows[i][anchor], where));
  }
  return at::tensor(anchors);
}

}  // namespace graphiqa
