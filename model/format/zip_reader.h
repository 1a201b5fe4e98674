// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace graphiqa {

/// One entry of a zip archive; the bytes belong to the archive's memory.
struct ZipEntry {
  const uint8_t* data = nullptr;
  size_t bytes = 0;
};

/// Lists a zip archive that torch.save wrote: entries stored without
/// compression, sizes from the central directory (zip64 as well). Every
/// entry's place, size and CRC-32 is checked, and that none overlap.
/// APPNOTE.TXT 6.3.10 of PKWARE.
/// @param what  names the archive in errors
/// @throws Error(kFormat)
std::map<std::string, ZipEntry> ReadZip(const uint8_t* data, size_t bytes,
                                        const std::string& what);

}  // namespace graphiqa
