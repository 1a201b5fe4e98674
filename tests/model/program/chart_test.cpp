// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "program/chart/assets.h"
#include "program/chart/curve.h"
#include "program/chart/decimator.h"
#include "program/chart/histogram.h"
#include "program/chart/lanes.h"
#include "program/chart/readout.h"
#include "program/chart/time_axis.h"

namespace graphiqa {
namespace {

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) {
    ++count;
  }
  return count;
}

ValueRange One(double value) {
  ValueRange range;
  range.Add(value);
  return range;
}

TEST(Decimator, KeepsAllSamplesInBoundedBuckets) {
  for (const int number : {1, 2, 9, 10, 11, 19, 20, 21, 39, 41, 12345}) {
    Decimator<ValueRange> decimator(10);
    for (int i = 0; i < number; ++i) decimator.Add(One(i));
    const auto& buckets = decimator.buckets();
    ASSERT_LE(buckets.size(), 10U) << number;
    ASSERT_GE(buckets.size(), std::min<size_t>(5, number)) << number;
    int next = 0;
    for (size_t i = 0; i < buckets.size(); ++i) {
      EXPECT_EQ(buckets[i].low, next) << number;
      next += static_cast<int>(buckets[i].count);
      EXPECT_EQ(buckets[i].high, next - 1) << number;
      if (i + 1 < buckets.size()) {
        EXPECT_EQ(buckets[i].count, decimator.samples_per_bucket()) << number;
      }
    }
    EXPECT_EQ(next, number);
  }
}

TEST(Decimator, KeepsAnExtremeOfOneSampleInAMillion) {
  Decimator<ValueRange> decimator(100);
  for (int i = 0; i < 1000000; ++i) {
    decimator.Add(One(i == 777777 ? 3 : 70 + i % 7));
  }
  double low = 100;
  for (const ValueRange& bucket : decimator.buckets()) {
    low = std::min(low, bucket.low);
  }
  EXPECT_EQ(low, 3);
}

TEST(TimeAxis, TicksAreRoundAndFew) {
  for (const double seconds :
       {0.0, 0.3, 1.0, 4.04, 59.0, 600.0, 5400.0, 86400.0, 1e6, 1e8}) {
    const TimeAxis axis(0, seconds);
    const std::vector<double> ticks = axis.Ticks(7);
    ASSERT_FALSE(ticks.empty()) << seconds;
    EXPECT_LE(ticks.size(), 8U) << seconds;
    EXPECT_EQ(ticks.front(), 0) << seconds;
    for (const double tick : ticks) {
      EXPECT_GE(axis.Place(tick), 0) << seconds;
      EXPECT_LE(axis.Place(tick), 1) << seconds;
    }
  }
  EXPECT_EQ(TimeAxis(0, 4.04).Label(2), "0:02");
  EXPECT_EQ(TimeAxis(0, 1).Label(0.5), "0:00.5");
  EXPECT_EQ(TimeAxis(5, 5).Place(5), 0);
}

CurvePlot PlotOf(int points) {
  CurvePlot plot;
  plot.id = "x";
  plot.title = "A <title> & more";
  Curve curve;
  for (int i = 0; i < points; ++i) {
    curve.points.push_back({1.0 * i, 50, 40, 60, 5});
  }
  plot.curves = {curve};
  return plot;
}

TEST(CurvePlot, HasTitleAndDescriptionForScreenReaders) {
  const std::string html = DrawCurves(PlotOf(3), TimeAxis(0, 2));
  EXPECT_NE(html.find("aria-labelledby=\"x-t x-d\""), std::string::npos);
  EXPECT_NE(html.find("<title id=\"x-t\">A &lt;title&gt; &amp; more</title>"),
            std::string::npos);
  EXPECT_NE(html.find("<desc id=\"x-d\">"), std::string::npos);
}

TEST(CurvePlot, PlacesFollowTheAxes) {
  CurvePlot plot = PlotOf(0);
  plot.curves[0].points = {{0, 100, 100, 100, 0}, {10, 0, 0, 0, 0}};
  plot.height_px = 200;
  const std::string html = DrawCurves(plot, TimeAxis(0, 20));
  EXPECT_NE(html.find("M0.0,0.0 500.0,200.0"), std::string::npos) << html;
}

TEST(CurvePlot, ValuesOutsideStayInside) {
  CurvePlot plot = PlotOf(0);
  plot.curves[0].points = {{-5, 300, -300, 300, 50}, {99, 50, 50, 50, 0}};
  const std::string html = DrawCurves(plot, TimeAxis(0, 10));
  EXPECT_EQ(Count(html, "-"),
            Count(DrawCurves(PlotOf(2), TimeAxis(0, 10)), "-"));
  EXPECT_EQ(html.find("nan"), std::string::npos);
}

TEST(CurvePlot, DrawsNothingFromNothing) {
  const std::string html = DrawCurves(PlotOf(0), TimeAxis(0, 0));
  EXPECT_EQ(html.find("gq-line"), std::string::npos);
  EXPECT_EQ(DrawSparkline(Curve(), 0, 100), "");
}

TEST(Histogram, CountsAndClamps) {
  Histogram histogram;
  for (const double value : {-5.0, 0.0, 1.9, 50.0, 100.0, 300.0}) {
    histogram.Add(value);
  }
  EXPECT_EQ(histogram.counts.front(), 3U);
  EXPECT_EQ(histogram.counts[25], 1U);
  EXPECT_EQ(histogram.counts.back(), 2U);
  EXPECT_EQ(histogram.total(), 6U);
  const std::string html = DrawHistogram("h", "t", histogram, {{50, "<p5>"}});
  EXPECT_NE(html.find("Most often from 0 to 2: 50 % of 6"), std::string::npos);
  EXPECT_NE(html.find("&lt;p5&gt;"), std::string::npos);
}

TEST(Lanes, SharesAreShades) {
  Lane lane{"a<b", "7 %", "", {{0, 1, 1.0}, {1, 2, 0.1}}};
  const std::string html = DrawLanes({lane}, TimeAxis(0, 4));
  EXPECT_NE(html.find("gq-shade4\" d=\"M0.0,0h250.0"), std::string::npos);
  EXPECT_NE(html.find("gq-shade1\" d=\"M250.0,0h250.0"), std::string::npos);
  EXPECT_NE(html.find("aria-label=\"a&lt;b: 7 %\""), std::string::npos);
}

TEST(Readout, IsJsonWithoutNan) {
  ReadoutField field;
  field.name = "</script>";
  field.values = {1.26, std::nan("")};
  const std::string html =
      DrawReadoutData(TimeAxis(0, 1), {{"", {0, 1}, {field}}});
  EXPECT_NE(html.find("\"v\":[1.3,null]"), std::string::npos) << html;
  EXPECT_EQ(Count(html, "</script>"), 1U);
}

TEST(Assets, NameNothingOutside) {
  for (const std::string text : {ChartStyle(), ChartScript()}) {
    EXPECT_GT(text.size(), 1000U);
    EXPECT_EQ(text.find("://"), std::string::npos);
    EXPECT_EQ(text.find("url("), std::string::npos);
    EXPECT_EQ(text.find("@import"), std::string::npos);
    EXPECT_EQ(text.find("</"), std::string::npos);
  }
}

}  // namespace
}  // namespace graphiqa
