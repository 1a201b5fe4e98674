// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Runs gq-distort as a user does. $GQ_DISTORT is the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "../scratch_data.h"
#include "csv.h"
#include "distortions/distortion.h"
#include "pictures.h"

namespace graphiqa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Outcome {
  int code = -1;
  std::string out;
  std::string error;
};

class GqDistortTest : public testing::Test {
 protected:
  std::string Path(const std::string& name) const { return folder_.File(name); }

  std::string Text(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(Path(name), std::ios::binary).rdbuf();
    return text.str();
  }

  bool Exists(const std::string& name) const {
    return std::filesystem::exists(Path(name));
  }

  /// A shell line; `$P` stands for the program and the line runs in the scratch
  /// folder.
  Outcome Shell(const std::string& line) const {
    const char* const program = std::getenv("GQ_DISTORT");
    if (program == nullptr) throw std::runtime_error("GQ_DISTORT is not set");
    const std::string all = "cd '" + Path("") + "' && P='" + program +
                            "' && { " + line + " ; } >stdout.txt 2>stderr.txt";
    const int status = std::system(all.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, Text("stdout.txt"),
            Text("stderr.txt")};
  }

  Outcome Call(const std::string& arguments) const {
    return Shell("\"$P\" " + arguments);
  }

  /// One line on stderr that has `word`.
  void ExpectError(int code, const std::string& word,
                   const std::string& arguments) const {
    const Outcome run = Call(arguments);
    EXPECT_EQ(run.code, code) << arguments << ": " << run.error;
    EXPECT_EQ(run.error.find('\n') + 1, run.error.size()) << run.error;
    EXPECT_THAT(run.error, HasSubstr(word)) << arguments;
  }

  void MakePicture(const std::string& name, int number) const {
    std::filesystem::create_directories(
        std::filesystem::path(Path(name)).parent_path());
    WritePicture(Path(name), number);
  }

  CsvTable List(const std::string& name) const { return ReadCsv(Path(name)); }

  ScratchFolder folder_;
};

std::vector<std::string> Column(const CsvTable& table, const char* name) {
  std::vector<std::string> values;
  const auto column = static_cast<size_t>(table.Require(name));
  for (const auto& row : table.rows) values.push_back(row[column]);
  return values;
}

TEST_F(GqDistortTest, HelpVersionAndList) {
  EXPECT_THAT(Call("--help").out, HasSubstr("Usage: gq-distort"));
  EXPECT_EQ(Call("--help").code, 0);
  EXPECT_EQ(Call("--version").out, "gq-distort " GRAPHIQA_VERSION "\n");
  const Outcome list = Call("--list");
  EXPECT_EQ(list.code, 0);
  for (const DistortionEntry* entry = kDistortions; entry->name; ++entry) {
    EXPECT_THAT(list.out, HasSubstr(entry->name));
  }
}

TEST_F(GqDistortTest, WrongUsageIsExitCodeTwo) {
  MakePicture("a.png", 1);
  ExpectError(2, "IN and OUT", "");
  ExpectError(2, "IN and OUT", "a.png");
  ExpectError(2, "--frob", "--frob");
  ExpectError(2, "no distortion \"blur\"", "-t blur -l 1 a.png b.png");
  ExpectError(2, "\"6\"", "-t 1 -l 6 a.png b.png");
  ExpectError(2, "one --type and one --level", "a.png b.png");
  ExpectError(2, "one --type and one --level", "-t 1,2 -l 1 a.png b.png");
  ExpectError(2, "exclude", "--stretch --no-stretch -t 1 -l 1 a.png b.png");
  ExpectError(2, "exclude", "--kadid --kadis l.csv a b");
  ExpectError(2, "--second-type needs --kadis", "--second-type a b");
  ExpectError(2, "--photos needs --strength", "--photos 3 a b");
  ExpectError(2, "--seed", "--seed -1 -t 1 -l 1 a.png b.png");
  ExpectError(2, "format", "-t 1 -l 1 a.png b.nothing");
  EXPECT_FALSE(Exists("b.png"));
}

TEST_F(GqDistortTest, WhatIsNotThereIsNamed) {
  folder_.Write("broken.png", "no picture");
  folder_.Write("empty/readme.txt", "");
  ExpectError(1, "none.png: no such file", "-t 1 -l 1 none.png b.png");
  ExpectError(1, "none: no such file or folder", "-t 1 none out");
  ExpectError(1, "broken.png", "-t 1 -l 1 broken.png b.png");
  ExpectError(1, "no picture in this folder", "empty out");
  ExpectError(1, "none: no such file or folder", "--kadid none out");
}

TEST_F(GqDistortTest, OnePictureIsWhatTheLibraryMakes) {
  MakePicture("a.png", 1);
  ASSERT_EQ(Call("--type white-noise --level 3 --seed 8 a.png b.png").code, 0);
  const cv::Mat a = ReadRgb(Path("a.png"));
  EXPECT_EQ(
      cv::norm(ReadRgb(Path("b.png")), Distort(a, 11, 3, 8), cv::NORM_INF), 0);
  DistortOptions stretch;
  stretch.stretch = true;
  ASSERT_EQ(Call("--type 11 --level 3 --seed 8 --stretch a.png c.bmp").code, 0);
  EXPECT_EQ(cv::norm(ReadRgb(Path("c.bmp")), Distort(a, 11, 3, 8, stretch),
                     cv::NORM_INF),
            0);
}

TEST_F(GqDistortTest, FoldersGetEveryTypeAndLevelAndAList) {
  MakePicture("in/a.png", 1);
  MakePicture("in/sub/b.bmp", 2);
  const Outcome run = Call("-t 1,white-noise -l 2,4 --seed 3 -j 3 in out");
  EXPECT_EQ(run.code, 0) << run.error;
  EXPECT_THAT(run.out, HasSubstr("8 pictures made, 0 were there"));
  const CsvTable list = List("out/distortions.csv");
  EXPECT_THAT(Column(list, "dist_img"),
              ElementsAre("a_01_02.png", "a_01_04.png", "a_11_02.png",
                          "a_11_04.png", "sub/b_01_02.png", "sub/b_01_04.png",
                          "sub/b_11_02.png", "sub/b_11_04.png"));
  EXPECT_EQ(Column(list, "ref_img")[4], "sub/b.bmp");
  EXPECT_EQ(Column(list, "type")[2], "11");
  EXPECT_EQ(Column(list, "level")[3], "4");
  EXPECT_EQ(Column(list, "name")[2], "white-noise");
  // The list's seed makes the same picture by itself.
  const std::string seed = Column(list, "seed")[3];
  EXPECT_EQ(Call("-t 11 -l 4 --seed " + seed + " in/a.png one.png").code, 0);
  EXPECT_EQ(Text("one.png"), Text("out/a_11_04.png"));
  EXPECT_NE(seed, Column(list, "seed")[7]);
}

TEST_F(GqDistortTest, LinkedPicturesGoToTheOutputFolder) {
  MakePicture("elsewhere/a.png", 1);
  std::filesystem::create_directories(Path("in"));
  std::filesystem::create_symlink("../elsewhere/a.png", Path("in/linked.png"));
  EXPECT_EQ(Call("-t 1 -l 2 in/ out").code, 0);
  EXPECT_TRUE(Exists("out/linked_01_02.png"));
  EXPECT_EQ(Column(List("out/distortions.csv"), "ref_img")[0], "linked.png");
  EXPECT_FALSE(Exists("elsewhere/a_01_02.png"));
}

TEST_F(GqDistortTest, NeighboursAndThreadsDoNotMatter) {
  MakePicture("in/a.png", 1);
  ASSERT_EQ(Call("-t 11,19,23 -l 3 -j 1 in alone").code, 0);
  MakePicture("in/b.png", 2);
  ASSERT_EQ(Call("-l 3 -j 3 in all").code, 0);
  for (const char* name : {"a_11_03.png", "a_19_03.png", "a_23_03.png"}) {
    EXPECT_EQ(Text(std::string("alone/") + name),
              Text(std::string("all/") + name));
  }
}

TEST_F(GqDistortTest, WhatIsThereIsKept) {
  MakePicture("in/a.png", 1);
  ASSERT_EQ(Call("-t 1,2 in out").code, 0);
  const std::string made = Text("out/a_02_03.png");
  folder_.Write("out/a_01_01.png", "kept");
  std::filesystem::remove(Path("out/a_02_03.png"));
  EXPECT_THAT(Call("-t 1,2 in out").out, HasSubstr("1 pictures made, 9 were"));
  EXPECT_EQ(Text("out/a_01_01.png"), "kept");
  EXPECT_EQ(Text("out/a_02_03.png"), made);
  EXPECT_THAT(Call("-t 1,2 --overwrite in out").out,
              HasSubstr("10 pictures made, 0 were"));
  EXPECT_NE(Text("out/a_01_01.png"), "kept");
}

TEST_F(GqDistortTest, APictureThatFailsDoesNotStopTheOthers) {
  MakePicture("in/a.png", 1);
  folder_.Write("in/broken.png", "no picture");
  MakePicture("in/c.png", 2);
  const Outcome run = Call("-t 1 -l 1 in out");
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.error, HasSubstr("broken.png"));
  EXPECT_THAT(run.out, HasSubstr("2 pictures made, 0 were there, 1 failures"));
  EXPECT_THAT(Column(List("out/distortions.csv"), "dist_img"),
              ElementsAre("a_01_01.png", "c_01_01.png"));
}

TEST_F(GqDistortTest, NamesThatWouldClashAreRefused) {
  MakePicture("in/a.png", 1);
  MakePicture("in/a.bmp", 1);
  ExpectError(2, "a.bmp and a.png", "in out");
  EXPECT_FALSE(Exists("out"));
}

TEST_F(GqDistortTest, KadisComesFromItsList) {
  for (int i = 0; i < 3; ++i) {
    MakePicture("ref/r-" + std::to_string(i) + ".png", i);
  }
  folder_.Write("list.csv",
                "ref_im,dist_type_1,dist_type_2\n"
                "r-0.png,7,8\nr-1.png,11,\nlost.png,1,\nr-2.png,25,\n");
  const Outcome run = Call("--kadis list.csv ref kadis");
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.error, HasSubstr("lost.png: no such file"));
  EXPECT_THAT(run.out, HasSubstr("15 pictures made"));
  EXPECT_TRUE(Exists("kadis/dist_imgs/r-1_11_05.bmp"));
  EXPECT_FALSE(Exists("kadis/dist_imgs/r-0_08_01.bmp"));
  const CsvTable list = List("kadis/kadis700k_dist_imgs.csv");
  EXPECT_EQ(list.rows.size(), 15u);
  EXPECT_EQ(Column(list, "ref_img")[5], "r-1.png");
  EXPECT_EQ(Text("kadis/types_csv/type8.csv"), "dist_img,dmos,type,level\n");
  EXPECT_THAT(Text("kadis/types_csv/type7.csv"),
              HasSubstr("r-0_07_02.bmp,1,7,2\n"));
  // The official frame is on.
  DistortOptions stretch;
  stretch.stretch = true;
  EXPECT_EQ(cv::norm(ReadRgb(Path("kadis/dist_imgs/r-2_25_04.bmp")),
                     Distort(ReadRgb(Path("ref/r-2.png")), 25, 4, 0, stretch),
                     cv::NORM_INF),
            0);

  folder_.Write("good.csv", "ref_im,dist_type_1,dist_type_2\nr-0.png,7,8\n");
  EXPECT_THAT(Call("--kadis good.csv --second-type ref kadis").out,
              HasSubstr("5 pictures made, 5 were there"));
  EXPECT_TRUE(Exists("kadis/dist_imgs/r-0_08_01.bmp"));
}

TEST_F(GqDistortTest, WrongKadisListsAreNamed) {
  MakePicture("ref/a.png", 1);
  folder_.Write("list.csv", "ref_im,dist_type_1,dist_type_2\na.png,26,\n");
  ExpectError(1, "list.csv, line 2: type 26", "--kadis list.csv ref out");
  folder_.Write("list.csv", "ref_im,dist_type_1,dist_type_2\na.png,,8\n");
  ExpectError(1, "line 2", "--kadis list.csv ref out");
  folder_.Write("list.csv", "ref_im,dist_type_1,dist_type_2\n../a.png,1,\n");
  ExpectError(1, "'../a.png' is no name", "--kadis list.csv ref out");
  folder_.Write("list.csv",
                "ref_im,dist_type_1,dist_type_2\na.png,1,\na.png,1,\n");
  ExpectError(1, "line 3: a.png is listed twice", "--kadis list.csv ref out");
  folder_.Write("list.csv", "ref_im,type\na.png,1\n");
  ExpectError(1, "no column 'dist_type_1'", "--kadis list.csv ref out");
  ExpectError(1, "none.csv: no such file", "--kadis none.csv ref out");
  folder_.Write("list.csv", "ref_im,dist_type_1,dist_type_2\na.png,1,\n");
  ExpectError(1, "none: no such file or folder", "--kadis list.csv none out");
}

TEST_F(GqDistortTest, KadidHasTheReferencesBesideTheOutputs) {
  MakePicture("ref/I01.png", 1);
  MakePicture("ref/I02.bmp", 2);
  ASSERT_EQ(Call("--kadid -t 1,18 -l 1,5 ref kadid").code, 0);
  EXPECT_EQ(Text("kadid/images/I01.png"), Text("ref/I01.png"));
  EXPECT_EQ(cv::norm(ReadRgb(Path("kadid/images/I02.png")),
                     ReadRgb(Path("ref/I02.bmp")), cv::NORM_INF),
            0);
  EXPECT_TRUE(Exists("kadid/images/I02_18_05.png"));
  EXPECT_EQ(Column(List("kadid/distortions.csv"), "ref_img")[4], "I02.png");
}

TEST_F(GqDistortTest, AnInterruptKeepsWhatIsDone) {
  for (int i = 0; i < 40; ++i) {
    MakePicture("in/p" + std::to_string(100 + i) + ".png", i);
  }
  const Outcome run = Shell(
      "\"$P\" -t jpeg2000,jitter,denoise -j 2 in out & pid=$!; "
      "while [ ! -e out/p100_09_05.png ] && kill -0 $pid; do sleep 0.02; done; "
      "kill -INT $pid; wait $pid");
  EXPECT_EQ(run.code, 130) << run.error;
  EXPECT_THAT(run.out, HasSubstr("interrupted"));
  const size_t done = List("out/distortions.csv").rows.size();
  EXPECT_GE(done, 5u);
  EXPECT_LT(done, 600u);
  EXPECT_THAT(Call("-t jpeg2000,jitter,denoise in out").out,
              HasSubstr(std::to_string(done) + " were there"));
  EXPECT_EQ(List("out/distortions.csv").rows.size(), 600u);
}

TEST_F(GqDistortTest, ASheetHasARowPerTypeAndAColumnPerLevel) {
  MakePicture("a.png", 1);
  ASSERT_EQ(Call("--sheet all.png a.png").code, 0);
  ASSERT_EQ(Call("--sheet some.jpg -t 3,9 -l 5 a.png").code, 0);
  const cv::Mat all = ReadRgb(Path("all.png"));
  const cv::Mat some = ReadRgb(Path("some.jpg"));
  // 25 rows against 2, 6 columns against 2, and what is around them.
  const int row = (all.rows - some.rows) / 23;
  const int column = (all.cols - some.cols) / 4;
  EXPECT_EQ(all.rows - some.rows, 23 * row);
  EXPECT_EQ(all.cols - some.cols, 4 * column);
  EXPECT_GT(row, 192);
  EXPECT_GT(column, 256);
  EXPECT_LT(all.rows - 25 * row, row);
  EXPECT_LT(all.cols - 6 * column, column);
}

std::string StrengthLine(int type, int level, double low, double high) {
  std::string line = std::to_string(type) + "," + std::to_string(level);
  for (int c = 0; c < 4; ++c) {
    line += cv::format(",%g,%g,%g", (low + high) / 2, low, high);
  }
  return line + "\n";
}

TEST_F(GqDistortTest, StrengthIsComparedWithATable) {
  cv::Mat photo(384, 512, CV_8UC3);
  cv::RNG(1).fill(photo, cv::RNG::UNIFORM, 0, 256);
  std::filesystem::create_directories(Path("photos"));
  WriteRgb(Path("photos/a.png"), photo);
  // Does not fill the range, so it is left out.
  WriteRgb(Path("photos/b.png"), 0.5 * photo + cv::Scalar::all(20));
  std::string table = "# a comment\ntype,level";
  for (const char* name : {"psnr", "ssim", "mean_diff", "std_diff"}) {
    for (const char* part : {"_mean", "_min", "_max"}) {
      table += std::string(",") + name + part;
    }
  }
  table += "\n" + StrengthLine(18, 3, -1, 100);
  folder_.Write("good.csv", table);
  const Outcome good = Call("--strength good.csv photos");
  EXPECT_EQ(good.code, 0) << good.error;
  EXPECT_THAT(good.out, HasSubstr("# 1 photos of 1"));
  EXPECT_THAT(good.out, HasSubstr("18,3,mean-shift,99.00,"));

  folder_.Write("wrong.csv", table + StrengthLine(17, 5, 200, 300));
  ExpectError(1, "4 means are out of range",
              "--strength wrong.csv photos report.csv");
  const CsvTable report = List("report.csv");
  EXPECT_THAT(Column(report, "in_range"),
              ElementsAre("yes", "not psnr ssim mean_diff std_diff"));
  folder_.Write("bad.csv", table + StrengthLine(26, 1, 0, 1));
  ExpectError(1, "bad.csv, line 4", "--strength bad.csv photos");
}

}  // namespace
}  // namespace graphiqa
