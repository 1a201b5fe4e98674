// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "kadid_scores.h"

#include <algorithm>
#include <string>

namespace graphiqa {
namespace {

constexpr int kTypes = 25;
constexpr int kLevels = 5;

// Means of `dmos` in KADID-10k's dmos.csv, row = type, column = level.
constexpr double kMeanScores[kTypes][kLevels] = {
    {4.612, 4.382, 2.911, 1.873, 1.303}, {3.862, 2.654, 1.756, 1.442, 1.299},
    {4.604, 4.095, 2.848, 2.175, 1.668}, {4.495, 2.602, 1.756, 1.605, 1.394},
    {4.227, 2.545, 1.916, 1.854, 1.864}, {4.108, 3.973, 3.719, 3.203, 2.425},
    {2.746, 2.335, 2.262, 2.243, 2.027}, {4.580, 3.330, 2.648, 1.816, 1.525},
    {4.553, 4.205, 3.873, 2.445, 1.394}, {4.338, 4.246, 3.866, 1.945, 1.350},
    {3.893, 3.390, 3.045, 2.710, 2.301}, {4.468, 3.682, 3.170, 2.687, 2.380},
    {3.584, 2.930, 2.613, 2.312, 2.132}, {4.404, 3.581, 3.084, 2.639, 2.117},
    {3.668, 2.727, 2.203, 1.655, 1.467}, {4.506, 4.288, 3.632, 2.701, 1.809},
    {4.600, 4.528, 4.231, 3.535, 2.221}, {4.218, 4.519, 4.603, 4.370, 3.903},
    {4.419, 4.086, 3.235, 1.849, 1.339}, {4.333, 3.938, 3.773, 3.464, 3.261},
    {3.889, 3.098, 2.900, 2.794, 1.496}, {4.169, 3.933, 3.686, 3.373, 2.799},
    {2.687, 2.359, 2.300, 2.126, 2.035}, {3.579, 2.636, 2.136, 1.613, 1.336},
    {3.419, 3.858, 4.290, 4.141, 3.324},
};

void Check(int type, int level) {
  if (type >= 1 && type <= kTypes && level >= 1 && level <= kLevels) return;
  throw Error(ErrorCode::kUsage, "distortion " + std::to_string(type) +
                                     ", level " + std::to_string(level) +
                                     ": types are 1 to 25, levels 1 to 5");
}

}  // namespace

double KadidMeanScore(int type, int level) {
  if (type == 0) return kKadidClean;
  Check(type, level);
  return kMeanScores[type - 1][level - 1];
}

double KadidRatio(int type, int level) {
  return std::clamp(
      (KadidMeanScore(type, level) - kKadidWorst) / (kKadidClean - kKadidWorst),
      0.0, 1.0);
}

bool IsIdentity(int type, int level) {
  return ((type == 1 || type == 3 || type == 8) && level == 1) ||
         (type == 18 && level == 3);
}

}  // namespace graphiqa
