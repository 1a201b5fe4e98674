// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tensor.h"

namespace graphiqa {

/// What a pickled checkpoint may be made of.
enum class PickleKind {
  kNone,
  kBool,
  kInt,
  kFloat,
  kString,
  kTuple,
  kList,
  kDict,
  kFunction,  ///< an allowed global that can be called
  kStorageType,
  kStorage,  ///< a persistent id: bytes that lie outside the pickle
  kTensor,   ///< a view of a storage
};

/// The globals that REDUCE may call.
enum class PickleFunction { kOrderedDict, kTensorV2, kParameter };

/// Index into Pickle::values. Values refer to each other by index, so that
/// neither a cycle nor deep nesting in a hostile file costs anything.
using PickleRef = uint32_t;

/// One value; which fields count depends on the kind.
struct PickleValue {
  PickleKind kind = PickleKind::kNone;
  bool ordered = false;   ///< kDict: an OrderedDict
  int64_t integer = 0;    ///< kBool, kInt; kStorage: number of elements;
                          ///< kTensor: offset, in elements
  double real = 0;        ///< kFloat
  std::string_view text;  ///< kString; kStorage: its key. In the input
  PickleFunction function = PickleFunction::kOrderedDict;
  DType dtype = DType::kF32;     ///< kStorageType, kStorage
  std::vector<PickleRef> items;  ///< kTuple, kList; kDict: key, value, …;
                                 ///< kTensor: storage, sizes, strides
};

/// A pickle that has been read: a heap of values and the one it stands for.
struct Pickle {
  std::vector<PickleValue> values;
  PickleRef root = 0;
  size_t bytes = 0;  ///< how much of the input it took

  const PickleValue& operator[](PickleRef ref) const { return values[ref]; }
  const PickleValue& Root() const { return values[root]; }

  /// Value of a string key in a dict; nullptr when it has none.
  const PickleValue* Find(const PickleValue& dict, std::string_view key) const;
};

/// Reads one pickle of protocol 2 as torch.save writes it. Runs nothing: the
/// opcodes, globals and arguments that a state dict needs are known, all else
/// is refused. Values point into `data`, which must outlive them.
/// @param what  names the pickle in errors
/// @throws Error(kFormat)
Pickle ReadPickle(const uint8_t* data, size_t bytes, const std::string& what);

}  // namespace graphiqa
