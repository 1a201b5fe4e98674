// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Writes the seeds of fuzz_mat and fuzz_xlsx: `make_label_corpus FOLDER`.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "dataset_trees.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

void WriteMatSeeds(const fs::path& folder) {
  fs::create_directories(folder);
  for (bool compressed : {false, true}) {
    WriteMat(folder / (compressed ? "compressed" : "plain"),
             {{"dmos_new", {1.5, -2.64, 111.77}}, {"orgs", {0, 1, 0}, true}},
             {{"names", {"bikes.bmp", "Übersee.bmp"}}}, compressed);
  }
}

void WriteText(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

void WriteXlsxSeeds(const fs::path& folder) {
  fs::create_directories(folder);
  WriteXlsx(folder / "workbook", "s", {{"Name", "MOS"}, {"a.jpg", "0.5"}});
  WriteText(folder / "sheet",
            "<worksheet><sheetData><row r='2'><c r='B2' t='s'><v>0</v></c>"
            "<c t='inlineStr'><is><t>MOS</t></is></c></row>"
            "<row><c r='B3'><v>1e-3</v></c><c t='str'><v>x</v></c></row>"
            "</sheetData></worksheet>\x01"
            "<sst><si><r><t>Im</t></r><r><t>age</t></r></si></sst>\x01"
            "<x:workbook><x:sheets><x:sheet name='s' r:id='1'/></x:sheets>"
            "</x:workbook>");
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_label_corpus FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  graphiqa::WriteMatSeeds(folder / "mat");
  graphiqa::WriteXlsxSeeds(folder / "xlsx");
  return 0;
}
