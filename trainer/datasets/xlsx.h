// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "csv.h"

namespace graphiqa {

/// Reads one sheet of an Excel workbook (.xlsx; ECMA-376, part 1) as a table.
/// Cells are taken as stored: text, or the number's digits; formulas by their
/// last result. CsvTable::lines holds the sheet's row numbers; rows without
/// any text are left out.
/// @param sheet    its name, empty = the first
/// @param columns  texts that the header row holds; the first row that has
///   them all is the header. Empty = the first row that has any text
/// @throws Error(kNotFound|kFile) or Error(kFormat) naming the file, and the
///   sheet: no workbook, damaged, no such sheet, no such header, larger than
///   64 MiB unpacked
CsvTable ReadXlsx(const std::string& path, const std::string& sheet,
                  const std::vector<std::string>& columns);

/// The same for a file in memory; `path` names it in errors.
CsvTable ParseXlsx(const std::string& file, const std::string& path,
                   const std::string& sheet,
                   const std::vector<std::string>& columns);

/// Reads `folder/stem.xlsx`, or a CSV file of the same name beside it that was
/// exported from it.
/// @throws as ReadXlsx(); names both when neither is there
CsvTable ReadSheetOrCsv(const std::string& folder, const std::string& stem,
                        const std::vector<std::string>& columns);

}  // namespace graphiqa
