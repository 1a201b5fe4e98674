// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace graphiqa {

/// CRC-32 as zip files use it (polynomial 0xEDB88320, reflected).
uint32_t Crc32(const uint8_t* data, size_t bytes);

}  // namespace graphiqa
