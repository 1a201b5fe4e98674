// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace graphiqa {

/// One cell of a table: HTML, and what it is sorted by.
struct Cell {
  std::string html;
  std::string order;  ///< a number; empty = the cell's text
};

Cell TextCell(const std::string& text);
Cell NumberCell(const std::optional<double>& value, int decimals);
Cell CountCell(unsigned long long count);
/// A time, "–" where there is none.
Cell ClockCell(const std::optional<double>& seconds);

struct Column {
  std::string title;
  bool number = false;    ///< set to the right
  bool optional = false;  ///< left out where no row has anything in it
};

/// A table that scrolls sideways where the page is narrow.
class Table {
 public:
  /// @param caption  for screen readers
  Table(const std::string& caption, std::vector<Column> columns, bool sortable);

  void Row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  std::string Html() const;

 private:
  bool Shown(size_t column) const;
  std::string RowHtml(const std::vector<Cell>& cells,
                      const std::vector<bool>& shown) const;

  const std::string caption_;
  const std::vector<Column> columns_;
  const bool sortable_;
  std::vector<std::vector<Cell>> rows_;
};

/// A file's name, in its own direction of writing, breaking where it must.
std::string NameHtml(const std::string& name);

/// "1 file", "2 files".
std::string Plural(unsigned long long count, const std::string& one,
                   const std::string& many);

/// "43 %"; "< 1 %" for little that is not nothing.
std::string Percent(double share);

/// A number with its sign: "+1.2", "−0.4", "0.0".
std::string Signed(double value, int decimals);

/// A thumbnail as an img element; empty where there is no picture.
std::string ImageHtml(const std::string& jpeg, int width, int height,
                      const std::string& alt);

}  // namespace graphiqa
