// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include "gstgraphiqaalarm.h"
#include "gstgraphiqahealth.h"
#include "gstgraphiqareport.h"

namespace graphiqa {

/// How live mode keeps up, for a message of type QOS.
struct QosReport {
  uint64_t scored = 0;    ///< frames since the model was opened
  uint64_t unscored = 0;  ///< chosen, but replaced by a newer one
  double proportion = 1;  ///< chosen per scored frame of late, >= 1
  GstClockTime lag = 0;   ///< age of the newest result, ns
};

/// Posts what the element has to say on its bus. From any thread.
class Messenger {
 public:
  /// @param element  (transfer none) must outlive this
  explicit Messenger(GstElement* element) : element_(element) {}

  /// @param structure  of the message (transfer full)
  void Post(GstStructure* structure) const;

  /// `graphiqa-alarm`.
  /// @param scored  the frame whose score decided it; for the alarms of
  ///                pictures the newest result, null = none yet
  void Alarm(const Reporter& reporter, const AlarmEvent& event,
             const ScoredFrame* scored) const;

  /// `graphiqa-health`.
  /// @param times  of the frame that the news comes with
  void Health(const HealthNews& news, const FrameTimes& times) const;

  /// @param times  of the newest frame
  void Qos(const QosReport& report, const FrameTimes& times) const;

 private:
  GstElement* element_;
};

}  // namespace graphiqa
