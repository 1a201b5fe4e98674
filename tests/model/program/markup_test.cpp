// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/markup.h"

#include <gtest/gtest.h>

#include "program/number.h"

namespace graphiqa {
namespace {

TEST(Markup, SpecialCharactersAreEscaped) {
  EXPECT_EQ(EscapeMarkup("<a href=\"x\" id='y'>&amp;</a>"),
            "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
  EXPECT_EQ(EscapeMarkup("näme 漢字 😀"), "näme 漢字 😀");
}

TEST(Markup, WhatMarkupMustNotHaveIsReplaced) {
  // A lone continuation byte, an overlong slash, a surrogate, a character cut
  // off, one beyond the last, controls, a noncharacter.
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(EscapeMarkup("a\x80z"), "a" + mark + "z");
  EXPECT_EQ(EscapeMarkup("\xC0\xAF"), mark + mark);
  EXPECT_EQ(EscapeMarkup("\xED\xA0\x80"), mark + mark + mark);
  EXPECT_EQ(EscapeMarkup("\xE6\xBC"), mark + mark);
  EXPECT_EQ(EscapeMarkup("\xF4\x90\x80\x80"), mark + mark + mark + mark);
  EXPECT_EQ(EscapeMarkup("\n\t\x7F\xC2\x85"), mark + mark + mark + mark);
  EXPECT_EQ(EscapeMarkup("\xEF\xBF\xBF"), mark);
  EXPECT_EQ(EscapeMarkup(std::string("a\0b", 3)), "a" + mark + "b");
}

TEST(Markup, JsonIsSafeInsideAScript) {
  EXPECT_EQ(QuoteJson("</script>\"\\"), "\"\\u003c/script>\\\"\\\\\"");
}

TEST(Markup, Base64HasTheVectorsOfRfc4648) {
  const char* vectors[][2] = {
      {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
      {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) EXPECT_EQ(Base64(plain), coded);
  EXPECT_EQ(Base64("\xFF\xFE\xFD"), "//79");
}

TEST(Number, ClockTimesAreRoundedOnce) {
  EXPECT_EQ(ClockTime(0, 0), "0:00");
  EXPECT_EQ(ClockTime(59.96, 1), "1:00.0");
  EXPECT_EQ(ClockTime(59.94, 1), "0:59.9");
  EXPECT_EQ(ClockTime(3599.6, 0), "1:00:00");
  EXPECT_EQ(ClockTime(36061.25, 2), "10:01:01.25");
  EXPECT_EQ(ClockTime(-1, 1), "0:00.0");
}

TEST(Number, CountsHaveGroups) {
  EXPECT_EQ(GroupedNumber(0), "0");
  EXPECT_EQ(GroupedNumber(999), "999");
  EXPECT_EQ(GroupedNumber(1234567), "1\u2009234\u2009567");
}

}  // namespace
}  // namespace graphiqa
