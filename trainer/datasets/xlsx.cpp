// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "datasets/xlsx.h"

#include <zip.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <pugixml.hpp>

#include "datasets/folder.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

constexpr zip_uint64_t kMaxPartBytes = zip_uint64_t{1} << 26;
constexpr int kMaxColumn = 16384;  // XFD, the format's own limit
constexpr int kMaxRow = 1048576;
constexpr size_t kMaxCells = 20'000'000;

/// Texts by column number from 1.
using Row = std::map<int, std::string>;
using Rows = std::map<int, Row>;

/// The name without a namespace prefix: some programs write x:row.
const char* LocalName(const pugi::xml_node& node) {
  const char* colon = std::strrchr(node.name(), ':');
  return colon ? colon + 1 : node.name();
}

bool Is(const pugi::xml_node& node, const char* name) {
  return std::strcmp(LocalName(node), name) == 0;
}

pugi::xml_node Child(const pugi::xml_node& node, const char* name) {
  for (const pugi::xml_node& child : node) {
    if (Is(child, name)) return child;
  }
  return {};
}

/// The opened archive of a workbook; `file` has to outlive it.
class Workbook {
 public:
  Workbook(const std::string& file, const std::string& path) : path_(path) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source =
        zip_source_buffer_create(file.data(), file.size(), 0, &error);
    if (source) {
      archive_.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
      if (!archive_) zip_source_free(source);
    }
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    if (!archive_) Fail("is no Excel workbook (" + reason + ")");
  }

  [[noreturn]] void Fail(const std::string& reason) const {
    throw Error(
        ErrorCode::kFormat,
        path_ + ": " + reason + "; if Excel opens it, export the sheet as CSV");
  }

  /// Unpacks and parses one part of the workbook.
  pugi::xml_document Part(const std::string& name) const {
    const std::string text = Unpack(name);
    pugi::xml_document document;
    const pugi::xml_parse_result result =
        document.load_buffer(text.data(), text.size());
    if (!result) {
      Fail(name + " in it is no XML: " + result.description() + " at byte " +
           std::to_string(result.offset));
    }
    return document;
  }

  bool Has(const std::string& name) const {
    return zip_name_locate(archive_.get(), name.c_str(), 0) >= 0;
  }

 private:
  struct CloseArchive {
    void operator()(zip_t* archive) const { zip_discard(archive); }
  };
  struct CloseFile {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
  };

  std::string Unpack(const std::string& name) const {
    zip_stat_t stat;
    if (zip_stat(archive_.get(), name.c_str(), 0, &stat) != 0) {
      Fail("has no " + name + " in it");
    }
    if (!(stat.valid & ZIP_STAT_SIZE) || stat.size > kMaxPartBytes) {
      Fail(name + " in it is larger than 64 MiB");
    }
    const std::unique_ptr<zip_file_t, CloseFile> file(
        zip_fopen(archive_.get(), name.c_str(), 0));
    if (!file) Fail(name + " in it cannot be unpacked");
    // Grows with what is really there: the size in the archive is a claim.
    std::string text;
    char block[1 << 16];
    for (;;) {
      const zip_int64_t got = zip_fread(file.get(), block, sizeof block);
      if (got < 0) Fail(name + " in it is damaged");
      text.append(block, static_cast<size_t>(got));
      if (text.size() > kMaxPartBytes) {
        Fail(name + " in it is larger than 64 MiB");
      }
      if (got == 0) break;
    }
    if (text.size() != stat.size) Fail(name + " in it is damaged");
    return text;
  }

  std::string path_;
  std::unique_ptr<zip_t, CloseArchive> archive_;
};

/// The text of a string item: plain, or runs of differing format. Phonetic
/// guides (rPh) are left out.
std::string AllText(const pugi::xml_node& item) {
  std::string text;
  for (const pugi::xml_node& child : item) {
    if (Is(child, "t")) text += child.text().get();
    if (Is(child, "r")) text += Child(child, "t").text().get();
  }
  return text;
}

std::vector<std::string> SharedStrings(const Workbook& book) {
  std::vector<std::string> strings;
  const std::string name = "xl/sharedStrings.xml";
  if (!book.Has(name)) return strings;  // a workbook of numbers has none
  const pugi::xml_document document = book.Part(name);
  for (const pugi::xml_node& item : document.document_element()) {
    if (Is(item, "si")) strings.push_back(AllText(item));
  }
  return strings;
}

/// Name of the part that holds a sheet.
std::string SheetPart(const Workbook& book, const std::string& sheet) {
  const pugi::xml_document workbook = book.Part("xl/workbook.xml");
  std::string id;
  std::string names;
  for (const pugi::xml_node& item :
       Child(workbook.document_element(), "sheets")) {
    const std::string name = item.attribute("name").value();
    names += " '" + name + "'";
    if (!id.empty() || !(sheet.empty() || name == sheet)) continue;
    for (const pugi::xml_attribute& attribute : item.attributes()) {
      const std::string key = attribute.name();
      if (key.size() > 3 && key.compare(key.size() - 3, 3, ":id") == 0) {
        id = attribute.value();
      }
    }
  }
  if (id.empty()) {
    book.Fail("has no sheet '" + sheet + "'; it has" +
              (names.empty() ? " none" : names));
  }
  const pugi::xml_document links = book.Part("xl/_rels/workbook.xml.rels");
  for (const pugi::xml_node& link : links.document_element()) {
    if (link.attribute("Id").value() != id) continue;
    const std::string target = link.attribute("Target").value();
    return target.rfind('/', 0) == 0 ? target.substr(1) : "xl/" + target;
  }
  book.Fail("names no part for sheet '" + sheet + "'");
}

/// Column number of a cell's name "AB12", 0 when it has none.
int ColumnOf(const char* name) {
  int column = 0;
  for (; *name >= 'A' && *name <= 'Z' && column <= kMaxColumn; ++name) {
    column = 26 * column + (*name - 'A' + 1);
  }
  return column;
}

std::string CellText(const Workbook& book, const pugi::xml_node& cell,
                     const std::vector<std::string>& strings) {
  const std::string type = cell.attribute("t").value();
  if (type == "inlineStr") return AllText(Child(cell, "is"));
  std::string value = Child(cell, "v").text().get();
  if (type != "s" || value.empty()) return value;
  char* end = nullptr;
  const long index = std::strtol(value.c_str(), &end, 10);
  if (*end != '\0' || index < 0 ||
      static_cast<size_t>(index) >= strings.size()) {
    book.Fail("cell " + std::string(cell.attribute("r").value()) +
              " names text " + value + " of " + std::to_string(strings.size()));
  }
  return strings[static_cast<size_t>(index)];
}

Rows ReadRows(const Workbook& book, const std::string& part) {
  const std::vector<std::string> strings = SharedStrings(book);
  const pugi::xml_document document = book.Part(part);
  Rows rows;
  int number = 0;
  for (const pugi::xml_node& row :
       Child(document.document_element(), "sheetData")) {
    if (!Is(row, "row")) continue;
    number = row.attribute("r").as_int(number + 1);
    int column = 0;
    for (const pugi::xml_node& cell : row) {
      if (!Is(cell, "c")) continue;
      const int named = ColumnOf(cell.attribute("r").value());
      column = named > 0 ? named : column + 1;
      if (column > kMaxColumn || number < 1 || number > kMaxRow) {
        book.Fail("has a cell beyond the format's limits");
      }
      std::string text = CellText(book, cell, strings);
      if (!text.empty()) rows[number][column] = std::move(text);
    }
  }
  return rows;
}

bool HasAll(const Row& row, const std::vector<std::string>& columns) {
  for (const std::string& column : columns) {
    bool found = false;
    for (const auto& [number, text] : row) found = found || text == column;
    if (!found) return false;
  }
  return true;
}

CsvTable ToTable(const Workbook& book, const std::string& path,
                 const Rows& rows, const std::vector<std::string>& columns) {
  CsvTable table;
  table.path = path;
  auto at = rows.begin();
  while (at != rows.end() && !HasAll(at->second, columns)) ++at;
  if (at == rows.end()) {
    std::string names;
    for (const std::string& column : columns) names += " '" + column + "'";
    book.Fail("has no row with" + (columns.empty() ? " text" : names));
  }
  const Row& header = at->second;
  for (const auto& [column, text] : header) table.header.push_back(text);
  if (header.size() * rows.size() > kMaxCells) {
    book.Fail("has more than 20 million cells");
  }
  for (++at; at != rows.end(); ++at) {
    std::vector<std::string> fields;
    for (const auto& [column, text] : header) {
      const auto cell = at->second.find(column);
      fields.push_back(cell == at->second.end() ? "" : cell->second);
    }
    bool empty = true;
    for (const std::string& field : fields) empty = empty && field.empty();
    if (empty) continue;
    table.rows.push_back(std::move(fields));
    table.lines.push_back(at->first);
  }
  return table;
}

}  // namespace

CsvTable ReadXlsx(const std::string& path, const std::string& sheet,
                  const std::vector<std::string>& columns) {
  return ParseXlsx(ReadBytes(path), path, sheet, columns);
}

CsvTable ParseXlsx(const std::string& file, const std::string& path,
                   const std::string& sheet,
                   const std::vector<std::string>& columns) {
  const Workbook book(file, path);
  return ToTable(book, path, ReadRows(book, SheetPart(book, sheet)), columns);
}

CsvTable ReadSheetOrCsv(const std::string& folder, const std::string& stem,
                        const std::vector<std::string>& columns) {
  const FolderIndex index(folder);
  const std::string sheet = index.Find(stem + ".xlsx");
  if (!sheet.empty()) return ReadXlsx(sheet, "", columns);
  const std::string csv = index.Find(stem + ".csv");
  if (csv.empty()) {
    throw Error(ErrorCode::kNotFound,
                (fs::path(folder) / (stem + ".xlsx")).string() +
                    ": no such file (nor " + stem + ".csv, exported from it)");
  }
  CsvTable table = ReadCsv(csv);
  for (const std::string& column : columns) table.Require(column);
  return table;
}

}  // namespace graphiqa
