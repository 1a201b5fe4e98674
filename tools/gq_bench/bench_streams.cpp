// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "bench_streams.h"

#include "common/signals.h"
#include "error.h"

namespace graphiqa {
namespace {

constexpr GstClockTime kPoll = 100 * GST_MSECOND;

std::string ChainText(const StreamsSetup& setup, const StreamText& text,
                      const std::string& index) {
  std::string chain;
  if (setup.file.empty()) {
    chain = text.test_source +
            " ! video/x-raw,format=NV12,width=" + std::to_string(setup.width) +
            ",height=" + std::to_string(setup.height) + text.test_caps;
  } else {
    chain =
        "uridecodebin expose-all-streams=false caps=video/x-raw(ANY) name=s" +
        index + " ! videoconvert";
  }
  if (!text.before.empty()) chain += " ! " + text.before;
  const std::string element =
      setup.scored ? "graphiqa " + text.element + " " + setup.properties
                   : "identity";
  return chain + " ! " + element + " name=e" + index +
         " ! fakesink sync=false ";
}

}  // namespace

BenchStreams::BenchStreams(const StreamsSetup& setup, const StreamText& text)
    : setup_(setup) {
  std::string chains;
  for (int i = 0; i < setup.streams; ++i) {
    chains += ChainText(setup, text, std::to_string(i));
  }
  GError* error = nullptr;
  GstElement* made = gst_parse_launch_full(chains.c_str(), nullptr,
                                           GST_PARSE_FLAG_FATAL_ERRORS, &error);
  if (made == nullptr) {
    const std::string why = error->message;
    g_error_free(error);
    throw Error(ErrorCode::kUsage, "GStreamer: " + why);
  }
  pipeline_.reset(made);
  bus_.reset(gst_element_get_bus(made));
  for (int i = 0; i < setup.streams; ++i) Prepare(std::to_string(i));
}

BenchStreams::~BenchStreams() {
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

ElementPtr BenchStreams::Find(const std::string& name) const {
  return ElementPtr(
      gst_bin_get_by_name(GST_BIN(pipeline_.get()), name.c_str()));
}

ElementPtr BenchStreams::Element(int stream) const {
  return Find("e" + std::to_string(stream));
}

GstStructure* BenchStreams::Statistics(int stream) const {
  GstStructure* stats = nullptr;
  g_object_get(Element(stream).get(), "stats", &stats, nullptr);
  return stats;
}

void BenchStreams::Prepare(const std::string& index) {
  if (!setup_.file.empty()) {
    gchar* uri = gst_filename_to_uri(setup_.file.c_str(), nullptr);
    g_object_set(Find("s" + index).get(), "uri", uri, nullptr);
    g_free(uri);
  }
  if (!setup_.scored) return;
  const ElementPtr element = Find("e" + index);
  g_object_set(element.get(), "model-file", setup_.model_file.c_str(), "device",
               setup_.device.c_str(), "interval",
               static_cast<guint>(setup_.interval), "crops",
               static_cast<guint>(setup_.crops), nullptr);
  gst_util_set_object_arg(G_OBJECT(element.get()), "precision",
                          setup_.precision.c_str());
}

void BenchStreams::Start() {
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
}

bool BenchStreams::Ended() const {
  if (StopFlag()) throw Error(ErrorCode::kCancelled, "interrupted");
  const auto kinds =
      static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  const std::unique_ptr<GstMessage, UnrefGst> message(
      gst_bus_timed_pop_filtered(bus_.get(), kPoll, kinds));
  if (!message) return false;
  if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) return true;
  GError* error = nullptr;
  gst_message_parse_error(message.get(), &error, nullptr);
  const std::string text = error->message;
  g_error_free(error);
  throw Error(ErrorCode::kFormat, text);
}

void WatchBuffers(GstElement* element, const char* pad,
                  GstPadProbeCallback callback, gpointer watcher) {
  GstPad* const found = gst_element_get_static_pad(element, pad);
  gst_pad_add_probe(found, GST_PAD_PROBE_TYPE_BUFFER, callback, watcher,
                    nullptr);
  gst_object_unref(found);
}

}  // namespace graphiqa
