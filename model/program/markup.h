// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace graphiqa {

/// The text as it stands in HTML, XML or SVG, between tags and in quoted
/// attributes alike. Bytes that are no UTF-8, control characters and
/// noncharacters become U+FFFD, so that any file name gives valid markup.
std::string EscapeMarkup(const std::string& text);

/// The text as a JSON string with its quotes, safe inside a script element
/// too: < is written as an escape. Replaces what EscapeMarkup() replaces.
std::string QuoteJson(const std::string& text);

/// Base64 of RFC 4648 with padding, as data: URIs take it.
std::string Base64(const std::string& bytes);

}  // namespace graphiqa
