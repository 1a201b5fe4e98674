// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gst_support.h"

namespace graphiqa::test {

/// A running pipeline; every element in it can be asked for by name.
class Pipeline {
 public:
  explicit Pipeline(const std::string& launch) {
    GError* error = nullptr;
    element_.reset(gst_parse_launch(launch.c_str(), &error));
    if (error != nullptr) {
      error_ = error->message;
      g_error_free(error);
    }
    if (element_) bus_.reset(gst_element_get_bus(element_.get()));
  }
  ~Pipeline() {
    if (element_) gst_element_set_state(element_.get(), GST_STATE_NULL);
  }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  GstStateChangeReturn To(GstState state) {
    return gst_element_set_state(element_.get(), state);
  }
  GstElement* get() const { return element_.get(); }
  GstBus* bus() const { return bus_.get(); }
  const std::string& error() const { return error_; }

  ElementPtr Find(const char* name) const {
    return ElementPtr(gst_bin_get_by_name(GST_BIN(element_.get()), name));
  }

  /// Plays to the end. @returns the names of the element messages
  std::vector<MessagePtr> Run() {
    std::vector<MessagePtr> messages;
    To(GST_STATE_PLAYING);
    for (;;) {
      MessagePtr message(gst_bus_timed_pop_filtered(
          bus_.get(), 20 * GST_SECOND,
          static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS |
                                      GST_MESSAGE_ELEMENT)));
      if (!message) {
        ADD_FAILURE() << "pipeline did not end";
        return messages;
      }
      const bool last = GST_MESSAGE_TYPE(message.get()) != GST_MESSAGE_ELEMENT;
      messages.push_back(std::move(message));
      if (last) return messages;
    }
  }

 private:
  std::string error_;
  ElementPtr element_;
  std::unique_ptr<GstBus, UnrefObject> bus_;
};

/// Calls `see` for each buffer on a pad while this lives.
class Probe {
 public:
  using See = std::function<void(GstBuffer*)>;
  Probe(const Pipeline& pipeline, const char* element, const char* pad, See see)
      : see_(std::move(see)) {
    const ElementPtr found = pipeline.Find(element);
    pad_.reset(gst_element_get_static_pad(found.get(), pad));
    id_ = gst_pad_add_probe(
        pad_.get(), GST_PAD_PROBE_TYPE_BUFFER,
        [](GstPad*, GstPadProbeInfo* info, gpointer self) {
          static_cast<Probe*>(self)->see_(GST_PAD_PROBE_INFO_BUFFER(info));
          return GST_PAD_PROBE_OK;
        },
        this, nullptr);
  }
  ~Probe() { gst_pad_remove_probe(pad_.get(), id_); }

 private:
  struct UnrefPad {
    void operator()(GstPad* pad) const { gst_object_unref(pad); }
  };
  See see_;
  std::unique_ptr<GstPad, UnrefPad> pad_;
  gulong id_ = 0;
};

}  // namespace graphiqa::test
