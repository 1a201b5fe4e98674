// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// How well a model names, grades and scores distortions: every type at every
/// level on photographs, through the same engine as the element.
#pragma once

#include <string>
#include <vector>

#include "confusion.h"
#include "evaluate.h"

namespace graphiqa {

/// The verdict on one photograph at one type and level.
struct TaskPrediction {
  std::string image;
  int type = 0;   ///< KADID number, 0 = undistorted
  int level = 0;  ///< 1-5, 0 = undistorted
  double score = 0;
  double uncertainty = 0;
  int said = -1;  ///< KADID number that was named, 0 = none
  double confidence = 0;
  double said_level = 0;
};

/// Scores each photograph of the part undistorted and at `levels` levels of
/// all types.
/// @throws Error(kUsage) when the set has ratings, or when the model does not
///   name or grade distortions
std::vector<TaskPrediction> ScoreTasks(const EvaluateOptions& options);

/// Types that look alike: a pair counts as one where this is asked for. See
/// docs/training-the-default-model.md.
bool LookAlike(int type, int said);

/// What the predictions come to. Shares in [0, 1].
struct TaskMeasures {
  size_t photographs = 0;
  double accuracy = 0;        ///< levels 2-5 and undistorted
  double accuracy_alike = 0;  ///< the same, look-alikes count as right
  double accuracy_all = 0;    ///< levels 1-5 and undistorted
  double level_srocc = 0;     ///< predicted against true level, distorted
  double kadid_srocc = 0;     ///< 125 mean scores against KADID's
  double clean_above = 0;     ///< undistorted above its levels 3-5
};

TaskMeasures MeasureTasks(const std::vector<TaskPrediction>& predictions);

/// How often each type (undistorted first) was taken for each other, levels 2-5
/// and undistorted.
Confusion TypeConfusion(const std::vector<TaskPrediction>& predictions);

/// `file,type,level,score,uncertainty,said,confidence,said_level`
void WriteTaskPredictions(const std::string& path,
                          const std::vector<TaskPrediction>& predictions);

/// Prints measures, accuracy by type and the strongest confusions.
void PrintTasks(const std::vector<TaskPrediction>& predictions);

}  // namespace graphiqa
