// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace graphiqa {

/// Whether an Authorization header carries the token. Takes the same time
/// wherever they differ.
bool HasToken(const std::string& authorization, const std::string& token);

/// Whether a Host header names this server by IP address, as localhost or by
/// one of the names. Other names may be a page's attempt to reach a server on
/// its visitor's own machine (DNS rebinding).
bool HostAllowed(const std::string& host,
                 const std::vector<std::string>& names);

}  // namespace graphiqa
