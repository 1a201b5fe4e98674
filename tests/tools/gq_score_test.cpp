// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Runs gq-score as a process. Most cases use the fake engine of tests/gst,
// whose score of a picture is the mean of its values in percent of 255.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

const std::string kRowHeader =
    "file,frame,pts_s,score,uncertainty,distortion,confidence,level,picture,"
    "state";
const std::string kSummaryHeader =
    "file,frames,duration_s,score_mean,score_p5,score_min,uncertainty_mean,"
    "distortion,confidence,level";

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

std::string ReadFile(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void WriteFile(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::vector<std::string> Lines(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

int Shell(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

class GqScore : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "gq-score-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }

  void TearDown() override { fs::remove_all(folder_); }

  /// Runs in the test's folder.
  /// @param before  what goes before the program, "timeout 1"
  Outcome Run(const std::string& arguments, const std::string& before = "") {
    const std::string command = "cd " + folder_.string() + " && " + before +
                                " " + Environment("GQ_SCORE") + " " +
                                arguments + " >.out 2>.err";
    Outcome outcome;
    outcome.code = Shell(command);
    outcome.out = ReadFile(folder_ / ".out");
    outcome.err = ReadFile(folder_ / ".err");
    return outcome;
  }

  /// A picture of one grey value but for a gradient that keeps it from being
  /// flat.
  void WriteImage(const std::string& name, int value, int width = 96,
                  int height = 80) {
    cv::Mat image(height, width, CV_8UC3, cv::Scalar::all(value));
    for (int x = 0; x < width; ++x) {
      image.col(x) += cv::Scalar::all(x % 2 == 0 ? 20 : -20);
    }
    fs::create_directories((folder_ / name).parent_path());
    ASSERT_TRUE(cv::imwrite((folder_ / name).string(), image));
  }

  /// Motion JPEG in Matroska, 10 frames per second.
  void WriteVideo(const std::string& name, int frames,
                  const std::string& pattern = "ball") {
    ASSERT_EQ(0, Shell("gst-launch-1.0 -q videotestsrc num-buffers=" +
                       std::to_string(frames) + " pattern=" + pattern +
                       " ! video/x-raw,width=160,height=120,framerate=10/1 "
                       "! jpegenc ! matroskamux ! filesink location=" +
                       (folder_ / name).string() + " >/dev/null 2>&1"));
  }

  fs::path folder_;
};

TEST_F(GqScore, HelpAndVersionGoToStdout) {
  const Outcome help = Run("--help");
  EXPECT_EQ(help.code, 0);
  EXPECT_NE(help.out.find("--per-frame"), std::string::npos);
  EXPECT_EQ(help.err, "");
  const Outcome version = Run("--version");
  EXPECT_EQ(version.code, 0);
  EXPECT_EQ(version.out.rfind("gq-score ", 0), 0U);
}

TEST_F(GqScore, WrongUsageExitsWithTwoAndOneLine) {
  for (const std::string arguments :
       {"", "--nonsense a.png", "--interval 0 a.png", "--crops -1 a.png",
        "--jobs x a.png", "--format xml a.png", "--summary --per-frame a.png",
        "--resume a.png", "--resume --output t.txt a.png", "--model",
        "--precision half a.png"}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.code, 2) << arguments;
    EXPECT_EQ(outcome.out, "") << arguments;
    EXPECT_EQ(Lines(outcome.err).size(), 1U) << outcome.err;
  }
}

TEST_F(GqScore, ImageGivesOneCsvRow) {
  WriteImage("a.png", 102);
  const Outcome outcome = Run("--model fake: -f csv a.png");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            kRowHeader + "\na.png,0,,40.000,1.500,,,,normal,fresh\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(GqScore, TrainedHeadsFillTheirColumns) {
  WriteImage("a.png", 102);
  EXPECT_EQ(Lines(Run("--model fake:heads -f csv a.png").out).at(1),
            "a.png,0,,40.000,1.500,jpeg,0.5000,2.000,normal,fresh");
  EXPECT_EQ(Run("--model fake:heads -f jsonl a.png").out,
            "{\"file\":\"a.png\",\"frame\":0,\"score\":40.000,"
            "\"uncertainty\":1.500,\"distortion\":\"jpeg\","
            "\"confidence\":0.5000,\"level\":2.000,\"picture\":\"normal\","
            "\"state\":\"fresh\"}\n");
}

TEST_F(GqScore, UntrainedHeadsAreAbsent) {
  WriteImage("a.png", 102);
  const Outcome json = Run("--model fake: -f jsonl a.png");
  EXPECT_EQ(json.out.find("distortion"), std::string::npos);
  EXPECT_EQ(json.out.find("level"), std::string::npos);
  EXPECT_NE(Run("--model fake: a.png").out.find("–"), std::string::npos);
}

TEST_F(GqScore, GreyDeepAndTransparentImagesAreRead) {
  const cv::Mat grey(64, 64, CV_8UC1, cv::Scalar(102));
  const cv::Mat deep(64, 64, CV_16UC3, cv::Scalar::all(102 * 257));
  const cv::Mat alpha(64, 64, CV_8UC4, cv::Scalar(102, 102, 102, 10));
  ASSERT_TRUE(cv::imwrite((folder_ / "grey.png").string(), grey));
  ASSERT_TRUE(cv::imwrite((folder_ / "deep.png").string(), deep));
  ASSERT_TRUE(cv::imwrite((folder_ / "alpha.png").string(), alpha));
  const Outcome outcome =
      Run("--model fake: -f csv grey.png deep.png alpha.png");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  for (const std::string& line : Lines(outcome.out)) {
    if (line == kRowHeader) continue;
    EXPECT_NE(line.find(",0,,40.000,1.500,,,,flat,fresh"), std::string::npos)
        << line;
  }
}

TEST_F(GqScore, ColoursKeepTheirOrder) {
  cv::Mat red(64, 64, CV_8UC3, cv::Scalar(0, 0, 255));
  ASSERT_TRUE(cv::imwrite((folder_ / "red.png").string(), red));
  const Outcome outcome = Run("--model fake: -f csv red.png");
  // A black picture has luma below 10 %; red has 30 %, blue 11 %.
  EXPECT_NE(outcome.out.find("33.333"), std::string::npos) << outcome.out;
}

TEST_F(GqScore, OnePixelIsAPicture) {
  const cv::Mat one(1, 1, CV_8UC3, cv::Scalar::all(255));
  ASSERT_TRUE(cv::imwrite((folder_ / "one.png").string(), one));
  const Outcome outcome = Run("--model fake: -f csv one.png");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("one.png,0,,100.000"), std::string::npos);
}

TEST_F(GqScore, NamesAreQuotedWhereTheyMustBe) {
  WriteImage("a,\"b\".png", 102);
  EXPECT_EQ(Lines(Run("--model fake: -f csv 'a,\"b\".png'").out).at(1),
            "\"a,\"\"b\"\".png\",0,,40.000,1.500,,,,normal,fresh");
  EXPECT_EQ(Run("--model fake: -f jsonl 'a,\"b\".png'")
                .out.rfind("{\"file\":\"a,\\\"b\\\".png\"", 0),
            0U);
}

TEST_F(GqScore, EachScoredFrameOfAVideoGivesARow) {
  WriteVideo("v.mkv", 10);
  const Outcome outcome = Run("--model fake: -f csv --interval 4 v.mkv");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const std::vector<std::string> lines = Lines(outcome.out);
  ASSERT_EQ(lines.size(), 4U) << outcome.out;
  EXPECT_EQ(lines[1].rfind("v.mkv,0,0.000,", 0), 0U) << lines[1];
  EXPECT_EQ(lines[2].rfind("v.mkv,4,0.400,", 0), 0U) << lines[2];
  EXPECT_EQ(lines[3].rfind("v.mkv,8,0.800,", 0), 0U) << lines[3];
}

TEST_F(GqScore, SummaryGivesOneRowPerFile) {
  WriteVideo("v.mkv", 10, "white");
  WriteImage("a.png", 102);
  const Outcome outcome =
      Run("--model fake:heads -f csv --summary v.mkv a.png");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const std::vector<std::string> lines = Lines(outcome.out);
  ASSERT_EQ(lines.size(), 3U) << outcome.out;
  EXPECT_EQ(lines[0], kSummaryHeader);
  // JPEG is full range: the test source's white of 235 is no full white.
  EXPECT_EQ(lines[1],
            "v.mkv,10,1.000,91.765,91.765,91.765,1.500,jpeg,0.5000,4.588");
  EXPECT_EQ(lines[2], "a.png,1,,40.000,40.000,40.000,1.500,jpeg,0.5000,2.000");
}

TEST_F(GqScore, TableSumsUpUnlessAskedForFrames) {
  WriteVideo("v.mkv", 5);
  EXPECT_EQ(Lines(Run("--model fake: v.mkv").out).size(), 2U);
  EXPECT_EQ(Lines(Run("--model fake: --per-frame v.mkv").out).size(), 6U);
}

TEST_F(GqScore, UriIsPlayed) {
  WriteVideo("v.mkv", 3);
  const Outcome outcome =
      Run("--model fake: --summary -f csv \"file://$PWD/v.mkv\"");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("/v.mkv,3,0.300,"), std::string::npos);
}

TEST_F(GqScore, PictureStatesAreTold) {
  WriteVideo("black.mkv", 3, "black");
  WriteVideo("still.mkv", 15, "smpte75");
  WriteImage("a.png", 102);
  const cv::Mat flat(64, 64, CV_8UC3, cv::Scalar::all(200));
  ASSERT_TRUE(cv::imwrite((folder_ / "flat.png").string(), flat));
  const Outcome outcome =
      Run("--model fake: -f csv black.mkv still.mkv a.png flat.png");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const auto count = [&](const std::string& text) {
    size_t number = 0;
    for (const std::string& line : Lines(outcome.out)) {
      number += line.find(text) != std::string::npos ? 1 : 0;
    }
    return number;
  };
  EXPECT_EQ(count(",black,fresh"), 3U);
  EXPECT_EQ(count(",flat,fresh"), 1U);
  EXPECT_EQ(count(",frozen,fresh"), 5U) << outcome.out;
}

TEST_F(GqScore, FailingFilesAreNamedAndTheRestIsDone) {
  WriteImage("good.png", 102);
  WriteFile(folder_ / "empty.png", "");
  WriteFile(folder_ / "text.png", "this is no picture\n");
  WriteImage("whole.jpg", 102, 400, 300);
  WriteImage("whole.png", 102, 400, 300);
  WriteFile(folder_ / "cut.jpg",
            ReadFile(folder_ / "whole.jpg").substr(0, 900));
  WriteFile(folder_ / "cut.png",
            ReadFile(folder_ / "whole.png").substr(0, 300));
  WriteFile(folder_ / "cut.mp4", std::string("\0\0\0\x18"
                                             "ftypmp42\0\0\0\0mp42isom",
                                             24) +
                                     std::string("\0\0\x10\0"
                                                 "mdat",
                                                 8));
  fs::create_directory(folder_ / "bare");
  const Outcome outcome =
      Run("--model fake: -f csv missing.png empty.png text.png cut.jpg cut.png "
          "cut.mp4 bare good.png");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(Lines(outcome.out).size(), 2U) << outcome.out;
  EXPECT_NE(outcome.out.find("good.png,0,,40.000"), std::string::npos);
  EXPECT_EQ(Lines(outcome.err).size(), 7U) << outcome.err;
  for (const std::string name : {"missing.png", "empty.png", "text.png",
                                 "cut.jpg", "cut.png", "cut.mp4", "bare"}) {
    EXPECT_NE(outcome.err.find("gq-score: " + name + ": "), std::string::npos)
        << outcome.err;
  }
}

TEST_F(GqScore, FoldersAreSearchedBelowAndSorted) {
  WriteImage("in/b.png", 100);
  WriteImage("in/a/z.JPG", 100);
  WriteImage("in/c.bmp", 100);
  WriteFile(folder_ / "in/notes.txt", "not looked at");
  const Outcome outcome = Run("--model fake: -f csv in");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const std::vector<std::string> lines = Lines(outcome.out);
  ASSERT_EQ(lines.size(), 4U) << outcome.out;
  EXPECT_EQ(lines[1].rfind("in/a/z.JPG,", 0), 0U);
  EXPECT_EQ(lines[2].rfind("in/b.png,", 0), 0U);
  EXPECT_EQ(lines[3].rfind("in/c.bmp,", 0), 0U);
}

TEST_F(GqScore, JobsDoNotChangeTheResult) {
  WriteVideo("in0.mkv", 12);
  for (int i = 1; i < 12; ++i) {
    WriteImage("in" + std::to_string(i) + ".png", 40 + 10 * i);
  }
  const Outcome one = Run("--model fake: -f csv -j 1 in*");
  const Outcome many = Run("--model fake: -f csv -j 5 in*");
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(Lines(one.out).size(), 24U);
  EXPECT_EQ(one.out, many.out);
}

TEST_F(GqScore, ResumeDoesTheRest) {
  for (const std::string name : {"a.png", "c.png", "d.png"}) {
    WriteImage(name, 102);
  }
  WriteVideo("b.mkv", 6);
  for (const std::string options : {"-o r.csv", "-o r.csv --summary",
                                    "-o r.jsonl", "-o r.jsonl --summary"}) {
    const fs::path result =
        folder_ / options.substr(3, options.find(' ', 3) - 3);
    const std::string command = "--model fake: " + options + " ";
    ASSERT_EQ(Run(command + "a.png b.mkv c.png d.png").code, 0);
    const std::string whole = ReadFile(result);
    for (size_t size = 0; size <= whole.size(); size += 13) {
      WriteFile(result, whole.substr(0, size));
      ASSERT_EQ(Run(command + "--resume a.png b.mkv c.png d.png").code, 0);
      ASSERT_EQ(ReadFile(result), whole) << options << " cut to " << size;
      size += whole.size() / 9;
    }
  }
}

TEST_F(GqScore, ResumeSkipsWhatIsThere) {
  WriteFile(folder_ / "r.csv",
            kRowHeader + "\na.png,0,,1.000,1.500,,,,normal,fresh\n");
  WriteImage("a.png", 102);
  WriteImage("b.png", 102);
  EXPECT_EQ(Run("--model fake: -o r.csv --resume a.png b.png").code, 0);
  EXPECT_EQ(ReadFile(folder_ / "r.csv"),
            kRowHeader + "\na.png,0,,1.000,1.500,,,,normal,fresh\n" +
                "b.png,0,,40.000,1.500,,,,normal,fresh\n");
}

TEST_F(GqScore, ResumeRefusesAForeignOutput) {
  WriteImage("a.png", 102);
  WriteFile(folder_ / "r.csv", "name,value\nx,1\n");
  const Outcome outcome = Run("--model fake: -o r.csv --resume a.png");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(ReadFile(folder_ / "r.csv"), "name,value\nx,1\n");
  EXPECT_NE(outcome.err.find("r.csv: line 1"), std::string::npos);
}

TEST_F(GqScore, OutputThatCannotBeWrittenIsAnError) {
  WriteImage("a.png", 102);
  for (const std::string path : {"nowhere/r.csv", "/dev/full"}) {
    const Outcome outcome = Run("--model fake: -f csv -o " + path + " a.png");
    EXPECT_EQ(outcome.code, 1) << path;
    EXPECT_EQ(Lines(outcome.err).size(), 1U) << outcome.err;
    EXPECT_NE(outcome.err.find(path), std::string::npos) << outcome.err;
  }
}

TEST_F(GqScore, FailedVideoLeavesNoRows) {
  WriteVideo("v.mkv", 10);
  WriteImage("a.png", 102);
  const Outcome outcome =
      Run("--model fake:fail-at=3 -j 1 -o r.csv v.mkv a.png");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("gq-score: v.mkv: "), std::string::npos);
  EXPECT_EQ(ReadFile(folder_ / "r.csv"),
            kRowHeader + "\na.png,0,,40.000,1.500,,,,normal,fresh\n");
}

TEST_F(GqScore, InterruptKeepsWhatIsDoneAndResumeFinishes) {
  WriteImage("a.png", 102);
  WriteVideo("b.mkv", 40);
  const int code = Shell(
      "cd " + folder_.string() + " && { " + Environment("GQ_SCORE") +
      " --model fake:delay-ms=300 -o r.csv a.png b.mkv 2>.err & "
      "while kill -0 $! && [ \"$(cat r.csv 2>/dev/null | wc -l)\" -lt 4 ]; "
      "do sleep 0.05; done; kill -INT $!; wait $!; }");
  EXPECT_EQ(code, 130);
  EXPECT_NE(ReadFile(folder_ / ".err").find("b.mkv: stopped after"),
            std::string::npos);
  const std::vector<std::string> lines = Lines(ReadFile(folder_ / "r.csv"));
  ASSERT_GE(lines.size(), 2U);
  EXPECT_EQ(lines[1], "a.png,0,,40.000,1.500,,,,normal,fresh");
  EXPECT_LT(lines.size(), 42U);
  ASSERT_EQ(Run("--model fake: -o r.csv --resume a.png b.mkv").code, 0);
  ASSERT_EQ(Run("--model fake: -o whole.csv a.png b.mkv").code, 0);
  EXPECT_EQ(ReadFile(folder_ / "r.csv"), ReadFile(folder_ / "whole.csv"));
}

TEST_F(GqScore, BrokenPipeEndsTheRun) {
  WriteVideo("v.mkv", 30);
  EXPECT_EQ(
      Shell("cd " + folder_.string() + " && { " + Environment("GQ_SCORE") +
            " --model fake:delay-ms=20 -f csv v.mkv 2>.err; echo $? "
            ">.code; } | head -n 2 >/dev/null"),
      0);
  EXPECT_EQ(ReadFile(folder_ / ".code"), "1\n");
  EXPECT_EQ(Lines(ReadFile(folder_ / ".err")).size(), 1U);
}

/// The real engine with a tiny model.
class GqScoreReal : public GqScore {
 protected:
  Outcome RunReal(const std::string& model, const std::string& arguments) {
    return Run("--device cpu --model " + Environment("GRAPHIQA_TEST_MODELS") +
                   "/" + model + ".safetensors " + arguments,
               "env -u GRAPHIQA_ENGINE");
  }
};

TEST_F(GqScoreReal, ImagesAndVideosAreScored) {
  WriteImage("a.png", 102);
  WriteVideo("v.mkv", 6);
  const Outcome outcome = RunReal("tiny", "-f csv a.png v.mkv");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const std::vector<std::string> lines = Lines(outcome.out);
  ASSERT_EQ(lines.size(), 8U) << outcome.out;
  for (size_t i = 1; i < lines.size(); ++i) {
    EXPECT_NE(lines[i].find(",,,,"), std::string::npos)
        << "an untrained head spoke: " << lines[i];
    EXPECT_EQ(lines[i].find("nan"), std::string::npos) << lines[i];
  }
  EXPECT_EQ(RunReal("tiny", "-f csv a.png v.mkv").out, outcome.out);
}

TEST_F(GqScoreReal, AllHeadsSpeak) {
  WriteImage("a.png", 102);
  const Outcome outcome = RunReal("tiny_all_heads", "-f jsonl a.png");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  for (const std::string key : {"distortion", "confidence", "level"}) {
    EXPECT_NE(outcome.out.find("\"" + key + "\":"), std::string::npos) << key;
  }
}

TEST_F(GqScoreReal, BadModelIsOneClearLine) {
  WriteImage("a.png", 102);
  for (const std::string model :
       {"absent", "truncated", "foreign", "nan_weights"}) {
    const Outcome outcome = RunReal(model, "a.png");
    EXPECT_EQ(outcome.code, 1) << model;
    EXPECT_EQ(outcome.out, "") << model;
    EXPECT_EQ(Lines(outcome.err).size(), 1U) << outcome.err;
    EXPECT_NE(outcome.err.find(model), std::string::npos) << outcome.err;
  }
}

}  // namespace
}  // namespace graphiqa
