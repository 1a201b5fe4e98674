// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "page/frame.h"

#include <glib.h>

#include <array>

#include "page/assets.h"
#include "program/chart/assets.h"
#include "program/markup.h"

namespace graphiqa {
namespace {

std::string Script() { return std::string(ChartScript()) + PageScript(); }

/// The hash by which the policy knows the script.
std::string ScriptHash() {
  const std::string script = Script();
  std::array<guint8, 32> digest{};
  gsize size = digest.size();
  GChecksum* hash = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(hash, reinterpret_cast<const guchar*>(script.data()),
                    static_cast<gssize>(script.size()));
  g_checksum_get_digest(hash, digest.data(), &size);
  g_checksum_free(hash);
  return "sha256-" + Base64({digest.begin(), digest.end()});
}

}  // namespace

std::string PageStart(const std::string& title, const std::string& subtitle) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta "
         "charset=\"utf-8\">\n<meta name=\"viewport\" "
         "content=\"width=device-width, initial-scale=1\">\n<meta "
         "name=\"generator\" content=\"gq-score " GRAPHIQA_VERSION
         "\">\n<meta http-equiv=\"Content-Security-Policy\" "
         "content=\"default-src 'none'; img-src data:; style-src "
         "'unsafe-inline'; script-src '" +
         ScriptHash() + "'\">\n<title>" + EscapeMarkup(title) +
         "</title>\n<style>\n" + ChartStyle() + PageStyle() +
         "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the "
         "results</a>\n<header><h1>Picture quality report</h1><p "
         "class=\"facts\">" +
         EscapeMarkup(subtitle) + "</p></header>\n<main id=\"main\">\n";
}

std::string PageEnd() {
  return "</main>\n<script>" + Script() + "</script>\n</body>\n</html>\n";
}

std::string DrawSettings(const Settings& settings) {
  std::string html =
      "<section class=\"card\" id=\"settings\">\n<h2>How this was "
      "measured</h2>\n<dl class=\"settings\">\n";
  for (const auto& [name, value] : settings) {
    html += "<dt>" + EscapeMarkup(name) + "</dt><dd>" + EscapeMarkup(value) +
            "</dd>\n";
  }
  return html +
         "</dl>\n<p>The score goes from 0 to 100, higher is better; no "
         "reference picture is used. <b>p5</b> is the score that one frame in "
         "twenty falls below. <b>±</b> is the model's own uncertainty, one "
         "standard deviation. <b>Level</b> is the strength of the distortion "
         "from 0 to 5. Frames that are black, flat or frozen are marked: their "
         "scores say little, and they are not among the worst "
         "frames.</p>\n</section>\n";
}

}  // namespace graphiqa
