// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace graphiqa {

/// Splits one record of a CSV file at its commas, quoting as in RFC 4180: a
/// doubled quote inside quotes is one.
/// @param line    without the line end
/// @param fields  at least one, without their quotes
/// @returns false when a quote is not closed
bool SplitCsvLine(const std::string& line, std::vector<std::string>* fields);

/// The field as it is written, with quotes where it needs them.
std::string CsvField(const std::string& text);

}  // namespace graphiqa
