// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <pugixml.hpp>

#include "calibration.h"
#include "confusion.h"

namespace graphiqa {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Fails where the text is no XML; counts elements of a name.
size_t Count(const std::string& svg, const char* element) {
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_string(svg.c_str());
  EXPECT_TRUE(result) << result.description() << " in\n" << svg;
  EXPECT_STREQ(document.document_element().name(), "svg");
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
  return document.select_nodes((std::string("//") + element).c_str()).size();
}

std::vector<std::string> Texts(const std::string& svg) {
  pugi::xml_document document;
  document.load_string(svg.c_str());
  std::vector<std::string> texts;
  for (const auto& node : document.select_nodes("//text")) {
    texts.push_back(node.node().text().get());
  }
  return texts;
}

TEST(PlotTest, PanelsAreWellFormedWhateverTheNames) {
  const std::string svg = PlotPanels(
      {{"a < b & \"c\"\x01", "x", "y", {{"<one>", {{0, 1}, {1, 3}}}}},
       {"two", "x", "y", {{"p", {{0, 1}}}, {"q", {{2, 5}, {3, 7}}}}}});
  EXPECT_EQ(Count(svg, "polyline"), 3u);
  EXPECT_THAT(Texts(svg), testing::IsSupersetOf({"a < b & \"c\"", "p", "q"}));
}

TEST(PlotTest, LongNamesKeepTheirEnds) {
  std::string accents;
  for (int i = 0; i < 18; ++i) accents += "é";
  const std::string name = "runs/übung/" + accents + accents + "/end";
  const std::string svg =
      PlotPanels({{"t", "x", "", {{name, {{0, 1}}}, {"q", {{2, 5}}}}}});
  EXPECT_EQ(Count(svg, "polyline"), 2u);
  EXPECT_THAT(Texts(svg), testing::Contains("…" + accents + "/end"));
}

TEST(PlotTest, DiagonalPanelsHaveOneScale) {
  const std::vector<std::string> texts =
      Texts(ScatterPlot("x", "y", {"s", {{0, 20}, {100, 80}}}));
  EXPECT_EQ(std::count(texts.begin(), texts.end(), "100"), 2);
}

TEST(PlotTest, TicksAreRoundNumbers) {
  const std::string svg = LinePlot("x", {{"s", {{0.5, 0.83}, {10, 0.912}}}});
  EXPECT_THAT(Texts(svg),
              testing::IsSupersetOf({"0", "2", "10", "0.82", "0.9", "0.92"}));
}

TEST(PlotTest, OddPointsAreLeftOut) {
  EXPECT_EQ(Count(LinePlot("x", {{"nothing", {}}}), "circle"), 0u);
  EXPECT_EQ(Count(LinePlot("x", {{"one", {{1, 1}}}}), "circle"), 1u);
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(
      Count(ScatterPlot("x", "y", {"s", {{1, 2}, {kNan, 1}, {2, infinity}}}),
            "circle"),
      1u);
  EXPECT_EQ(Count(LinePlot("x", {{"flat", {{1e-300, 5}, {2, 5}}}}), "polyline"),
            1u);
}

TEST(PlotTest, MatrixHasACellForEachPair) {
  const Confusion confusion =
      CountConfusion({"none", "blur", "a<b"}, {0, 1, 1, 2}, {0, 1, 2, 2});
  const std::string svg = ConfusionPlot(confusion);
  EXPECT_EQ(Count(svg, "rect"), 9u + 1);  // the white ground
  EXPECT_THAT(Texts(svg), testing::Contains("75.0 % of 4 right"));
}

TEST(PlotTest, CalibrationHasBothCurves) {
  const std::string svg =
      CalibrationPlot(MeasureCalibration({0, 0, 0}, {1, -2, 0}, {1, 1, 2}, 2));
  EXPECT_EQ(Count(svg, "polyline"), 2u);
}

}  // namespace
}  // namespace graphiqa
