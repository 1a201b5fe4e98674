// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "page/html.h"

#include <algorithm>
#include <cmath>

#include "program/markup.h"
#include "program/number.h"

namespace graphiqa {
namespace {

constexpr const char* kAbsent = "–";

}  // namespace

Cell TextCell(const std::string& text) {
  return {text.empty() ? kAbsent : EscapeMarkup(text), ""};
}

Cell NumberCell(const std::optional<double>& value, int decimals) {
  if (!value) return {kAbsent, "-1"};
  return {FixedNumber(*value, decimals), FixedNumber(*value, 6)};
}

Cell CountCell(unsigned long long count) {
  return {GroupedNumber(count), std::to_string(count)};
}

Cell ClockCell(const std::optional<double>& seconds) {
  if (!seconds) return {kAbsent, "-1"};
  return {ClockTime(*seconds, 1), FixedNumber(*seconds, 3)};
}

Table::Table(const std::string& caption, std::vector<Column> columns,
             bool sortable)
    : caption_(EscapeMarkup(caption)),
      columns_(std::move(columns)),
      sortable_(sortable) {}

bool Table::Shown(size_t column) const {
  return !columns_[column].optional ||
         std::any_of(rows_.begin(), rows_.end(), [column](const auto& row) {
           return row[column].html != kAbsent;
         });
}

std::string Table::RowHtml(const std::vector<Cell>& cells,
                           const std::vector<bool>& shown) const {
  std::string html = "<tr>";
  for (size_t i = 0; i < cells.size(); ++i) {
    if (!shown[i]) continue;
    const std::string tag = i == 0 ? "th" : "td";
    const std::string& order = cells[i].order;
    html += "<" + tag + (i == 0 ? " scope=\"row\"" : "") +
            (columns_[i].number ? " class=\"n\"" : "") +
            (order.empty() ? "" : " data-v=\"" + order + "\"") + ">" +
            cells[i].html + "</" + tag + ">";
  }
  return html + "</tr>\n";
}

std::string Table::Html() const {
  std::vector<bool> shown;
  std::string html =
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"" +
      caption_ + "\"><table" + (sortable_ ? " class=\"sortable\"" : "") +
      "><caption>" + caption_ + "</caption><thead><tr>";
  for (size_t i = 0; i < columns_.size(); ++i) {
    shown.push_back(Shown(i));
    if (!shown[i]) continue;
    html += std::string("<th scope=\"col\"") +
            (columns_[i].number ? " class=\"n\"" : "") + ">" +
            EscapeMarkup(columns_[i].title) + "</th>";
  }
  html += "</tr></thead><tbody>\n";
  for (const auto& row : rows_) html += RowHtml(row, shown);
  return html + "</tbody></table></div>\n";
}

std::string NameHtml(const std::string& name) {
  return "<bdi class=\"name\">" + EscapeMarkup(name) + "</bdi>";
}

std::string Plural(unsigned long long count, const std::string& one,
                   const std::string& many) {
  return GroupedNumber(count) + " " + (count == 1 ? one : many);
}

std::string Percent(double share) {
  if (share > 0 && share < 0.01) return "< 1 %";
  return FixedNumber(100 * share, 0) + " %";
}

std::string Signed(double value, int decimals) {
  const double unit = std::pow(10, decimals);
  const double rounded = std::round(value * unit) / unit;
  const std::string digits = FixedNumber(std::abs(rounded), decimals);
  if (rounded == 0) return digits;
  return (rounded > 0 ? "+" : "−") + digits;
}

std::string ImageHtml(const std::string& jpeg, int width, int height,
                      const std::string& alt) {
  if (jpeg.empty()) return "";
  return "<img src=\"data:image/jpeg;base64," + Base64(jpeg) + "\" width=\"" +
         std::to_string(width) + "\" height=\"" + std::to_string(height) +
         "\" alt=\"" + EscapeMarkup(alt) + "\">";
}

}  // namespace graphiqa
