// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "mqtt.h"

#include <glib.h>
#include <mosquitto.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "channel/backoff.h"
#include "channel/sample.h"

namespace graphiqa {
namespace {

constexpr int kKeepAliveSeconds = 30;
constexpr int kLoopMs = 200;
constexpr double kAcknowledgeTime = 15;
constexpr int kAtLeastOnce = 1;

std::string DefaultClientId(const MqttSettings& settings) {
  return std::string("graphiqa-") + g_get_host_name() + "-" + settings.name;
}

}  // namespace

/// State shared by the sink and the thread that holds the connection.
class MqttSink::Connection {
 public:
  Connection(const MqttSettings& settings, Wake wake)
      : settings_(settings), wake_(std::move(wake)) {
    if (settings_.client_id.empty()) {
      settings_.client_id = DefaultClientId(settings_);
    }
  }

  void Work() {
    Backoff backoff(1, 60, SystemRandom());
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stop_) {
      lock.unlock();
      const bool was_connected = Connect();
      lock.lock();
      if (was_connected) backoff.Reset();
      changed_.wait_for(lock, std::chrono::duration<double>(backoff.Next()),
                        [this] { return stop_; });
    }
  }

  void Stop() {
    const std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
    wake_ = nullptr;
    changed_.notify_all();
  }

  bool connected() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return connected_;
  }

  void Publish(const Spooled& event) {
    const std::lock_guard<std::mutex> lock(mutex_);
    result_.reset();
    message_ = -1;
    if (!connected_) {
      result_ = {SendResult::Kind::kRetry, "not connected"};
      return;
    }
    const std::string topic = settings_.topic + "/" + event.channel + "/alarm";
    const int code = mosquitto_publish(client_, &message_, topic.c_str(),
                                       static_cast<int>(event.body.size()),
                                       event.body.data(), kAtLeastOnce, false);
    deadline_ = MonotonicNow() + kAcknowledgeTime;
    if (code != MOSQ_ERR_SUCCESS) {
      result_ = {SendResult::Kind::kRetry, mosquitto_strerror(code)};
    }
  }

  std::optional<SendResult> Poll() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!result_ && MonotonicNow() > deadline_) {
      result_ = {SendResult::Kind::kRetry, "the broker did not acknowledge"};
      broken_ = true;  // a new connection forgets what is under way
    }
    const std::optional<SendResult> result = result_;
    result_.reset();
    return result;
  }

 private:
  /// One connection from its making to its end.
  /// @returns whether the broker had accepted it
  bool Connect() {
    mosquitto* client = mosquitto_new(settings_.client_id.c_str(), true, this);
    if (client == nullptr) return false;
    bool accepted = false;
    if (SetUp(client)) {
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        client_ = client;
        broken_ = false;
      }
      int code = mosquitto_connect(client, settings_.host.c_str(),
                                   static_cast<int>(settings_.port),
                                   kKeepAliveSeconds);
      while (code == MOSQ_ERR_SUCCESS && Wanted()) {
        code = mosquitto_loop(client, kLoopMs, 1);
        accepted |= connected();
      }
      if (code == MOSQ_ERR_SUCCESS) SayGoodBye(client);
      Lost(code);
    }
    mosquitto_destroy(client);
    return accepted;
  }

  bool SetUp(mosquitto* client) {
    mosquitto_threaded_set(client, true);
    mosquitto_connect_callback_set(client, OnConnect);
    mosquitto_publish_callback_set(client, OnPublish);
    const std::string topic = settings_.topic + "/status";
    int code = mosquitto_will_set(client, topic.c_str(), 7, "offline",
                                  kAtLeastOnce, true);
    if (code == MOSQ_ERR_SUCCESS && !settings_.username.empty()) {
      code = mosquitto_username_pw_set(
          client, settings_.username.c_str(),
          settings_.password.empty() ? nullptr : settings_.password.c_str());
    }
    if (code == MOSQ_ERR_SUCCESS && !settings_.ca_file.empty()) {
      code = mosquitto_tls_set(client, settings_.ca_file.c_str(), nullptr,
                               nullptr, nullptr, nullptr);
    }
    return code == MOSQ_ERR_SUCCESS;
  }

  bool Wanted() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return !stop_ && !broken_;
  }

  void SayGoodBye(mosquitto* client) {
    const std::string topic = settings_.topic + "/status";
    mosquitto_publish(client, nullptr, topic.c_str(), 7, "offline",
                      kAtLeastOnce, true);
    mosquitto_disconnect(client);
    mosquitto_loop(client, kLoopMs, 1);
  }

  void Lost(int code) {
    const std::lock_guard<std::mutex> lock(mutex_);
    connected_ = false;
    client_ = nullptr;
    if (message_ != -1 && !result_) {
      result_ = {SendResult::Kind::kRetry, mosquitto_strerror(code)};
    }
    message_ = -1;
    if (wake_) wake_();
  }

  static void OnConnect(mosquitto* client, void* data, int code) {
    auto* self = static_cast<Connection*>(data);
    if (code != 0) return;  // the broker closes the connection
    const std::string topic = self->settings_.topic + "/status";
    mosquitto_publish(client, nullptr, topic.c_str(), 6, "online", kAtLeastOnce,
                      true);
    const std::lock_guard<std::mutex> lock(self->mutex_);
    self->connected_ = true;
    if (self->wake_) self->wake_();
  }

  static void OnPublish(mosquitto*, void* data, int message) {
    auto* self = static_cast<Connection*>(data);
    const std::lock_guard<std::mutex> lock(self->mutex_);
    if (message != self->message_) return;
    self->message_ = -1;
    self->result_ = SendResult();
    if (self->wake_) self->wake_();
  }

  MqttSettings settings_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Wake wake_;  // from here on under the mutex
  mosquitto* client_ = nullptr;
  bool stop_ = false;
  bool broken_ = false;
  bool connected_ = false;
  int message_ = -1;  ///< the one that waits for its acknowledgement
  double deadline_ = 0;
  std::optional<SendResult> result_;
};

MqttSink::MqttSink(const MqttSettings& settings, Wake wake)
    : connection_(std::make_shared<Connection>(settings, std::move(wake))) {
  static const bool ready = mosquitto_lib_init() == MOSQ_ERR_SUCCESS;
  if (!ready) throw Error(ErrorCode::kNotFound, "libmosquitto does not start");
  // Detached: a connection attempt may hang, and nobody waits for it.
  std::thread([connection = connection_] { connection->Work(); }).detach();
}

MqttSink::~MqttSink() { connection_->Stop(); }

bool MqttSink::Ready() { return connection_->connected(); }

void MqttSink::Send(const Spooled& event) { connection_->Publish(event); }

std::optional<SendResult> MqttSink::Poll() { return connection_->Poll(); }

}  // namespace graphiqa
