// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "format/json.h"

#include <cmath>
#include <limits>

#include "format_test_util.h"

namespace graphiqa {
namespace {

std::string Refusal(const std::string& text) {
  return ErrorOf(ErrorCode::kFormat, [&] { Json::Parse(text, "text"); });
}

TEST(JsonTest, ReadsEveryKindOfValue) {
  const Json json = Json::Parse(
      R"( {"n":null,"t":true,"f":false,"i":-7,"d":2.5e1,"s":"x","a":[1,[]]} )",
      "text");
  EXPECT_TRUE(json.At("n").IsNull());
  EXPECT_TRUE(json.GetBool("t"));
  EXPECT_FALSE(json.GetBool("f"));
  EXPECT_EQ(json.GetInt("i"), -7);
  EXPECT_EQ(json.GetDouble("d"), 25.0);
  EXPECT_EQ(json.GetDouble("i"), -7.0);
  EXPECT_EQ(json.GetString("s"), "x");
  EXPECT_EQ(json.GetArray("a").size(), 2U);
  EXPECT_EQ(json.Find("absent"), nullptr);
}

TEST(JsonTest, KeepsIntegersOf64BitsExact) {
  for (const int64_t value :
       {std::numeric_limits<int64_t>::min(),
        std::numeric_limits<int64_t>::max(), int64_t{9007199254740993}}) {
    const std::string text = std::to_string(value);
    EXPECT_EQ(Json::Parse(text, "text").AsInt(), value);
    EXPECT_EQ(Json(value).Dump(), text);
  }
  EXPECT_NE(Refusal("9223372036854775808").find("64 bits"), std::string::npos);
}

TEST(JsonTest, KeepsDoublesExactAndDoubles) {
  for (const double value : {0.1, 1e-320, 1.7976931348623157e308, -0.0, 1.0,
                             68547348623123150000.0}) {
    const Json again = Json::Parse(Json(value).Dump(), "text");
    EXPECT_FALSE(again.IsInt()) << Json(value).Dump();
    EXPECT_EQ(again.AsDouble(), value);
    EXPECT_EQ(std::signbit(again.AsDouble()), std::signbit(value));
  }
  EXPECT_EQ(Json::FromFloat(0.485F).Dump(), "0.485");
}

TEST(JsonTest, RefusesToWriteWhatJsonCannotHold) {
  for (const double value : {std::nan(""), double{INFINITY}}) {
    ErrorOf(ErrorCode::kNumeric, [&] { Json(value).Dump(); });
  }
}

TEST(JsonTest, UnescapesAndEscapesStrings) {
  const Json json = Json::Parse(
      R"("\"\\\/\b\f\n\r\tA\u0041\u00e9\u20ac\ud83d\ude00\u0000")", "text");
  const std::string expected(
      "\"\\/\b\f\n\r\tAA\xc3\xa9\xe2\x82\xac"
      "\xf0\x9f\x98\x80\0",
      20);
  EXPECT_EQ(json.AsString(), expected);
  EXPECT_EQ(Json::Parse(json.Dump(), "text").AsString(), expected);
  EXPECT_EQ(Json("a\x01\x7f").Dump(), R"("a\u0001\u007f")");
}

TEST(JsonTest, RefusesBadUtf8) {
  for (const char* bytes :
       {"\x80", "\xc0\x80", "\xc3", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    EXPECT_NE(Refusal("\"" + std::string(bytes) + "\"").find("UTF-8"),
              std::string::npos);
    EXPECT_FALSE(IsUtf8(bytes));
  }
  EXPECT_TRUE(IsUtf8("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"));
}

TEST(JsonTest, RefusesEverySyntaxError) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[",
                           "[1",
                           "[1,",
                           "[1,]",
                           "[,1]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{1:1}",
                           "nul",
                           "truex",
                           "+1",
                           "01",
                           "-",
                           "1.",
                           ".5",
                           "1e",
                           "1e+",
                           "0x1",
                           "NaN",
                           "Infinity",
                           "'a'",
                           "\"a",
                           "\"\n\"",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\u12g4\"",
                           "\"\\u-123\"",
                           "\"\\ud800\"",
                           "\"\\ud800\\u0041\"",
                           "\"\\udc00\"",
                           "1 2",
                           "[1 2]",
                           "// c\n1",
                           "1e999",
                           "-1e999"}) {
    EXPECT_NE(Refusal(text).find("text: bad JSON at byte"), std::string::npos)
        << text;
  }
}

TEST(JsonTest, RefusesAKeyThatComesTwice) {
  EXPECT_NE(Refusal(R"({"a":1,"b":{"c":1,"d":2,"c":3}})").find("\"c\""),
            std::string::npos);
  EXPECT_NE(Refusal("{\"a\":1,\"\\u0061\":2}").find("twice"),
            std::string::npos);
}

TEST(JsonTest, LimitsDepthAndNumberOfValues) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_NO_THROW(Json::Parse(nested(64), "text"));
  EXPECT_NE(Refusal(nested(66)).find("deep"), std::string::npos);
  EXPECT_NE(Refusal(std::string(1000000, '[')).find("deep"), std::string::npos);
  JsonLimits limits;
  limits.values = 3;
  EXPECT_NO_THROW(Json::Parse("[1,2]", "text", limits));
  ErrorOf(ErrorCode::kFormat, [&] { Json::Parse("[1,2,3]", "text", limits); });
}

TEST(JsonTest, GettersNameTheKey) {
  const Json json = Json::Parse(R"({"size":"big","n":7})", "text");
  const auto message = [&](const std::function<void()>& body) {
    return ErrorOf(ErrorCode::kFormat, body);
  };
  EXPECT_EQ(message([&] { json.GetInt("size"); }),
            "`size` must be an integer, not a string");
  EXPECT_EQ(message([&] { json.GetInt("width"); }), "`width` is missing");
  EXPECT_EQ(message([&] { json.GetInt("n", 8, 9); }),
            "`n` is 7, outside 8 to 9");
  EXPECT_EQ(message([&] { json.RequireKeys({"size"}, "thing"); }),
            "`thing` has an unknown key \"n\"");
  EXPECT_EQ(message([&] {
              json.RequireKeys({"size", "n", "m"}, "thing");
            }),
            "`thing` lacks the key \"m\"");
}

TEST(JsonTest, SetsAndDumpsInOrder) {
  Json json;
  json.Set("b", Json::Array{1, "two", Json::Object{}});
  json.Set("a", 1.5);
  json.Set("b", false);
  EXPECT_EQ(json.Dump(), R"({"b":false,"a":1.5})");
  EXPECT_EQ(json.Dump(2), "{\n  \"b\": false,\n  \"a\": 1.5\n}");
}

}  // namespace
}  // namespace graphiqa
