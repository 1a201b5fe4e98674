// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Reading and comparing golden sets: tests/data/golden/README.md says what is
/// in them. Any other set of the same form can be run by pointing the
/// environment variable GRAPHIQA_GOLDEN_DIR at its folder.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "format/safetensors.h"
#include "network/network.h"

namespace graphiqa {

/// Tolerances of the README.
inline constexpr double kSmallEps = 1e-5;
inline constexpr double kFullEps = 1e-4;
inline constexpr double kGradientEps = 1e-4;

/// Path of a file of the golden set.
std::string GoldenPath(const std::string& file);

/// One safetensors file of a golden set.
class GoldenFile {
 public:
  explicit GoldenFile(const std::string& file);

  bool Has(const std::string& name) const;
  at::Tensor Get(const std::string& name) const;   ///< throws when absent
  std::string Meta(const std::string& key) const;  ///< throws when absent
  double Number(const std::string& key) const { return std::stod(Meta(key)); }

  /// Names that start with `prefix`, without it, in order.
  std::vector<std::string> Under(const std::string& prefix) const;

  /// What stands before `suffix` in the names that end with it and have no
  /// other '/': "n1", "n2", … for "/features".
  std::vector<std::string> Groups(const std::string& suffix) const;

  const std::vector<TensorView>& tensors() const { return file_.tensors(); }

 private:
  SafetensorsFile file_;
};

/// A network of heads alone with the parameters that `file` has under `prefix`.
std::shared_ptr<Network> HeadsFromGolden(const GoldenFile& file,
                                         const std::string& prefix);

/// Checks |got - expected| <= eps * max(1, |expected|) and notes the largest
/// quotient for the table. Where `expected` is not a number, which the released
/// code gives for degrees that are not positive, `got` has to be finite.
/// @param source  file or set, @param name  tensor: the table's first columns
void ExpectClose(const std::string& source, const std::string& name,
                 const at::Tensor& got, const at::Tensor& expected, double eps);

/// As ExpectClose(), relative to the largest element of `expected`.
void ExpectGradientClose(const std::string& source, const std::string& name,
                         const at::Tensor& got, const at::Tensor& expected);

/// Notes a row for the table and checks value <= limit.
void ExpectWithin(const std::string& source, const std::string& name,
                  double value, double limit, const std::string& unit);

/// Only finiteness, for what a degree under the floor reaches.
void ExpectFinite(const std::string& source, const std::string& name,
                  const at::Tensor& got);

}  // namespace graphiqa
