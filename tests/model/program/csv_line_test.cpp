// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/csv_line.h"

#include <gtest/gtest.h>

namespace graphiqa {
namespace {

using Fields = std::vector<std::string>;

TEST(CsvLineTest, SplitsAsRfc4180Quotes) {
  const std::pair<const char*, Fields> kCases[] = {
      {"", {""}},
      {",", {"", ""}},
      {"a,b,", {"a", "b", ""}},
      {"\"a,b\",c", {"a,b", "c"}},
      {"\"say \"\"a\"\"\",2", {"say \"a\"", "2"}},
      {"\"\"", {""}},
      {"\"\"\"\"", {"\""}},
      {"\"two\nlines\",2", {"two\nlines", "2"}},
  };
  for (const auto& [line, wanted] : kCases) {
    Fields fields = {"left over"};
    EXPECT_TRUE(SplitCsvLine(line, &fields)) << line;
    EXPECT_EQ(fields, wanted) << line;
  }
}

TEST(CsvLineTest, OpenQuotesAreReported) {
  Fields fields;
  EXPECT_FALSE(SplitCsvLine("a,\"b", &fields));
  EXPECT_FALSE(SplitCsvLine("\"a\"\"", &fields));
}

TEST(CsvLineTest, WrittenFieldsReadBack) {
  for (const std::string text :
       {"", "plain", "a,b", "\"", "say \"a\"", "two\nlines", "\r"}) {
    Fields fields;
    ASSERT_TRUE(SplitCsvLine(CsvField(text) + ",x", &fields)) << text;
    EXPECT_EQ(fields, (Fields{text, "x"}));
  }
  EXPECT_EQ(CsvField("plain text"), "plain text");
}

}  // namespace
}  // namespace graphiqa
