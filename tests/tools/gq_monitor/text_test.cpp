// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "app/program.h"
#include "http/access.h"
#include "http/event_streams.h"
#include "metrics/metrics_text.h"
#include "output/event_json.h"
#include "output/webhook.h"
#include "page/assets.h"

namespace graphiqa {
namespace {

TEST(Metrics, FollowPrometheusTextFormat) {
  MetricsText text(false);
  text.Family("a_total", "counter", "Back\\slash\nand \"quotes\".");
  text.Value({{"channel", "x\"\\\ny"}, {"b", "c"}}, 1.5);
  text.Family("b", "gauge", "Plain.");
  text.Value({}, 12345678901.0);
  text.Value({}, std::nan(""));
  text.Value({}, -INFINITY);
  EXPECT_EQ(text.Finish(),
            "# HELP a_total Back\\\\slash\\nand \"quotes\".\n"
            "# TYPE a_total counter\n"
            "a_total{channel=\"x\\\"\\\\\\ny\",b=\"c\"} 1.5\n"
            "# HELP b Plain.\n"
            "# TYPE b gauge\n"
            "b 12345678901\n"
            "b NaN\n"
            "b -Inf\n");
}

TEST(Metrics, OpenMetricsNamesCounterFamiliesWithoutTotal) {
  MetricsText text(true);
  text.Family("a_total", "counter", "Some \"thing\".");
  text.Value({}, 1);
  EXPECT_EQ(text.Finish(),
            "# HELP a Some \\\"thing\\\".\n"
            "# TYPE a counter\n"
            "a_total 1\n"
            "# EOF\n");
  EXPECT_TRUE(WantsOpenMetrics(
      "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"));
  EXPECT_FALSE(WantsOpenMetrics("text/plain"));
}

TEST(Metrics, HistogramsAreCumulativeWithInclusiveBounds) {
  Histogram histogram({0.5, 1, 25});
  histogram.Add(0.5);
  histogram.Add(0.75, 2);
  histogram.Add(25);
  histogram.Add(26);
  MetricsText text(true);
  text.Family("a_seconds", "histogram", "Times.");
  text.Distribution(histogram);
  EXPECT_EQ(text.Finish(),
            "# HELP a_seconds Times.\n"
            "# TYPE a_seconds histogram\n"
            "a_seconds_bucket{le=\"0.5\"} 1\n"
            "a_seconds_bucket{le=\"1.0\"} 3\n"
            "a_seconds_bucket{le=\"25.0\"} 4\n"
            "a_seconds_bucket{le=\"+Inf\"} 5\n"
            "a_seconds_count 5\n"
            "a_seconds_sum 53\n"
            "# EOF\n");
}

TEST(Metrics, BatchesAreSortedByPowersOfTwo) {
  // 3 passes of one view, 2 of three or four, 1 of more than that.
  const Histogram histogram = BatchHistogram({3, 0, 2, 1}, 25);
  EXPECT_EQ(histogram.bounds(), (std::vector<double>{1, 2, 4}));
  EXPECT_EQ(histogram.counts(), (std::vector<uint64_t>{3, 0, 2, 1}));
  EXPECT_EQ(histogram.sum(), 25);
  EXPECT_TRUE(BatchHistogram({}, 0).bounds().empty());
}

TEST(Access, OnlyTheWholeTokenOpens) {
  EXPECT_TRUE(HasToken("Bearer s3cret", "s3cret"));
  EXPECT_TRUE(HasToken("bearer s3cret", "s3cret"));
  for (const char* wrong :
       {"", "Bearer", "Bearer ", "s3cret", "Basic s3cret", "Bearer s3cre",
        "Bearer s3crets", "Bearer  s3cret"}) {
    EXPECT_FALSE(HasToken(wrong, "s3cret")) << wrong;
  }
}

TEST(Access, OnlyKnownNamesAreServed) {
  for (const char* right : {"localhost", "localhost:8088", "127.0.0.1:1",
                            "[::1]:8088", "10.1.2.3", "Monitor.Example:80"}) {
    EXPECT_TRUE(HostAllowed(right, {"monitor.example"})) << right;
  }
  for (const char* wrong : {"", "evil.example", "localhost.evil.example",
                            "[::1", "127.0.0.1.evil.example"}) {
    EXPECT_FALSE(HostAllowed(wrong, {"monitor.example"})) << wrong;
  }
}

TEST(Webhook, SignatureIsHmacSha256) {
  // printf '1700000000.{}' | openssl dgst -sha256 -hmac secret
  EXPECT_EQ(
      SignBody("secret", 1700000000, "{}"),
      std::string("sha256=") +
          "b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163");
}

TEST(Event, IsOneLineOfJsonWithTimes) {
  AlarmEvent event;
  event.type = "raised";
  event.time = 1772323200.25;
  event.alarm.id = 17;
  event.alarm.channel = "a";
  event.alarm.reason = "broken \xff text";
  event.alarm.raised_at = event.time;
  const Json json = EventJson(event, "host");
  EXPECT_EQ(json.GetString("id"), "17-raised");
  EXPECT_EQ(json.GetString("time"), "2026-03-01T00:00:00.250Z");
  EXPECT_TRUE(json.At("alarm").At("cleared_at").IsNull());
  EXPECT_EQ(json.At("alarm").GetString("reason"), "broken \xef\xbf\xbd text");
  EXPECT_EQ(json.Dump().find('\n'), std::string::npos);
  EXPECT_EQ(EventStreams::Format("alarm", json.Dump()).substr(0, 13),
            "event: alarm\n");
}

TEST(Shard, SplitsChannelsByIdAlone) {
  Configuration all;
  for (int i = 0; i < 200; ++i) {
    ChannelSettings channel;
    channel.id = "c" + std::to_string(i);
    all.channels.push_back(channel);
  }
  std::set<std::string> seen;
  for (uint32_t i = 0; i < 4; ++i) {
    Configuration part = all;
    KeepShard({i, 4}, &part);
    EXPECT_GT(part.channels.size(), 25U);
    for (const ChannelSettings& channel : part.channels) {
      EXPECT_TRUE(seen.insert(channel.id).second) << channel.id;
    }
  }
  EXPECT_EQ(seen.size(), 200U);
  EXPECT_EQ(ParseShard("2/8", kMostShards).index, 2U);
  for (const char* wrong : {"", "1", "8/8", "-1/2", "1/0", "a/2", "1/2/3"}) {
    EXPECT_THROW(ParseShard(wrong, kMostShards), Error) << wrong;
  }
}

TEST(Page, IsBuiltInAndAsksForNothingElse) {
  const Asset* page = FindAsset("/");
  ASSERT_NE(page, nullptr);
  EXPECT_EQ(page->body.rfind("<!doctype html>", 0), 0U);
  for (const char* path : {"/", "/app.js", "/api.js", "/wall.js", "/channel.js",
                           "/chart.js", "/dom.js", "/style.css"}) {
    const Asset* asset = FindAsset(path);
    ASSERT_NE(asset, nullptr) << path;
    EXPECT_EQ(asset->body.find("https://"), std::string::npos) << path;
    EXPECT_EQ(asset->body.find("innerHTML"), std::string::npos) << path;
  }
  EXPECT_EQ(FindAsset("/../config.yaml"), nullptr);
}

}  // namespace
}  // namespace graphiqa
