// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Small made-up copies of the data sets' layouts, with real pictures and
/// label files, quirks included.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataset.h"
#include "scratch_folder.h"

namespace graphiqa {

/// A 64x64 picture, smoother and with a higher `number` darker. The file is a
/// BMP whatever its name says; readers go by content.
void WriteBmp(const Folder& folder, const std::string& name, int number);

/// Numbers as a variable of a MATLAB file, shape 1 x n.
struct MatNumbers {
  std::string name;
  std::vector<double> values;
  bool logical = false;  ///< stored as uint8 with the logical flag
};

/// A cell array of text, shape n x 1.
struct MatTexts {
  std::string name;
  std::vector<std::string> values;
};

/// Writes a MATLAB file of level 5 with libmatio.
/// @param compressed  as `save -v7` does, else as `save -v6`
void WriteMat(const std::string& path, const std::vector<MatNumbers>& numbers,
              const std::vector<MatTexts>& texts, bool compressed);

/// Rows of cells; what reads as a number becomes one.
using SheetCells = std::vector<std::vector<std::string>>;

/// Writes an Excel workbook with libxlsxwriter.
void WriteXlsx(const std::string& path, const std::string& sheet,
               const SheetCells& rows);

/// Writes the tree of a data set of the table into the folder.
void MakeTree(const std::string& dataset, const Folder& folder);

/// The options that read what MakeTree() wrote.
DatasetOptions TreeOptions(const std::string& dataset, const Folder& folder);

}  // namespace graphiqa
