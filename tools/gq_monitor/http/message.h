// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace graphiqa {

struct Request {
  std::string method;
  std::string path;
  std::map<std::string, std::string> query;
  std::string content_type;  ///< without parameters
  std::string accept;
  std::string body;
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body;
};

}  // namespace graphiqa
