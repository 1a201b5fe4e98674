// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

#include "config/describe.h"
#include "config/read_config.h"
#include "config/section.h"

namespace graphiqa {
namespace {

Configuration Read(const std::string& text) {
  return ReadConfigurationText(text, "m.yaml");
}

/// All that is wrong with a text, a line each; empty when nothing is.
std::string WrongWith(const std::string& text) {
  try {
    Read(text);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

const std::string kOne = "channels:\n- id: a\n  uri: udp://127.0.0.1:5000\n";

TEST(Config, TheShortestHasTheDefaults) {
  const Configuration read = Read(kOne);
  ASSERT_EQ(read.channels.size(), 1U);
  const ChannelSettings& channel = read.channels[0];
  EXPECT_EQ(channel.name, "a");
  EXPECT_EQ(channel.source.mode, "auto");
  EXPECT_EQ(channel.source.stall_after, 5);
  EXPECT_TRUE(channel.alarms.low_score.enabled);
  EXPECT_EQ(channel.alarms.signal_lost.severity, "critical");
  EXPECT_EQ(read.http.listen, "127.0.0.1");
}

TEST(Config, AChannelOverridesTheDefaultsKeyByKey) {
  const Configuration read = Read(
      "defaults:\n"
      "  max-rate: 5\n"
      "  alarms:\n"
      "    low-score: {below: 30, raise-after: 500ms}\n"
      "    black: false\n"
      "channels:\n"
      "- {id: a, uri: 'udp://127.0.0.1:1', alarms: {low-score: {below: 20}}}\n"
      "- {id: b, uri: 'udp://127.0.0.1:2', max-rate: 0,\n"
      "   alarms: {black: {raise-after: 2m}}}\n");
  EXPECT_EQ(read.channels[0].alarms.low_score.below, 20);
  EXPECT_EQ(read.channels[0].alarms.low_score.raise_after, 0.5);
  EXPECT_FALSE(read.channels[0].alarms.black.enabled);
  EXPECT_EQ(read.channels[1].alarms.low_score.below, 30);
  EXPECT_EQ(read.channels[1].source.max_rate, 0);
  EXPECT_TRUE(read.channels[1].alarms.black.enabled);
  EXPECT_EQ(read.channels[1].alarms.black.raise_after, 120);
}

TEST(Config, AMistakeIsNamedWithFileLineKeyAndWhatIsWanted) {
  const struct {
    std::string text;
    std::string wanted;
  } kCases[] = {
      {kOne + "  max-rate: fast\n",
       "m.yaml:4: channels[0].max-rate: must be a number from 0 to 1000, not "
       "'fast'"},
      {kOne + "  max-rate: 0x10\n", "m.yaml:4: channels[0].max-rate: must be"},
      {kOne + "  max-rate: .nan\n", "m.yaml:4: channels[0].max-rate: must be"},
      {kOne + "  max-raet: 1\n",
       "m.yaml:4: channels[0].max-raet: unknown key; max-rate is near"},
      {kOne + "  stall-after: 5 minutes\n",
       "m.yaml:4: channels[0].stall-after: must be a duration from 0.5s"},
      {kOne + "  loop: yes\n",
       "m.yaml:4: channels[0].loop: must be true or false, not 'yes'"},
      {kOne + "  mode: fast\n",
       "m.yaml:4: channels[0].mode: must be one of auto, live, sync, not"},
      {kOne + "  crops: 1.5\n", "m.yaml:4: channels[0].crops: must be a whole"},
      {kOne + "  alarms: 5\n", "m.yaml:4: channels[0].alarms: must be a map"},
      {kOne + "  alarms: {drop: 5}\n",
       "m.yaml:4: channels[0].alarms.drop: must be true or false"},
      {kOne + "  alarms: {low-score: {below: 50}}\n",
       "m.yaml:4: channels[0].alarms.low-score.below: clear-above must not"},
      {kOne + "- id: a\n  uri: 'udp://x:1'\n",
       "m.yaml:4: channels[1].id: is there twice: a"},
      {kOne + "- id: ../b\n  uri: 'udp://x:1'\n",
       "m.yaml:4: channels[1].id: must be of a-z"},
      {kOne + "- id: b\n", "m.yaml:4: channels[1]: the key uri is missing"},
      {kOne + "http: {token: abc}\n",
       "m.yaml:4: http.token: a secret does not stand in this file"},
      {kOne + "http: {token: {env: GQ_NOT_SET}}\n",
       "m.yaml:4: http.token.env: GQ_NOT_SET is not set"},
      {kOne + "http: {token: {file: /nonexistent}}\n",
       "m.yaml:4: http.token.file: /nonexistent cannot be read"},
      {kOne + "http: {listen: localhost}\n",
       "m.yaml:4: http.listen: must be an IP address"},
      {kOne + "http:\n  tls: {certificate: none.pem, key: none.pem}\n",
       "m.yaml:5: http.tls.certificate: there is no file"},
      {kOne + "outputs:\n  webhooks: [{name: a, url: 'ftp://x'}]\n",
       "m.yaml:5: outputs.webhooks[0].url: must be an http or https URL"},
      {kOne + "outputs:\n  mqtt:\n  - {name: a, host: h, topic: 'a/#'}\n",
       "m.yaml:6: outputs.mqtt[0].topic: must not hold + or #"},
      {kOne + "  maintenance: [{from: x, to: '03:00', days: [mon]}]\n",
       "m.yaml:4: channels[0].maintenance[0].from: must be HH:MM"},
      {kOne + "  maintenance: [{from: '02:00', to: '03:00', days: [may]}]\n",
       "m.yaml:4: channels[0].maintenance[0].days: must list mon"},
      {kOne + "  maintenance: [{from: '02:00', to: '03:00'}]\n",
       "m.yaml:4: channels[0].maintenance[0].from: must be a time as"},
      {kOne + "  maintenance: [{from: '02:00', to: '03:00', days: [mon], "
              "timezone: Mars/Base}]\n",
       "m.yaml:4: channels[0].maintenance[0].timezone: is not known here"},
      {"channels: {a: b}\n", "m.yaml:1: channels: must be a list of at most"},
      {"http: {}\n", "m.yaml:1: the key channels is missing"},
      {"", "m.yaml:1: is empty"},
      {"a: [1, 2\nb: 3\n", "m.yaml:2: not YAML: did not find expected"},
      {kOne + "channels: []\n", "m.yaml:4: channels: this key is there twice"},
      {"? [a]\n: b\n", "m.yaml:1: a key must be text"},
      {kOne + "---\na: b\n", "m.yaml:5: a second document"},
  };
  for (const auto& one : kCases) {
    EXPECT_EQ(WrongWith(one.text).substr(0, one.wanted.size()), one.wanted)
        << one.text;
  }
}

TEST(Config, EveryMistakeIsToldAtOnce) {
  const std::string wrong = WrongWith(kOne + "  crops: x\n  loop: x\nx: 1\n");
  EXPECT_NE(wrong.find(":4: channels[0].crops"), std::string::npos) << wrong;
  EXPECT_NE(wrong.find(":5: channels[0].loop"), std::string::npos) << wrong;
  EXPECT_NE(wrong.find(":6: x: unknown key"), std::string::npos) << wrong;
}

TEST(Config, AMistakeIsOneLineWhateverItQuotes) {
  EXPECT_EQ(WrongWith(kOne + "http: {port: \"1\\n2\\e[2J\"}\n"),
            "m.yaml:4: http.port: must be a number from 0 to 65535, not "
            "'1?2?[2J'");
}

TEST(Config, HostileTextIsRefusedQuickly) {
  std::string nested = "a: ";
  for (int i = 0; i < 900; ++i) nested += "[";
  EXPECT_NE(WrongWith(nested), "");
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j > 0 ? ", " : "") + last;
    bomb += "]\n";
  }
  EXPECT_NE(WrongWith(bomb).find("too many values"), std::string::npos);
  EXPECT_NE(WrongWith("a: &a [*a]\n").find("nested too deeply"),
            std::string::npos);
  EXPECT_NE(WrongWith(std::string(5 << 20, ' ')).find("larger than 4 MiB"),
            std::string::npos);
  EXPECT_NE(WrongWith(std::string("a: \0b\n", 6)), "");
  EXPECT_NE(WrongWith("a: \xff\xfe\xff\n"), "");
}

TEST(Config, AnchorsMayShareSettings) {
  const Configuration read = Read(
      "channels:\n"
      "- {id: a, uri: 'udp://x:1', alarms: &usual {drop: false}}\n"
      "- {id: b, uri: 'udp://x:2', alarms: *usual}\n");
  EXPECT_FALSE(read.channels[1].alarms.drop.enabled);
}

TEST(Config, SecretsComeFromTheEnvironment) {
  setenv("GQ_TEST_SECRET", "s3cret", 1);
  const Configuration read =
      Read(kOne + "http: {token: {env: GQ_TEST_SECRET}}\n");
  EXPECT_EQ(read.http.token, "s3cret");
  EXPECT_EQ(HttpFingerprint(read.http).find("s3cret"), std::string::npos);
}

TEST(Config, TheExampleIsRight) {
  const Configuration read = ReadConfiguration(std::getenv("GQ_EXAMPLE"));
  EXPECT_EQ(read.channels.size(), 3U);
  EXPECT_EQ(read.channels[2].alarms.low_score.below, 65);
  EXPECT_EQ(read.channels[0].source.uri.rfind("file:///", 0), 0U);
  EXPECT_THROW(ReadConfiguration("/nonexistent.yaml"), Error);
  EXPECT_THROW(ReadConfiguration("/"), Error);
}

TEST(Config, RandomEditsAreReadOrRefusedWithTheirLine) {
  std::ifstream stream(std::getenv("GQ_EXAMPLE"));
  std::ostringstream whole;
  whole << stream.rdbuf();
  // What is commented out there is configuration too.
  std::string example = whole.str();
  for (size_t at = 0; (at = example.find("# ", at)) != std::string::npos;) {
    example.erase(at, 2);
  }
  std::mt19937 random(1);
  const std::string letters = "\n :-[]{}&*!|>'\"%@`#,?0a~\t\x01\xff";
  int refused = 0;
  for (int round = 0; round < 1000; ++round) {
    std::string text = round % 2 == 0 ? whole.str() : example;
    for (unsigned edit = random() % 4 + 1; edit > 0; --edit) {
      const size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = letters[random() % letters.size()];
          break;
        case 1:
          text.erase(at, random() % 40);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 60));
      }
    }
    const std::string wrong = WrongWith(text);
    if (wrong.empty()) continue;
    ++refused;
    ASSERT_EQ(wrong.rfind("m.yaml:", 0), 0U) << wrong;
  }
  EXPECT_GT(refused, 300);
}

TEST(Config, DurationsHaveUnits) {
  EXPECT_EQ(ParseDuration("250ms"), 0.25);
  EXPECT_EQ(ParseDuration("1.5h"), 5400);
  EXPECT_EQ(ParseDuration("3"), 3);
  for (const char* wrong : {"", "s", "1 s", "1y", "1e3s4", "--1s"}) {
    EXPECT_FALSE(ParseDuration(wrong)) << wrong;
  }
}

TEST(Config, FingerprintsFollowWhatChanged) {
  ChannelSettings a = Read(kOne).channels[0];
  ChannelSettings b = a;
  const EngineSettings engine;
  b.alarms.low_score.below = 1;
  EXPECT_EQ(PipelineFingerprint(a, engine), PipelineFingerprint(b, engine));
  EXPECT_NE(ChannelFingerprint(a, engine), ChannelFingerprint(b, engine));
  b.source.uri = "udp://127.0.0.1:5001";
  EXPECT_NE(PipelineFingerprint(a, engine), PipelineFingerprint(b, engine));
}

TEST(Config, PasswordsInUrisDoNotShow) {
  EXPECT_EQ(PublicUri("rtsp://me:p@ss@host:554/a?token=x"),
            "rtsp://host:554/a");
  EXPECT_EQ(PublicUri("rtsp://me:pw@host"), "rtsp://host");
  EXPECT_EQ(PublicUri("http://host/a@b"), "http://host/a@b");
  EXPECT_EQ(PublicUri("file:///a%20b"), "file:///a%20b");
}

}  // namespace
}  // namespace graphiqa
