// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The parts of gq-score's HTML report, fed without a model.
#include "page/page.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "error.h"
#include "inputs.h"
#include "page/compare.h"
#include "page/html.h"
#include "page/kept.h"
#include "page/state_runs.h"
#include "page/worst_frames.h"
#include "score_distribution.h"

namespace graphiqa {
namespace {

constexpr double kRate = 25;

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) {
    ++count;
  }
  return count;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

FrameRow RowAt(uint64_t frame, double score) {
  FrameRow row;
  row.frame = frame;
  row.pts_s = static_cast<double>(frame) / kRate;
  row.score = score;
  row.uncertainty = 2;
  row.picture = "normal";
  row.state = "fresh";
  return row;
}

FrameRow StillRow(double score) {
  FrameRow row = RowAt(0, score);
  row.pts_s.reset();
  return row;
}

/// Three bytes, "AAAA" in Base64.
Thumbnail Tiny() { return {4, 3, std::string(3, '\0')}; }

FileEnd EndAfter(uint64_t frames) {
  FileEnd end;
  end.duration_s = static_cast<double>(frames) / kRate;
  return end;
}

const Settings kSettings = {{"Date", "today"}, {"Model", "m (0123abcd)"}};

TEST(Page, HoursOfVideoStaySmallAndKeepTheirLowestFrame) {
  constexpr uint64_t kFrames = 300000;  // 3 h 20 min
  Page page({"long.mp4"}, false);
  size_t thumbnails = 0;
  for (uint64_t i = 0; i < kFrames; ++i) {
    FrameRow row =
        RowAt(i, i == 123457 ? 1.5 : 60 + static_cast<double>(i % 20));
    row.distortion = i % 3 == 0 ? "jpeg" : "type-" + std::to_string(i % 25);
    row.confidence = 0.5;
    row.level = 2;
    page.Add(0, row, [&] {
      ++thumbnails;
      return Tiny();
    });
  }
  page.Done(0, EndAfter(kFrames));
  const std::string html = page.Html(kSettings, false, 0);
  EXPECT_LT(html.size(), 400000U);
  EXPECT_LT(thumbnails, 1000U);
  EXPECT_TRUE(Has(html, "<dt>Lowest</dt><dd>1.5</dd>"));
  EXPECT_TRUE(Has(html, "\"lo\":["));
  const size_t lows = html.find("\"lo\":[");
  EXPECT_LT(html.find(",1.5,", lows), html.find("]", lows));
  EXPECT_TRUE(Has(html, "1:22:18.3, frame 123\u2009457"));
  EXPECT_TRUE(Has(html, "3:20:00.0, 300\u2009000 frames scored"));
}

TEST(Page, ThousandsOfFilesStayBounded) {
  std::vector<std::string> files;
  for (int i = 0; i < 3000; ++i) {
    files.push_back("file-" + std::to_string(i) +
                    (i % 2 == 0 ? ".png" : ".mp4"));
  }
  Page page(files, false);
  Thumbnail large = Tiny();
  large.jpeg.resize(6000);
  for (size_t i = 0; i < files.size(); ++i) {
    const double score = i == 2001 || i == 2002 ? 5 : 50;
    const bool video = i % 2 == 1;
    page.Add(i, video ? RowAt(0, score) : StillRow(score),
             [&] { return large; });
    page.Done(i, video ? EndAfter(1) : FileEnd());
  }
  const std::string html = page.Html(kSettings, false, 0);
  EXPECT_LT(html.size(), 12000000U);
  EXPECT_EQ(Count(html, "<section class=\"card\" id=\"f"), 100U);
  EXPECT_EQ(Count(html, "<img "), 500U + 100U);
  EXPECT_TRUE(Has(html, "id=\"f2002\""));
  EXPECT_TRUE(Has(html, "file-2002.png"));
  EXPECT_TRUE(Has(html, "The 500 with the lowest scores of 1\u2009500"));
}

TEST(Page, SectionsKeepTheOrderOfTheFiles) {
  Page page({"a", "b"}, false);
  for (const size_t index : {size_t{1}, size_t{0}}) {
    page.Add(index, RowAt(0, 50), Tiny);
    page.Done(index, EndAfter(1));
  }
  const std::string html = page.Html(kSettings, false, 0);
  EXPECT_LT(html.find("id=\"f1\""), html.find("id=\"f2\""));
}

TEST(Page, NamesAreEscapedEverywhere) {
  const std::string hostile = "<img src=x onerror=alert(1)>\"'&\xff.mp4";
  Page page({hostile, hostile}, false);
  FrameRow row = RowAt(0, 50);
  row.distortion = "<blink>";
  page.Add(0, row, Tiny);
  page.Done(0, EndAfter(1));
  page.Failed(1, "</td><script>");
  const std::string html = page.Html({{"<i>", "<u>"}}, false, 0);
  EXPECT_FALSE(Has(html, "<img src=x"));
  EXPECT_FALSE(Has(html, "<blink>") || Has(html, "<i>") || Has(html, "<u>"));
  EXPECT_FALSE(Has(html, "</td><script>"));
  EXPECT_FALSE(Has(html, "\xff"));
  EXPECT_TRUE(Has(html, "&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"));
}

TEST(Page, PasswordsOfUrisAreNotShown) {
  EXPECT_EQ(HideCredentials("rtsp://user:p@ss@host/path@x"),
            "rtsp://…@host/path@x");
  EXPECT_EQ(HideCredentials("rtsp://host/a@b no://x@y"),
            "rtsp://host/a@b no://…@y");
  Page page({"rtsp://user:secret@host/1", "rtsp://user:secret@host/2"}, false);
  page.Add(0, RowAt(0, 50), Tiny);
  page.Done(0, EndAfter(1));
  page.Failed(1, "cannot open rtsp://user:secret@host/2");
  EXPECT_FALSE(Has(page.Html(kSettings, false, 0), "secret"));
}

TEST(Page, UntrainedHeadsLeaveNoTrace) {
  Page page({"a.mp4", "b.png"}, false);
  page.Add(0, RowAt(0, 50), Tiny);
  page.Done(0, EndAfter(1));
  page.Add(1, StillRow(40), Tiny);
  page.Done(1, {});
  const std::string html = page.Html(kSettings, false, 0);
  EXPECT_FALSE(Has(html, "f1-level"));
  EXPECT_FALSE(Has(html, "gq-lane gq-type"));
  EXPECT_FALSE(Has(html, ">Distortion</th>"));
  EXPECT_FALSE(Has(html, ">Level</th>"));
}

TEST(Page, TrainedHeadsHaveLanesAndLevels) {
  Page page({"a.mp4"}, false);
  for (uint64_t i = 0; i < 40; ++i) {
    FrameRow row = RowAt(i, 50);
    row.distortion = "type-" + std::to_string(i % 10);
    row.confidence = 0.25;
    row.level = 3;
    page.Add(0, row, Tiny);
  }
  page.Done(0, EndAfter(40));
  const std::string html = page.Html(kSettings, false, 0);
  EXPECT_TRUE(Has(html, "f1-level"));
  EXPECT_EQ(Count(html, "gq-lane gq-type"), 7U);
  EXPECT_TRUE(Has(html, "4 other types"));
  EXPECT_TRUE(Has(html, ">Distortion</th>"));
}

TEST(Page, AnInterruptedRunSaysSo) {
  Page page({"a.mp4", "b.mp4", "c.mp4", "d.mp4"}, false);
  page.Add(0, RowAt(0, 50), Tiny);
  page.Done(0, EndAfter(1));
  page.Add(1, RowAt(0, 50), Tiny);
  page.Stopped(1, EndAfter(1));
  page.Stopped(2, {});  // before its first frame
  const std::string html = page.Html(kSettings, true, 0);
  EXPECT_TRUE(Has(html, "1 file is here in part, 2 files are missing."));
  EXPECT_TRUE(Has(html, "Partial: the run was stopped in this file."));
  EXPECT_FALSE(Has(page.Html(kSettings, false, 0), "was stopped. "));
}

TEST(Page, FailedFilesAreListedWithTheirReason) {
  Page page({"a.mp4", "b.mp4"}, false);
  page.Add(0, RowAt(0, 50), Tiny);
  page.Failed(0, "decoder gave up");
  page.AddFailure("bare", "no images or videos in this folder");
  const std::string html = page.Html(kSettings, false, 0);
  EXPECT_TRUE(Has(html, "decoder gave up"));
  EXPECT_TRUE(Has(html, "no images or videos in this folder"));
  EXPECT_FALSE(Has(html, "id=\"f1\""));
}

TEST(Page, StatesOfThePictureAreMarked) {
  Page page({"a.mp4"}, false);
  for (uint64_t i = 0; i < 100; ++i) {
    FrameRow row = RowAt(i, 50);
    if (i >= 25 && i < 50) row.picture = "black";
    if (i >= 75) row.picture = "frozen";
    page.Add(0, row, Tiny);
  }
  page.Done(0, EndAfter(100));
  const std::string html = page.Html(kSettings, false, 0);
  EXPECT_TRUE(Has(html, "gq-band gq-black"));
  EXPECT_TRUE(Has(html, "gq-lane gq-frozen"));
  EXPECT_FALSE(Has(html, "gq-lane gq-flat"));
  EXPECT_TRUE(Has(html, "black 0:01.0, frozen 0:01.0"));
}

std::shared_ptr<const FileRecord> RecordOf(size_t index, double score,
                                           double dip_at_s) {
  auto record =
      std::make_shared<FileRecord>(index, "v" + std::to_string(index));
  for (uint64_t i = 0; i < 100; ++i) {
    const FrameRow row = RowAt(i, score);
    FrameRow dipped = row;
    if (*row.pts_s == dip_at_s) dipped.score -= 30;
    record->Add(dipped, Tiny);
  }
  record->Finish(EndAfter(100), true);
  return record;
}

TEST(Comparison, DifferencesAreToTheFirst) {
  const std::string html =
      DrawComparison({RecordOf(0, 70, -1), RecordOf(1, 60, 2)});
  EXPECT_EQ(Count(html, "class=\"gq-line\" d=\"M0,5H40\""), 2U);
  EXPECT_TRUE(Has(html, "59.7 <span class=\"diff\">−10.3</span>"));  // mean
  EXPECT_TRUE(Has(html, "60.0 <span class=\"diff\">−10.0</span>"));  // p5
  EXPECT_TRUE(Has(html, "30.0 <span class=\"diff\">−40.0</span>"));  // lowest
  EXPECT_TRUE(Has(html, "100 %"));
  EXPECT_TRUE(Has(html, "−40.0 at 0:02.0"));
}

TEST(Comparison, OfImagesHasNoCurves) {
  Page page({"a.png", "b.png"}, true);
  for (size_t i = 0; i < 2; ++i) {
    page.Add(i, StillRow(60 - 10 * static_cast<double>(i)), Tiny);
    page.Done(i, {});
  }
  const std::string html = page.Html(kSettings, false, 0);
  EXPECT_TRUE(Has(html, "−10.0"));
  EXPECT_FALSE(Has(html, "compare-score"));
}

TEST(Comparison, OfOneFileThatIsLeftIsNone) {
  Page page({"a.mp4", "b.mp4"}, true);
  page.Add(0, RowAt(0, 50), Tiny);
  page.Done(0, EndAfter(1));
  page.Failed(1, "gone");
  EXPECT_TRUE(Has(page.Html(kSettings, false, 0), "nothing to compare"));
}

TEST(WorstFrames, TheLowestIsAlwaysAmongThem) {
  uint32_t random = 1;
  for (int run = 0; run < 200; ++run) {
    WorstFrames worst(4);
    double lowest = 100;
    for (uint64_t i = 0; i < 500; ++i) {
      random = random * 1664525 + 1013904223;
      const double score = (random >> 8) % 1000 / 10.0;
      lowest = std::min(lowest, score);
      worst.Add(RowAt(i, score), static_cast<double>(i) / kRate, Tiny);
    }
    const std::vector<WorstFrame> frames = worst.ByScore();
    ASSERT_FALSE(frames.empty());
    ASSERT_LE(frames.size(), 4U);
    EXPECT_EQ(frames.front().row.score, lowest);
  }
}

TEST(WorstFrames, ShowDifferentMomentsAndNoBlackPictures) {
  WorstFrames worst(6);
  for (uint64_t i = 0; i < 100; ++i) {
    FrameRow row = RowAt(i, i < 50 ? 10 : 60);
    if (i < 25) row.picture = "black";
    worst.Add(row, *row.pts_s, Tiny);
  }
  const std::vector<WorstFrame> frames = worst.ByScore();
  EXPECT_EQ(frames.front().row.frame, 25U);
  for (size_t a = 0; a < frames.size(); ++a) {
    for (size_t b = 0; b < a; ++b) {
      EXPECT_GE(std::abs(frames[a].time_s - frames[b].time_s), 0.5);
    }
  }
}

TEST(StateRuns, ManyAreCountedAndTheLongestKept) {
  StateRuns runs;
  for (int i = 0; i < 1000; ++i) {
    runs.Add(1, i);
    runs.Add(0, i + (i == 500 ? 0.9 : 0.5));
  }
  runs.Finish(1000);
  EXPECT_EQ(runs.runs().size(), 100U);
  EXPECT_EQ(runs.dropped(), 900U);
  EXPECT_EQ(runs.frames(1), 1000U);
  EXPECT_NEAR(runs.seconds(1), 500.4, 1e-6);
  EXPECT_TRUE(
      std::any_of(runs.runs().begin(), runs.runs().end(),
                  [](const StateRun& run) { return run.from_s == 500; }));
}

TEST(ScoreDistribution, IsExactThenToAThousandth) {
  ScoreDistribution scores;
  uint32_t random = 7;
  std::vector<double> all;
  for (int i = 0; i < 1200000; ++i) {
    random = random * 1664525 + 1013904223;
    all.push_back((random >> 4) % 1000000 / 10000.0);
    scores.Add(all.back());
    if (i != 99999 && i != 1199999) continue;
    std::vector<double> sorted = all;
    std::sort(sorted.begin(), sorted.end());
    const double place = 0.05 * static_cast<double>(sorted.size() - 1);
    const double exact = sorted[static_cast<size_t>(place)];
    EXPECT_NEAR(scores.Quantile(0.05), exact, 0.002) << i;
    EXPECT_EQ(scores.lowest(), sorted.front());
  }
  EXPECT_EQ(scores.count(), all.size());
}

TEST(Shard, PartsAreTheWholeAndStay) {
  std::vector<std::string> files;
  for (int i = 0; i < 1000; ++i) files.push_back("f" + std::to_string(i));
  std::vector<std::string> together;
  for (uint32_t i = 0; i < 7; ++i) {
    std::vector<std::string> part = files;
    KeepShard({i, 7}, &part);
    EXPECT_GT(part.size(), 90U) << i;
    EXPECT_LT(part.size(), 200U) << i;
    std::vector<std::string> fewer(files.begin(), files.begin() + 500);
    KeepShard({i, 7}, &fewer);
    EXPECT_TRUE(std::equal(fewer.begin(), fewer.end(), part.begin())) << i;
    together.insert(together.end(), part.begin(), part.end());
  }
  std::sort(together.begin(), together.end());
  std::sort(files.begin(), files.end());
  EXPECT_EQ(together, files);
}

TEST(Shard, WrongOnesAreUsageErrors) {
  EXPECT_EQ(ParseShard("2/3", kMostShards).index, 2U);
  for (const char* text : {"", "1", "3/3", "-1/3", "1/0", "a/b", "1/3x", "1//3",
                           "0/100001", "1/99999999999"}) {
    EXPECT_THROW(ParseShard(text, kMostShards), Error) << text;
  }
}

TEST(Html, NumbersReadWell) {
  EXPECT_EQ(Percent(0), "0 %");
  EXPECT_EQ(Percent(0.004), "< 1 %");
  EXPECT_EQ(Percent(0.436), "44 %");
  EXPECT_EQ(Signed(1.25, 1), "+1.3");
  EXPECT_EQ(Signed(-0.04, 1), "0.0");
  EXPECT_EQ(Signed(-2, 1), "−2.0");
  EXPECT_EQ(Plural(1, "file", "files"), "1 file");
}

}  // namespace
}  // namespace graphiqa
