// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "access.h"

#include <glib.h>

#include <algorithm>
#include <cstdint>

#include "format/sha256.h"

namespace graphiqa {
namespace {

std::string Hash(const std::string& text) {
  return Sha256Hex(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

std::string LowerCase(const std::string& text) {
  gchar* lower = g_ascii_strdown(text.data(), static_cast<gssize>(text.size()));
  const std::string result = lower;
  g_free(lower);
  return result;
}

/// Without the port, and without the brackets of an IPv6 address.
std::string HostName(const std::string& host) {
  if (!host.empty() && host[0] == '[') {
    const size_t end = host.find(']');
    return end == std::string::npos ? "" : host.substr(1, end - 1);
  }
  return host.substr(0, host.find(':'));
}

}  // namespace

bool HasToken(const std::string& authorization, const std::string& token) {
  constexpr const char* kScheme = "bearer ";
  const size_t length = 7;
  if (LowerCase(authorization.substr(0, length)) != kScheme) return false;
  // Of the hashes, which have one length and tell nothing of the token.
  const std::string given = Hash(authorization.substr(length));
  const std::string wanted = Hash(token);
  unsigned difference = 0;
  for (size_t i = 0; i < wanted.size(); ++i) {
    difference |=
        static_cast<unsigned>(given[i]) ^ static_cast<unsigned>(wanted[i]);
  }
  return difference == 0;
}

bool HostAllowed(const std::string& host,
                 const std::vector<std::string>& names) {
  const std::string name = LowerCase(HostName(host));
  if (name == "localhost" || g_hostname_is_ip_address(name.c_str()) != FALSE) {
    return true;
  }
  return std::any_of(names.begin(), names.end(), [&](const std::string& known) {
    return LowerCase(known) == name;
  });
}

}  // namespace graphiqa
