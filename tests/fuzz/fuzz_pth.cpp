// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// A PyTorch checkpoint, legacy or zip.

#include <cstdlib>
#include <cstring>

#include "error.h"
#include "format/crc32.h"
#include "format/pth.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace graphiqa;
  try {
    for (const TensorRecord& tensor : ParsePth(data, size, "input")) {
      if (ByteCount(tensor.dtype, tensor.shape) != tensor.data.size()) {
        std::abort();
      }
    }
  } catch (const Error&) {
    // Refusing is what most inputs deserve.
  }
  return 0;
}

#ifdef GRAPHIQA_LIBFUZZER
namespace {

uint32_t Number(const uint8_t* p, size_t size) {
  uint32_t value = 0;
  for (size_t i = size; i-- > 0;) value = (value << 8) | p[i];
  return value;
}

/// Makes the checksum of every zip entry right again, so that mutations reach
/// what lies behind it.
void RepairChecksums(uint8_t* data, size_t size) {
  for (size_t at = 0; size >= 46 && at <= size - 46; ++at) {
    if (std::memcmp(data + at, "PK\1\2", 4) != 0) continue;
    const size_t bytes = Number(data + at + 24, 4);
    const size_t local = Number(data + at + 42, 4);
    if (size < 30 || local > size - 30) continue;
    const size_t begin = local + 30 + Number(data + local + 26, 2) +
                         Number(data + local + 28, 2);
    if (begin > size || bytes > size - begin) continue;
    const uint32_t crc = graphiqa::Crc32(data + begin, bytes);
    for (size_t i = 0; i < 4; ++i) {
      data[at + 16 + i] = static_cast<uint8_t>(crc >> (8 * i));
    }
  }
}

}  // namespace

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t limit);
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size,
                                          size_t limit, unsigned seed);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size,
                                          size_t limit, unsigned seed) {
  const size_t mutated = LLVMFuzzerMutate(data, size, limit);
  if (seed % 16 != 0) RepairChecksums(data, mutated);
  return mutated;
}
#endif
