// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "datasets/xlsx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zip.h>

#include <map>

#include "dataset_trees.h"
#include "datasets/folder.h"

namespace graphiqa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Parts of a workbook by name.
using Parts = std::map<std::string, std::string>;

void WriteParts(const std::string& path, const Parts& parts) {
  int code = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  ASSERT_NE(archive, nullptr);
  for (const auto& [name, text] : parts) {
    zip_source_t* source =
        zip_source_buffer(archive, text.data(), text.size(), 0);
    ASSERT_GE(zip_file_add(archive, name.c_str(), source, ZIP_FL_OVERWRITE), 0);
  }
  ASSERT_EQ(zip_close(archive), 0);
}

/// A workbook as other programs write it: prefixed names, texts in the cells
/// or as runs, cells without a name.
Parts Unusual() {
  return {
      {"xl/workbook.xml",
       "<x:workbook xmlns:x='m' xmlns:r='r'><x:sheets>"
       "<x:sheet name='first' sheetId='1' r:id='rId7'/>"
       "<x:sheet name='second' sheetId='2' r:id='rId8'/>"
       "</x:sheets></x:workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id='rId7' Target='/xl/one.xml'/>"
       "<Relationship Id='rId8' Target='worksheets/two.xml'/></Relationships>"},
      {"xl/sharedStrings.xml",
       "<sst><si><r><t>Image </t></r><r><t>name</t></r>"
       "<rPh><t>guide</t></rPh></si></sst>"},
      {"xl/one.xml",
       "<x:worksheet xmlns:x='m'><x:sheetData>"
       "<x:row><x:c t='s'><x:v>0</x:v></x:c>"
       "<x:c t='inlineStr'><x:is><x:t>MOS</x:t></x:is></x:c></x:row>"
       "<x:row r='4'><x:c r='B4' t='n'><x:v>3.5</x:v></x:c>"
       "<x:c r='A4' t='str'><x:v>a.jpg</x:v></x:c></x:row>"
       "</x:sheetData></x:worksheet>"},
      {"xl/worksheets/two.xml",
       "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData>"
       "</worksheet>"}};
}

TEST(XlsxTest, ReadsWhatLibxlsxwriterWrites) {
  const ScratchFolder folder;
  const std::string path = folder.File("x.xlsx");
  WriteXlsx(path, "Plan1",
            {{"title"},
             {},
             {"", "Name", "MOS", "note"},
             {"", "a & b.jpg", "0.0625", ""},
             {"only outside the columns"},
             {"", "c.jpg", "1e-3", "x"}});
  const CsvTable table = ReadXlsx(path, "Plan1", {"MOS", "Name"});
  EXPECT_THAT(table.header, ElementsAre("Name", "MOS", "note"));
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_THAT(table.rows[0], ElementsAre("a & b.jpg", "0.0625", ""));
  EXPECT_EQ(table.rows[1][0], "c.jpg");
  EXPECT_EQ(ParseNumber(table.rows[1][1], ""), 0.001);
  EXPECT_THAT(table.lines, ElementsAre(4, 6));
}

TEST(XlsxTest, ReadsWhatOtherProgramsWrite) {
  const ScratchFolder folder;
  const std::string path = folder.File("x.xlsx");
  WriteParts(path, Unusual());
  const CsvTable first = ReadXlsx(path, "", {});
  EXPECT_THAT(first.header, ElementsAre("Image name", "MOS"));
  ASSERT_EQ(first.rows.size(), 1u);
  EXPECT_THAT(first.rows[0], ElementsAre("a.jpg", "3.5"));
  EXPECT_THAT(first.lines, ElementsAre(4));
  EXPECT_THAT(ReadXlsx(path, "second", {}).header, ElementsAre("1"));
}

TEST(XlsxTest, WrongWorkbooksAreNamed) {
  struct Case {
    const char* part;
    const char* text;  ///< nullptr: the part is missing
    const char* message;
  };
  const Case cases[] = {
      {"xl/workbook.xml", nullptr, "has no xl/workbook.xml in it"},
      {"xl/workbook.xml", "<workbook/>", "has no sheet 'first'; it has none"},
      {"xl/workbook.xml", "<workbook><sheets", "is no XML"},
      {"xl/_rels/workbook.xml.rels", "<Relationships/>",
       "names no part for sheet 'first'"},
      {"xl/one.xml", nullptr, "has no xl/one.xml in it"},
      {"xl/one.xml", "<worksheet/>", "has no row with 'MOS'"},
      {"xl/one.xml",
       "<w><sheetData><row><c r='A1' t='s'><v>9</v></c></row></sheetData></w>",
       "cell A1 names text 9 of 1"},
      {"xl/one.xml",
       "<w><sheetData><row><c r='XFE1'><v>9</v></c></row></sheetData></w>",
       "beyond the format's limits"},
      {"xl/one.xml",
       "<w><sheetData><row r='-2'><c><v>9</v></c></row></sheetData></w>",
       "beyond the format's limits"}};
  for (const Case& wrong : cases) {
    const ScratchFolder folder;
    Parts parts = Unusual();
    parts.erase(wrong.part);
    if (wrong.text) parts[wrong.part] = wrong.text;
    const std::string path = folder.File("x.xlsx");
    WriteParts(path, parts);
    EXPECT_THAT(MessageOf([&] { ReadXlsx(path, "first", {"MOS"}); }),
                testing::AllOf(HasSubstr(path), HasSubstr(wrong.message)));
  }
}

TEST(XlsxTest, TruncatedAndFlippedFilesNeverCrash) {
  const ScratchFolder folder;
  WriteParts(folder.File("x.xlsx"), Unusual());
  const std::string bytes = ReadBytes(folder.File("x.xlsx"));
  const auto read = [](const std::string& damaged) {
    return MessageOf(
        [&damaged] { ParseXlsx(damaged, "damaged.xlsx", "first", {"MOS"}); });
  };
  ASSERT_EQ(read(bytes), "");
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(read(bytes.substr(0, size)), HasSubstr("damaged.xlsx")) << size;
  }
  // A flipped bit may not matter (a date); else the error names the file.
  size_t errors = 0;
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const std::string message = read(flipped);
    if (message.empty()) continue;
    ++errors;
    EXPECT_THAT(message, HasSubstr("damaged.xlsx"));
  }
  EXPECT_GT(errors, 4 * bytes.size());
}

}  // namespace
}  // namespace graphiqa
