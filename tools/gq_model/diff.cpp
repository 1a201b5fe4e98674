// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>

#include "command.h"
#include "tensor_file.h"
#include "values.h"

namespace graphiqa {
namespace {

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-model diff";
  spec.synopsis = "[OPTION]… A B";
  spec.about =
      "Compares the tensors of two files by name and prints the largest "
      "absolute difference of each. Exit code 0 when none is above the "
      "tolerance, 1 when one is, or when names or shapes differ. NaN equals "
      "NaN and nothing else.";
  spec.options = {
      {"--tolerance", "X", "Differences up to X are none (default 0).", ""},
      {"--all", "", "List the equal tensors too.", ""},
  };
  return spec;
}

/// Where two tensors of one shape differ most.
struct Difference {
  double largest = 0;
  size_t index = 0;  ///< row-major
};

Difference Compare(const TensorView& a, const TensorView& b) {
  Difference result;
  const size_t count = a.bytes / SizeOf(a.dtype);
  for (size_t i = 0; i < count; ++i) {
    const double x = ValueAt(a, i);
    const double y = ValueAt(b, i);
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    double difference = std::fabs(x - y);
    if (std::isnan(difference)) {
      difference = std::numeric_limits<double>::infinity();
    }
    if (difference > result.largest) result = {difference, i};
  }
  return result;
}

std::string Kind(const TensorView& tensor) {
  return NameOf(tensor.dtype) + ShapeText(tensor.shape);
}

/// Prints one tensor; returns whether the two are equal.
bool PrintPair(const TensorView& a, const TensorView& b, double tolerance,
               bool all) {
  if (a.shape != b.shape) {
    std::printf("%s: %s and %s\n", a.name.c_str(), Kind(a).c_str(),
                Kind(b).c_str());
    return false;
  }
  const Difference difference = Compare(a, b);
  const bool equal = !(difference.largest > tolerance);
  if (difference.largest > 0 || all) {
    std::printf("%s: max difference %.9g", a.name.c_str(), difference.largest);
    if (difference.largest > 0) {
      std::printf(" at element %zu (%.9g and %.9g)", difference.index,
                  ValueAt(a, difference.index), ValueAt(b, difference.index));
    }
    std::printf("\n");
  }
  return equal;
}

int Diff(const Arguments& arguments) {
  const std::vector<std::string>& paths = RequireFiles(arguments, 2);
  const double tolerance = arguments.GetDouble("--tolerance", 0, 0, 1e300);
  const TensorFile a = OpenTensorFile(paths[0]);
  const TensorFile b = OpenTensorFile(paths[1]);
  std::map<std::string, const TensorView*> others;
  for (const TensorView& tensor : b.tensors) others[tensor.name] = &tensor;
  size_t different = 0;
  for (const TensorView& tensor : a.tensors) {
    const auto other = others.find(tensor.name);
    if (other == others.end()) {
      std::printf("%s: only in %s\n", tensor.name.c_str(), a.path.c_str());
      ++different;
      continue;
    }
    const bool equal =
        PrintPair(tensor, *other->second, tolerance, arguments.Has("--all"));
    if (!equal) ++different;
    others.erase(other);
  }
  for (const auto& [name, tensor] : others) {
    std::printf("%s: only in %s\n", name.c_str(), b.path.c_str());
    ++different;
  }
  std::printf("%zu of %zu tensors differ\n", different,
              a.tensors.size() + others.size());
  return different == 0 ? kExitOk : kExitFailed;
}

}  // namespace

int RunDiff(const std::vector<std::string>& arguments) {
  return RunProgram(Spec(), arguments, Diff);
}

}  // namespace graphiqa
