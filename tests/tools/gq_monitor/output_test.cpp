// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Webhooks against a real server, MQTT against a real broker.
#include <gtest/gtest.h>
#include <libsoup/soup.h>
#include <mosquitto.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "app/log.h"
#include "monitor_support.h"
#include "output/outputs.h"
#include "output/webhook.h"

namespace graphiqa {
namespace {

AlarmEvent Raised(int64_t id) {
  AlarmEvent event;
  event.type = "raised";
  event.time = 1772323200;
  event.alarm.id = id;
  event.alarm.channel = "a";
  return event;
}

/// A receiver of webhooks on the loopback that answers as it is told.
class Receiver {
 public:
  struct Got {
    std::string event;
    std::string timestamp;
    std::string signature;
    std::string body;
  };

  explicit Receiver(guint port = 0) { Listen(port); }
  ~Receiver() { g_object_unref(server_); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  guint port() const { return port_; }
  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/hook";
  }

  guint status = 200;
  std::vector<Got> got;

 private:
  void Listen(guint port) {
    server_ = soup_server_new(nullptr, nullptr);
    soup_server_add_handler(server_, nullptr, OnRequest, this, nullptr);
    ASSERT_TRUE(soup_server_listen_local(
        server_, port, SOUP_SERVER_LISTEN_IPV4_ONLY, nullptr));
    GSList* uris = soup_server_get_uris(server_);
    port_ = static_cast<guint>(g_uri_get_port(static_cast<GUri*>(uris->data)));
    g_slist_free_full(uris, reinterpret_cast<GDestroyNotify>(g_uri_unref));
  }

  static std::string Header(SoupServerMessage* message, const char* name) {
    const char* value = soup_message_headers_get_one(
        soup_server_message_get_request_headers(message), name);
    return value != nullptr ? value : "";
  }

  static void OnRequest(SoupServer*, SoupServerMessage* message, const char*,
                        GHashTable*, gpointer data) {
    auto* self = static_cast<Receiver*>(data);
    GBytes* body = soup_message_body_flatten(
        soup_server_message_get_request_body(message));
    gsize size = 0;
    const auto* bytes = static_cast<const char*>(g_bytes_get_data(body, &size));
    self->got.push_back({Header(message, "Graphiqa-Event"),
                         Header(message, "Graphiqa-Timestamp"),
                         Header(message, "Graphiqa-Signature"),
                         std::string(bytes, size)});
    g_bytes_unref(body);
    soup_server_message_set_status(message, self->status, nullptr);
  }

  SoupServer* server_ = nullptr;
  guint port_ = 0;
};

class OutputTest : public MonitorTest {
 protected:
  void SetUp() override {
    MonitorTest::SetUp();
    Open();
  }
  void TearDown() override {
    Close();
    MonitorTest::TearDown();
  }

  void Open() {
    database_ = std::make_unique<Database>(folder_ / "m.sqlite");
    spool_ = std::make_unique<Spool>(database_.get(), 1000);
    outputs_ = std::make_unique<Outputs>(spool_.get());
    outputs_->Configure(settings_);
  }
  void Close() {
    outputs_.reset();
    spool_.reset();
    database_.reset();
  }

  /// Runs the main loop, and the outputs, until something holds.
  bool Until(const std::function<bool()>& holds) {
    return WaitFor([&] {
      while (g_main_context_iteration(nullptr, FALSE) != FALSE) {
      }
      outputs_->Tick(MonotonicNow());
      return holds();
    });
  }

  OutputSettings settings_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<Outputs> outputs_;
};

TEST_F(OutputTest, AWebhookIsSignedAndTold) {
  Receiver receiver;
  WebhookSettings webhook;
  webhook.name = "w";
  webhook.url = receiver.url();
  webhook.secret = "key";
  settings_.webhooks = {webhook};
  outputs_->Configure(settings_);
  outputs_->Add(Raised(1));
  ASSERT_TRUE(Until([&] { return outputs_->status()[0].delivered == 1; }));
  ASSERT_EQ(receiver.got.size(), 1U);
  const Receiver::Got& got = receiver.got[0];
  EXPECT_EQ(got.event, "1-raised");
  EXPECT_EQ(got.signature,
            SignBody("key", std::stoll(got.timestamp), got.body));
  EXPECT_EQ(Json::Parse(got.body, "body").GetString("type"), "raised");
}

TEST_F(OutputTest, NothingIsLostWhileTheReceiverIsDownAndWeRestart) {
  guint port = 0;
  {
    const Receiver receiver;
    port = receiver.port();
  }
  WebhookSettings webhook;
  webhook.name = "w";
  webhook.url = "http://127.0.0.1:" + std::to_string(port) + "/hook";
  settings_.webhooks = {webhook};
  outputs_->Configure(settings_);
  outputs_->Add(Raised(1));
  outputs_->Add(Raised(2));
  ASSERT_TRUE(Until([&] { return outputs_->status()[0].failures >= 1; }));
  EXPECT_NE(outputs_->status()[0].trouble, "");
  Close();
  Open();
  outputs_->Add(Raised(3));
  Receiver receiver(port);
  receiver.status = 503;
  ASSERT_TRUE(Until([&] { return !receiver.got.empty(); }));
  receiver.status = 204;
  ASSERT_TRUE(Until([&] { return outputs_->status()[0].delivered == 3; }));
  std::vector<std::string> order;
  for (const auto& got : receiver.got) {
    if (order.empty() || order.back() != got.event) order.push_back(got.event);
  }
  EXPECT_EQ(order,
            (std::vector<std::string>{"1-raised", "2-raised", "3-raised"}));
}

TEST_F(OutputTest, ASinkThatGoesInMidFlightIsNoHarm) {
  Receiver receiver;
  WebhookSettings webhook;
  webhook.name = "w";
  webhook.url = receiver.url();
  settings_.webhooks = {webhook};
  outputs_->Configure(settings_);
  outputs_->Add(Raised(1));
  outputs_->Tick(MonotonicNow());
  outputs_->Configure(OutputSettings());
  EXPECT_TRUE(Until([&] { return outputs_->status().empty(); }));
  EXPECT_EQ(spool_->Waiting("w"), 1);
}

/// A Mosquitto on a free port.
class Broker {
 public:
  Broker(const std::filesystem::path& folder, int port) {
    const std::string config = folder / "mosquitto.conf";
    std::ofstream(config) << "listener " << port << " 127.0.0.1\n"
                          << "allow_anonymous true\n";
    gchar* program = g_find_program_in_path("mosquitto");
    const std::string name =
        program != nullptr ? program : "/usr/sbin/mosquitto";
    g_free(program);
    process_ = g_subprocess_new(
        static_cast<GSubprocessFlags>(G_SUBPROCESS_FLAGS_STDERR_SILENCE |
                                      G_SUBPROCESS_FLAGS_STDOUT_SILENCE),
        nullptr, name.c_str(), "-c", config.c_str(), nullptr);
    EXPECT_NE(process_, nullptr);
  }
  ~Broker() {
    g_subprocess_send_signal(process_, SIGTERM);
    g_subprocess_wait(process_, nullptr, nullptr);
    g_object_unref(process_);
  }
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  static bool Installed() {
    return g_file_test("/usr/sbin/mosquitto", G_FILE_TEST_IS_EXECUTABLE) !=
           FALSE;
  }

 private:
  GSubprocess* process_;
};

/// Writes down what is published below graphiqa/.
class Subscriber {
 public:
  explicit Subscriber(int port) : client_(mosquitto_new(nullptr, true, this)) {
    mosquitto_message_callback_set(client_, OnMessage);
    EXPECT_TRUE(WaitFor([&] {
      return mosquitto_connect(client_, "127.0.0.1", port, 10) ==
             MOSQ_ERR_SUCCESS;
    }));
    mosquitto_subscribe(client_, nullptr, "graphiqa/#", 1);
  }
  ~Subscriber() { mosquitto_destroy(client_); }
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  void Loop() { mosquitto_loop(client_, 10, 10); }
  size_t Count(const std::string& topic) const {
    size_t count = 0;
    for (const auto& one : got) count += one.first == topic ? 1 : 0;
    return count;
  }

  std::vector<std::pair<std::string, std::string>> got;

 private:
  static void OnMessage(mosquitto*, void* self,
                        const mosquitto_message* message) {
    static_cast<Subscriber*>(self)->got.emplace_back(
        message->topic, std::string(static_cast<const char*>(message->payload),
                                    static_cast<size_t>(message->payloadlen)));
  }
  mosquitto* client_;
};

TEST_F(OutputTest, MqttDeliversThroughARestartOfTheBroker) {
  if (!Broker::Installed()) GTEST_SKIP() << "mosquitto is not installed";
  mosquitto_lib_init();
  MqttSettings mqtt;
  mqtt.name = "m";
  mqtt.host = "127.0.0.1";
  mqtt.port = FreePort();
  const auto port = static_cast<int>(mqtt.port);
  settings_.mqtts = {mqtt};
  outputs_->Configure(settings_);
  outputs_->Add(Raised(1));
  {
    const Broker broker(folder_, port);
    Subscriber subscriber(port);
    ASSERT_TRUE(Until([&] {
      subscriber.Loop();
      return subscriber.Count("graphiqa/a/alarm") == 1 &&
             subscriber.Count("graphiqa/status") >= 1;
    }));
    for (const auto& [topic, payload] : subscriber.got) {
      const bool status = topic == "graphiqa/status";
      EXPECT_EQ(
          status ? payload : Json::Parse(payload, "payload").GetString("id"),
          status ? "online" : "1-raised");
    }
    ASSERT_TRUE(Until([&] { return outputs_->status()[0].waiting == 0; }));
  }
  outputs_->Add(Raised(2));
  outputs_->Add(Raised(3));
  const Broker broker(folder_, port);
  Subscriber subscriber(port);
  ASSERT_TRUE(Until([&] {
    subscriber.Loop();
    return subscriber.Count("graphiqa/a/alarm") >= 2;
  }));
  EXPECT_TRUE(Until([&] { return outputs_->status()[0].waiting == 0; }));
}

}  // namespace
}  // namespace graphiqa
