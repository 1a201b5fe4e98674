// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqamessenger.h"

namespace graphiqa {
namespace {

/// The most that the QOS message's quality can be.
constexpr double kFullQuality = 1000000;

}  // namespace

void Messenger::Post(GstStructure* structure) const {
  gst_element_post_message(
      element_, gst_message_new_element(GST_OBJECT(element_), structure));
}

void Messenger::Alarm(const Reporter& reporter, const AlarmEvent& event,
                      const ScoredFrame* scored) const {
  GstStructure* fields = gst_structure_new(
      "graphiqa-alarm", "state", G_TYPE_STRING,
      event.raised ? "raised" : "cleared", "reason", G_TYPE_STRING,
      event.reason, "since", GST_TYPE_CLOCK_TIME, event.since, "running-time",
      GST_TYPE_CLOCK_TIME, event.running_time, nullptr);
  if (scored != nullptr) reporter.FillResult(fields, scored->quality);
  Post(fields);
}

void Messenger::Health(const HealthNews& news, const FrameTimes& times) const {
  GstStructure* fields =
      gst_structure_new("graphiqa-health", "state", G_TYPE_STRING, news.state,
                        "failures", G_TYPE_UINT64, news.failed, nullptr);
  if (!news.reason.empty()) {
    gst_structure_set(fields, "reason", G_TYPE_STRING, news.reason.c_str(),
                      nullptr);
  }
  SetTime(fields, "retry-in", news.retry_in);
  SetTime(fields, "timestamp", times.pts);
  SetTime(fields, "running-time", times.running_time);
  Post(fields);
}

void Messenger::Qos(const QosReport& report, const FrameTimes& times) const {
  GstMessage* message =
      gst_message_new_qos(GST_OBJECT(element_), TRUE, times.running_time,
                          times.stream_time, times.pts, times.duration);
  const auto total = static_cast<double>(report.scored + report.unscored);
  const double share =
      total > 0 ? static_cast<double>(report.scored) / total : 1;
  gst_message_set_qos_values(message, static_cast<gint64>(report.lag),
                             report.proportion,
                             static_cast<gint>(share * kFullQuality));
  gst_message_set_qos_stats(message, GST_FORMAT_BUFFERS, report.scored,
                            report.unscored);
  gst_element_post_message(element_, message);
}

}  // namespace graphiqa
