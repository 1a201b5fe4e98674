// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics_text.h"

#include <glib.h>

#include <cmath>
#include <utility>

namespace graphiqa {
namespace {

constexpr const char* kTotal = "_total";

std::string Escape(const std::string& text, bool quotes) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\\\";
    } else if (c == '\n') {
      escaped += "\\n";
    } else if (c == '"' && quotes) {
      escaped += "\\\"";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string Number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  gchar buffer[G_ASCII_DTOSTR_BUF_SIZE];
  return g_ascii_formatd(buffer, sizeof(buffer), "%.12g", value);
}

/// "1.0", never "1": OpenMetrics asks for it, and both formats are to name
/// the same series.
std::string Bound(double value) {
  const std::string text = Number(value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string WithoutTotal(const std::string& name) {
  const size_t length = std::string(kTotal).size();
  return name.size() > length &&
                 name.compare(name.size() - length, length, kTotal) == 0
             ? name.substr(0, name.size() - length)
             : name;
}

}  // namespace

void MetricsText::Family(const std::string& name, const std::string& type,
                         const std::string& help) {
  name_ = name;
  const std::string family = open_metrics_ ? WithoutTotal(name) : name;
  text_ += "# HELP " + family + " " + Escape(help, open_metrics_) + "\n";
  text_ += "# TYPE " + family + " " + type + "\n";
}

void MetricsText::Value(const Labels& labels, double value) {
  Line(name_, labels, value);
}

void MetricsText::Distribution(const Histogram& histogram) {
  uint64_t count = 0;
  for (size_t i = 0; i < histogram.counts().size(); ++i) {
    const bool last = i == histogram.bounds().size();
    count += histogram.counts()[i];
    Line(name_ + "_bucket",
         {{"le", last ? "+Inf" : Bound(histogram.bounds()[i])}},
         static_cast<double>(count));
  }
  Line(name_ + "_count", {}, static_cast<double>(count));
  Line(name_ + "_sum", {}, histogram.sum());
}

void MetricsText::Line(const std::string& name, const Labels& labels,
                       double value) {
  text_ += name;
  for (size_t i = 0; i < labels.size(); ++i) {
    text_ += (i == 0 ? "{" : ",") + labels[i].first + "=\"" +
             Escape(labels[i].second, true) + "\"";
  }
  if (!labels.empty()) text_ += "}";
  text_ += " " + Number(value) + "\n";
}

std::string MetricsText::Finish() {
  if (open_metrics_) text_ += "# EOF\n";
  return std::move(text_);
}

const char* MetricsType(bool open_metrics) {
  return open_metrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

bool WantsOpenMetrics(const std::string& accept) {
  return accept.find("application/openmetrics-text") != std::string::npos;
}

}  // namespace graphiqa
