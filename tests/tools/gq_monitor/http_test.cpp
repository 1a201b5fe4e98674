// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The HTTP server, asked over a real socket.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <memory>
#include <string>

#include "app/log.h"
#include "app/monitor.h"
#include "http/server.h"
#include "monitor_support.h"

namespace graphiqa {
namespace {

/// A connection that says and hears plain bytes.
class Client {
 public:
  explicit Client(int port) : handle_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(handle_, reinterpret_cast<sockaddr*>(&address),
                      sizeof(address)),
              0);
  }
  ~Client() { close(handle_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Say(const std::string& text) {
    EXPECT_EQ(send(handle_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  /// Takes what has come. @returns false at the end of the connection
  bool Hear() {
    char bytes[4096];
    const ssize_t count = recv(handle_, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (count > 0) heard.append(bytes, static_cast<size_t>(count));
    if (count == 0) return false;
    return count > 0 || errno == EAGAIN || errno == EWOULDBLOCK;
  }

  std::string heard;

 private:
  int handle_;
};

class HttpTest : public MonitorTest {
 protected:
  void SetUp() override {
    MonitorTest::SetUp();
    SilenceLog();
    configuration_.engine = FakeEngine("fake:");
    configuration_.storage.folder = folder_ / "storage";
    configuration_.http.port = 0;
    ChannelSettings channel;
    channel.id = "a";
    channel.name = "Channel <A>";
    channel.source.uri = MakeSnow(25);
    channel.source.loop = true;
    channel.source.max_rate = 0;
    channel.thumbnails.every = 1;
    configuration_.channels.push_back(channel);
  }
  void TearDown() override {
    server_.reset();
    if (monitor_) {
      monitor_->BeginDrain();
      EXPECT_TRUE(WaitFor([&] {
        monitor_->Tick(MonotonicNow(), WallNow());
        return monitor_->drained();
      }));
    }
    monitor_.reset();
    MonitorTest::TearDown();
  }

  void Start() {
    monitor_ = std::make_unique<Monitor>(configuration_);
    server_ = std::make_unique<HttpServer>(configuration_.http, monitor_.get());
  }

  bool Until(const std::function<bool()>& holds) {
    return WaitFor([&] {
      while (g_main_context_iteration(nullptr, FALSE) != FALSE) {
      }
      monitor_->Tick(MonotonicNow(), WallNow());
      server_->Tick(MonotonicNow());
      return holds();
    });
  }

  /// The whole answer to a request, after which the connection is closed.
  std::string Ask(const std::string& head, const std::string& body = "") {
    Client client(server_->port());
    client.Say(head + "\r\nHost: localhost\r\nConnection: close\r\n\r\n" +
               body);
    EXPECT_TRUE(Until([&] { return !client.Hear(); }));
    return client.heard;
  }

  static int StatusOf(const std::string& answer) {
    return answer.size() > 12 ? std::atoi(answer.c_str() + 9) : 0;
  }
  static std::string BodyOf(const std::string& answer) {
    const size_t at = answer.find("\r\n\r\n");
    return at == std::string::npos ? "" : answer.substr(at + 4);
  }
  Json JsonOf(const std::string& path) {
    return Json::Parse(BodyOf(Ask("GET " + path + " HTTP/1.1")), path);
  }

  Configuration configuration_;
  std::unique_ptr<Monitor> monitor_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpTest, ShowsAChannelWithItsScoreAndPicture) {
  Start();
  ASSERT_TRUE(Until([&] {
    const ChannelWatch* watch = monitor_->Find("a");
    return watch->newest() && watch->thumbnail();
  }));
  const Json wall = JsonOf("/api/v1/channels");
  const Json& channel = wall.GetArray("channels").at(0);
  EXPECT_EQ(channel.GetString("state"), "playing");
  EXPECT_EQ(channel.GetString("name"), "Channel <A>");
  EXPECT_GT(channel.GetDouble("score"), 20);
  EXPECT_TRUE(channel.At("distortion").IsNull());
  EXPECT_EQ(JsonOf("/api/v1/channels/a").GetString("mode").empty(), false);
  const std::string picture = Ask("GET /api/v1/channels/a/thumbnail HTTP/1.1");
  EXPECT_NE(picture.find("Content-Type: image/jpeg"), std::string::npos);
  EXPECT_EQ(BodyOf(picture).substr(0, 2), "\xff\xd8");
  const std::string metrics = BodyOf(Ask("GET /metrics HTTP/1.1"));
  EXPECT_NE(metrics.find("graphiqa_channel_up{channel=\"a\"} 1\n"),
            std::string::npos);
  EXPECT_NE(BodyOf(Ask("GET /metrics HTTP/1.1\r\nAccept: "
                       "application/openmetrics-text"))
                .find("# EOF\n"),
            std::string::npos);
  const std::string page = Ask("GET / HTTP/1.1");
  EXPECT_NE(page.find("Content-Security-Policy: default-src 'none'"),
            std::string::npos);
  ASSERT_TRUE(Until([&] {
    return !JsonOf("/api/v1/channels/a/history").GetArray("points").empty();
  }));
  // The first picture may have come before the first score.
  ASSERT_TRUE(Until([&] {
    return !JsonOf("/api/v1/channels/a/moments").GetArray("moments").empty();
  }));
  const Json moments = JsonOf("/api/v1/channels/a/moments");
  const int64_t moment = moments.GetArray("moments")[0].GetInt("id");
  EXPECT_EQ(StatusOf(Ask("GET /api/v1/channels/a/moments/" +
                         std::to_string(moment) + " HTTP/1.1")),
            200);
}

TEST_F(HttpTest, WrongRequestsAreAnsweredWithTheirStatus) {
  Start();
  const std::pair<const char*, int> kCases[] = {
      {"GET /healthz HTTP/1.1", 200},
      {"HEAD /healthz HTTP/1.1", 200},
      {"GET /readyz HTTP/1.1", 200},
      {"GET /nothing HTTP/1.1", 404},
      {"GET /../../etc/passwd HTTP/1.1", 404},
      {"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1", 404},
      {"GET /..%2f..%2fetc%2fpasswd HTTP/1.1", 400},
      {"GET /%00 HTTP/1.1", 400},
      {"GET /%ff%fe HTTP/1.1", 404},
      {"GET /api/v1/channels/%ff HTTP/1.1", 404},
      {"GET /api/v1/channels/a%00b HTTP/1.1", 400},
      {"GET /api/v1/channels/..%2f..%2fa/thumbnail HTTP/1.1", 400},
      {"GET /api/v1/alarms?channel=%ff%00' HTTP/1.1", 200},
      {"GET /api/v1 HTTP/1.1", 404},
      {"GET /api/v1/channels/b HTTP/1.1", 404},
      {"GET /api/v1/channels/a/ HTTP/1.1", 404},
      {"GET /api/v1/channels/a/moments/x HTTP/1.1", 404},
      {"GET /api/v1/channels/a/moments/99999999999999999999 HTTP/1.1", 404},
      {"GET /api/v1/channels/a/history?range=year HTTP/1.1", 400},
      {"GET /api/v1/alarms?limit=-1 HTTP/1.1", 400},
      {"GET /api/v1/alarms?state=x HTTP/1.1", 400},
      {"DELETE /api/v1/channels/a HTTP/1.1", 405},
      {"POST /api/v1/channels HTTP/1.1\r\nContent-Length: 0", 405},
      {"GET /api/v1/channels/a/restart HTTP/1.1", 405},
      {"POST /api/v1/channels/a/restart HTTP/1.1\r\nContent-Length: 0", 415},
      {"POST /api/v1/channels/a/restart HTTP/1.1\r\nContent-Length: 0\r\n"
       "Content-Type: application/json",
       400},
      {"POST /api/v1/alarms/1/acknowledge HTTP/1.1\r\nContent-Length: 0\r\n"
       "Content-Type: application/json",
       400},
      {"POST /api/v1/alarms/1/acknowledge HTTP/1.1\r\n"
       "Transfer-Encoding: chunked\r\nContent-Type: application/json",
       411},
      {"GET / HTTP/1.1\r\nHost: evil.example\r\nX:", 421},
  };
  for (const auto& [head, status] : kCases) {
    Client client(server_->port());
    const bool named = std::string(head).find("Host:") != std::string::npos;
    client.Say(std::string(head) + (named ? "" : "\r\nHost: localhost") +
               "\r\nConnection: close\r\n\r\n");
    // The rest is read before the answer is sent: the end of chunks.
    const bool chunked = std::string(head).find("chunked") != std::string::npos;
    if (chunked) client.Say("0\r\n\r\n");
    ASSERT_TRUE(Until([&] {
      client.Hear();
      return client.heard.find("\r\n\r\n") != std::string::npos;
    })) << head;
    EXPECT_EQ(StatusOf(client.heard), status) << head;
    const bool names = client.heard.find("\r\nAllow: ") != std::string::npos;
    EXPECT_EQ(names, status == 405) << head;
  }
}

TEST_F(HttpTest, ABodyThatIsTooLargeIsNotKept) {
  Start();
  const std::string head =
      "POST /api/v1/alarms/1/acknowledge HTTP/1.1\r\n"
      "Content-Type: application/json\r\n";
  const std::string body(70'000, ' ');
  EXPECT_EQ(StatusOf(Ask(head + "Content-Length: 70000", body)), 413);
  EXPECT_EQ(StatusOf(Ask("GET / HTTP/1.1\r\nContent-Length: 1", "x")), 413);
  EXPECT_EQ(
      StatusOf(Ask(head + "Content-Length: 60000", body.substr(0, 60'000))),
      400);
}

TEST_F(HttpTest, ABodyIsOneObjectOfKnownKeys) {
  Start();
  for (const char* body : {"[]", "{\"by\":\"a\",\"x\":1}", "{\"by\":\"a\"} {}",
                           "{\"by\":\"\xff\"}", "{\"by\":\"a\",\"by\":\"b\"}",
                           "[[[[[[[[[[[[]]]]]]]]]]]]"}) {
    const std::string head =
        "POST /api/v1/alarms/1/acknowledge HTTP/1.1\r\n"
        "Content-Type: application/json\r\n"
        "Content-Length: ";
    EXPECT_EQ(
        StatusOf(Ask(head + std::to_string(std::string(body).size()), body)),
        400)
        << body;
  }
}

TEST_F(HttpTest, WhatIsNoHttpDoesNoHarm) {
  Start();
  const std::string long_line(200'000, 'x');
  for (const std::string& text :
       {std::string("\r\n\r\n\r\n"), std::string("\x16\x03\x01\x02", 4),
        std::string(1000, '\0'), std::string("GET\r\n\r\n"),
        "GET /" + long_line + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + long_line + "\r\n\r\n"}) {
    Client client(server_->port());
    client.Say(text);
    // What may yet become a request is waited for, but not long.
    const double start = MonotonicNow();
    EXPECT_TRUE(Until([&] {
      if (MonotonicNow() > start + 0.5) server_->Tick(MonotonicNow() + 60);
      return !client.Hear() || !client.heard.empty();
    }));
    EXPECT_NE(StatusOf(client.heard), 200) << text.substr(0, 20);
    EXPECT_EQ(StatusOf(Ask("GET /healthz HTTP/1.1")), 200);
  }
}

TEST_F(HttpTest, ATokenGuardsAllButPagesAndProbes) {
  configuration_.http.token = "s3cret";
  Start();
  for (const char* path : {"/api/v1/channels", "/metrics", "/api/v1/events",
                           "/api/v1/channels/a/thumbnail", "/nothing"}) {
    const std::string get = std::string("GET ") + path + " HTTP/1.1";
    EXPECT_EQ(StatusOf(Ask(get)), 401) << path;
    EXPECT_EQ(StatusOf(Ask(get + "\r\nAuthorization: Bearer wrong")), 401);
  }
  for (const char* path : {"/", "/app.js", "/healthz", "/readyz"}) {
    EXPECT_EQ(StatusOf(Ask(std::string("GET ") + path + " HTTP/1.1")), 200);
  }
  EXPECT_EQ(StatusOf(Ask("GET /metrics HTTP/1.1\r\nAuthorization: Bearer "
                         "s3cret")),
            200);
}

TEST_F(HttpTest, AnAlarmIsRaisedShownAcknowledgedAndCleared) {
  configuration_.channels[0].alarms.low_score.below = 99;
  configuration_.channels[0].alarms.low_score.clear_above = 100;
  configuration_.channels[0].alarms.low_score.raise_after = 0.2;
  configuration_.channels[0].alarms.low_score.clear_after = 0.2;
  Start();
  ASSERT_TRUE(Until([&] { return !monitor_->book().Open().empty(); }));
  const Json alarms = JsonOf("/api/v1/alarms");
  const Json& alarm = alarms.GetArray("alarms").at(0);
  EXPECT_EQ(alarm.GetString("kind"), "low-score");
  const std::string path = "POST /api/v1/alarms/" +
                           std::to_string(alarm.GetInt("id")) +
                           "/acknowledge HTTP/1.1\r\n"
                           "Content-Type: application/json\r\n";
  const std::string body = "{\"by\":\"me\",\"comment\":\"seen\"}";
  const std::string answer =
      Ask(path + "Content-Length: " + std::to_string(body.size()), body);
  EXPECT_EQ(StatusOf(answer), 200);
  EXPECT_EQ(Json::Parse(BodyOf(answer), "a").GetString("acknowledged_by"),
            "me");
  EXPECT_EQ(StatusOf(Ask(path + "Content-Length: 9", "{\"by\": 5}")), 400);
  configuration_.channels[0].alarms.low_score.below = 1;
  configuration_.channels[0].alarms.low_score.clear_above = 1;
  monitor_->Configure(configuration_);
  EXPECT_EQ(monitor_->Find("a")->channel().machine().state(),
            ChannelState::kPlaying);
  ASSERT_TRUE(Until([&] { return monitor_->book().Open().empty(); }));
  const Json all = JsonOf("/api/v1/alarms?state=all&channel=a");
  EXPECT_EQ(all.GetArray("alarms").at(0).At("cleared_at").IsNull(), false);
  EXPECT_TRUE(JsonOf("/api/v1/alarms").GetArray("alarms").empty());
}

TEST_F(HttpTest, APageIsKeptUpToDate) {
  configuration_.http.streams = 1;
  Start();
  auto client = std::make_unique<Client>(server_->port());
  client->Say("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto count = [&] {
    client->Hear();
    size_t events = 0;
    for (size_t at = 0;
         (at = client->heard.find("event: channels", at)) != std::string::npos;
         ++at) {
      ++events;
    }
    return events;
  };
  ASSERT_TRUE(Until([&] { return count() >= 2; }));
  EXPECT_NE(client->heard.find("Content-Type: text/event-stream"),
            std::string::npos);
  AlarmEvent event;
  event.type = "raised";
  server_->Announce(event);
  EXPECT_TRUE(Until([&] {
    client->Hear();
    return client->heard.find("event: alarm") != std::string::npos;
  }));
  EXPECT_EQ(StatusOf(Ask("GET /api/v1/events HTTP/1.1")), 503);
  client.reset();
  // The place is free again once the server has noticed.
  EXPECT_TRUE(Until([&] {
    return BodyOf(Ask("GET /metrics HTTP/1.1"))
               .find("graphiqa_http_streams 0\n") != std::string::npos;
  }));
}

TEST_F(HttpTest, ConnectionsAreBounded) {
  configuration_.http.connections = 4;
  Start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<Client>(server_->port()));
    // A head that never ends.
    clients.back()->Say("GET / HTTP/1.1\r\n");
  }
  Client fifth(server_->port());
  EXPECT_TRUE(Until([&] { return !fifth.Hear(); }));
  EXPECT_EQ(fifth.heard, "");
  // Those that are too slow are cut off, a byte now and then does not help:
  // the time is put forward.
  for (auto& client : clients) client->Say("X");
  server_->Tick(MonotonicNow() + 60);
  for (auto& client : clients) {
    EXPECT_TRUE(Until([&] { return !client->Hear(); }));
  }
  EXPECT_TRUE(
      Until([&] { return StatusOf(Ask("GET /healthz HTTP/1.1")) == 200; }));
}

TEST_F(HttpTest, APortInUseIsAnErrorThatNamesIt) {
  Start();
  HttpSettings second = configuration_.http;
  second.port = server_->port();
  try {
    const HttpServer other(second, monitor_.get());
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(std::to_string(second.port)),
              std::string::npos);
  }
}

TEST_F(HttpTest, AnOpenAlarmOutlivesTheProcess) {
  configuration_.channels[0].alarms.low_score.below = 99;
  configuration_.channels[0].alarms.low_score.clear_above = 100;
  configuration_.channels[0].alarms.low_score.raise_after = 0.1;
  Start();
  ASSERT_TRUE(Until([&] { return !monitor_->book().Open().empty(); }));
  const int64_t id = monitor_->book().Open()[0].id;
  server_.reset();
  monitor_->BeginDrain();
  ASSERT_TRUE(WaitFor([&] {
    monitor_->Tick(MonotonicNow(), WallNow());
    return monitor_->drained();
  }));
  monitor_.reset();
  Start();
  ASSERT_EQ(monitor_->book().Open().size(), 1U);
  EXPECT_EQ(monitor_->book().Open()[0].id, id);
  configuration_.channels.clear();
  monitor_->Configure(configuration_);
  EXPECT_TRUE(monitor_->book().Open().empty());
}

}  // namespace
}  // namespace graphiqa
