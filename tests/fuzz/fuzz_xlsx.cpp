// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Input that begins with "PK" is a workbook as it is. Anything else is the XML
/// of a sheet, of the shared texts and of the list of sheets, each after a byte
/// 1, put into an archive with right checksums, so that mutations reach the
/// XML.
#include <cstdlib>
#include <vector>

#include "checkpoint_maker.h"
#include "datasets/xlsx.h"
#include "fuzz.h"

namespace {

std::string Workbook(const std::string& input) {
  std::vector<std::string> parts(1);
  for (char c : input) {
    if (c == 1) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  parts.resize(3);
  if (parts[2].empty()) {
    parts[2] =
        "<workbook><sheets><sheet name='s' r:id='1'/></sheets></workbook>";
  }
  return graphiqa::MakeZip(
      {{"xl/workbook.xml", parts[2]},
       {"xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id='1' Target='s.xml'/></Relationships>"},
       {"xl/sharedStrings.xml", parts[1]},
       {"xl/s.xml", parts[0]}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const bool whole = input.rfind("PK", 0) == 0;
  try {
    const graphiqa::CsvTable table =
        graphiqa::ParseXlsx(whole ? input : Workbook(input), "input", "", {});
    if (table.rows.size() != table.lines.size()) std::abort();
    for (const std::vector<std::string>& row : table.rows) {
      if (row.size() != table.header.size()) std::abort();
    }
  } catch (const graphiqa::Error&) {
  }
  return 0;
}
