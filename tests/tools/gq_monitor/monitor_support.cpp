// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "monitor_support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "common/element.h"

namespace graphiqa {
namespace {

GstElement* Parse(const std::string& launch) {
  GError* error = nullptr;
  GstElement* pipeline = gst_parse_launch(launch.c_str(), &error);
  EXPECT_EQ(error, nullptr) << error->message;
  return pipeline;
}

int FreePortOf(int type) {
  const int handle = socket(AF_INET, type, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  EXPECT_EQ(bind(handle, reinterpret_cast<sockaddr*>(&address), size), 0);
  getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size);
  close(handle);
  return ntohs(address.sin_port);
}

}  // namespace

bool WaitFor(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (std::chrono::steady_clock::now() < end) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

int FreePort() { return FreePortOf(SOCK_STREAM); }

EngineSettings FakeEngine(const std::string& model) {
  EngineSettings engine;
  engine.model = model;
  return engine;
}

void MonitorTest::SetUp() {
  gst_init(nullptr, nullptr);
  LoadElement();
  std::string pattern = testing::TempDir() + "gq-monitor-XXXXXX";
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
}

void MonitorTest::TearDown() { std::filesystem::remove_all(folder_); }

std::string MonitorTest::MakeClip(uint32_t colour, int frames) {
  return Make("clip-" + std::to_string(colour),
              "videotestsrc pattern=solid-color foreground-color=" +
                  std::to_string(colour),
              frames);
}

std::string MonitorTest::MakeSnow(int frames) {
  return Make("snow", "videotestsrc pattern=snow", frames);
}

std::string MonitorTest::Make(const std::string& name,
                              const std::string& source, int frames) {
  const std::string file =
      folder_ / (name + "-" + std::to_string(frames) + ".avi");
  GstElement* pipeline =
      Parse(source + " num-buffers=" + std::to_string(frames) +
            " ! video/x-raw,width=160,height=120,framerate=25/1 ! jpegenc ! "
            "avimux ! filesink location=" +
            file);
  GstBus* bus = gst_element_get_bus(pipeline);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstMessage* end = gst_bus_timed_pop_filtered(
      bus, 60 * GST_SECOND,
      static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  EXPECT_TRUE(end != nullptr && GST_MESSAGE_TYPE(end) == GST_MESSAGE_EOS);
  if (end != nullptr) gst_message_unref(end);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  gst_object_unref(pipeline);
  return "file://" + file;
}

UdpSender::UdpSender() : port_(FreePortOf(SOCK_DGRAM)) {
  pipeline_ = Parse(
      "videotestsrc is-live=true ! video/x-raw,width=160,height=120,"
      "framerate=25/1 ! videoconvert ! x264enc tune=zerolatency key-int-max=5 "
      "speed-preset=ultrafast threads=1 ! h264parse ! mpegtsmux alignment=7 ! "
      "udpsink sync=true "
      "host=127.0.0.1 port=" +
      std::to_string(port_));
  Resume();
}

UdpSender::~UdpSender() {
  gst_element_set_state(pipeline_, GST_STATE_NULL);
  gst_object_unref(pipeline_);
}

std::string UdpSender::uri() const {
  return "udp://127.0.0.1:" + std::to_string(port_);
}

void UdpSender::Pause() const {
  gst_element_set_state(pipeline_, GST_STATE_PAUSED);
}

void UdpSender::Resume() const {
  gst_element_set_state(pipeline_, GST_STATE_PLAYING);
}

}  // namespace graphiqa
