// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace graphiqa {

/// The whole of an earlier output; empty where there is none.
/// @throws Error(kFile) when it cannot be read or is larger than 2 GiB
std::string ReadOutput(const std::string& path);

/// Position after the record that starts at `at`, npos when it has no end.
/// @param quotes  line feeds inside quotes belong to the record, as in CSV
size_t RecordEnd(const std::string& text, size_t at, bool quotes);

/// The fields of a record of CSV.
/// @param record  ends with a line feed
std::vector<std::string> SplitCsvRecord(const std::string& record);

}  // namespace graphiqa
