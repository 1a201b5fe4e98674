// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "engine_holder.h"

#include <string>
#include <vector>

#include "error.h"

namespace graphiqa {
namespace {

/// The error that an element has posted.
std::string ErrorOn(GstBus* bus) {
  GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
  if (message == nullptr) return "it does not say why";
  GError* error = nullptr;
  gst_message_parse_error(message, &error, nullptr);
  const std::string text = error->message;
  g_error_free(error);
  gst_message_unref(message);
  return text;
}

}  // namespace

EngineHolder::EngineHolder(const EngineSettings& settings)
    : element_(gst_element_factory_make("graphiqa", nullptr)) {
  if (element_ == nullptr) {
    throw Error(ErrorCode::kNotFound, "there is no element graphiqa");
  }
  gst_object_ref_sink(element_);
  GstBus* bus = gst_bus_new();
  gst_element_set_bus(element_, bus);
  if (!settings.model.empty()) {
    g_object_set(element_, "model-file", settings.model.c_str(), nullptr);
  }
  g_object_set(element_, "device", settings.device.c_str(), nullptr);
  gst_util_set_object_arg(G_OBJECT(element_), "precision",
                          settings.precision.c_str());
  const bool failed = gst_element_set_state(element_, GST_STATE_READY) ==
                      GST_STATE_CHANGE_FAILURE;
  const std::string reason = failed ? ErrorOn(bus) : "";
  gst_element_set_bus(element_, nullptr);
  gst_object_unref(bus);
  if (!failed) return;
  gst_element_set_state(element_, GST_STATE_NULL);
  gst_object_unref(element_);
  throw Error(ErrorCode::kFile, "the engine does not start: " + reason);
}

Histogram EngineHolder::batches() const {
  GstStructure* stats = nullptr;
  g_object_get(element_, "stats", &stats, nullptr);
  if (stats == nullptr) return BatchHistogram({}, 0);
  guint64 views = 0;
  gst_structure_get_uint64(stats, "batch-views", &views);
  std::vector<uint64_t> sizes;
  const GValue* list = gst_structure_get_value(stats, "batch-sizes");
  const guint count = list != nullptr ? gst_value_array_get_size(list) : 0;
  for (guint i = 0; i < count; ++i) {
    sizes.push_back(g_value_get_uint64(gst_value_array_get_value(list, i)));
  }
  gst_structure_free(stats);
  return BatchHistogram(sizes, views);
}

EngineHolder::~EngineHolder() {
  gst_element_set_state(element_, GST_STATE_NULL);
  gst_object_unref(element_);
}

}  // namespace graphiqa
