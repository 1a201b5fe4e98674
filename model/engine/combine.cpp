// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "combine.h"

#include <algorithm>
#include <cmath>

namespace graphiqa {
namespace {

void AddSoftmax(const std::vector<float>& logits, double weight,
                std::vector<double>* sums) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  std::vector<double> powers;
  double total = 0;
  for (const float logit : logits) {
    powers.push_back(std::exp(logit - largest));
    total += powers.back();
  }
  for (size_t i = 0; i < powers.size(); ++i) {
    sums->at(i) += weight * powers[i] / total;
  }
}

ViewScore ScoreView(const ScoreInfo& info, const View& view,
                    const HeadValues& values) {
  const double mu = static_cast<double>(values.mos_mu);
  const double s = static_cast<double>(values.mos_s);
  return {view, std::clamp(info.gain * mu + info.offset, 0.0, 100.0),
          std::abs(info.gain * s)};
}

void CombineScores(QualityResult* result) {
  const double count = static_cast<double>(result->views.size());
  double sum = 0;
  for (const ViewScore& view : result->views) sum += view.score;
  result->score = sum / count;
  double variance = 0;
  for (const ViewScore& view : result->views) {
    const double off = view.score - result->score;
    variance += (view.uncertainty * view.uncertainty + off * off) / count;
  }
  result->uncertainty = std::sqrt(variance);
}

void CombineTypes(const std::vector<HeadValues>& values,
                  QualityResult* result) {
  result->probabilities.assign(values[0].type_logits.size(), 0.0);
  for (const HeadValues& value : values) {
    AddSoftmax(value.type_logits, 1.0 / static_cast<double>(values.size()),
               &result->probabilities);
  }
  const auto largest = std::max_element(result->probabilities.begin(),
                                        result->probabilities.end());
  result->distortion =
      static_cast<int>(largest - result->probabilities.begin());
  result->confidence = *largest;
}

}  // namespace

QualityResult CombineViews(const ModelInfo& info,
                           const std::vector<View>& views,
                           const std::vector<HeadValues>& values) {
  QualityResult result;
  double level = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    result.views.push_back(info.heads.mos
                               ? ScoreView(info.score, views[i], values[i])
                               : ViewScore{views[i], 0, 0});
    level += static_cast<double>(values[i].level_mu);
  }
  if (info.heads.mos) CombineScores(&result);
  if (info.heads.type) CombineTypes(values, &result);
  if (info.heads.level) {
    result.level =
        std::clamp(level / static_cast<double>(values.size()), 0.0, 5.0);
  }
  return result;
}

}  // namespace graphiqa
