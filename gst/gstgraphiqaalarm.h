// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <array>
#include <optional>
#include <vector>

#include "picture_state.h"

namespace graphiqa {

/// When alarms are raised and cleared.
struct AlarmRule {
  double below = 0;  ///< scores under this are bad, 0-100; 0 = no alarms
  GstClockTime raise_time = 5 * GST_SECOND;   ///< of bad before one is raised
  GstClockTime clear_time = 10 * GST_SECOND;  ///< of good before it is cleared
};

/// An alarm that is raised once a condition has held for a time without a break
/// and cleared once it has been gone for a time without a break, so that a
/// value that wavers raises and clears nothing.
class AlarmLatch {
 public:
  /// @param time  running time, never GST_CLOCK_TIME_NONE
  /// @param bad   whether the condition holds; nothing where that is unknown,
  ///              and then the time up to the next call counts for neither side
  /// @returns whether the alarm was raised or cleared
  bool Update(GstClockTime time, std::optional<bool> bad,
              const AlarmRule& rule);

  /// The next time does not follow the last one.
  void Interrupt();

  bool raised() const { return raised_; }

  /// Running time from which on the condition has held without a break (when
  /// raised) or been gone (when cleared), as of the last change.
  GstClockTime since() const { return since_; }

 private:
  bool raised_ = false;
  GstClockTime since_ = 0;
  std::optional<bool> streak_;  ///< which side holds at present
  GstClockTime streak_since_ = 0;
  GstClockTime held_ = 0;  ///< known length of the streak
  GstClockTime last_time_ = GST_CLOCK_TIME_NONE;  ///< NONE = a gap since
};

/// A change of one alarm.
struct AlarmEvent {
  bool raised = false;            ///< else cleared
  const char* reason = "";        ///< "low-quality", "black", "flat", "frozen"
  GstClockTime since = 0;         ///< as AlarmLatch::since()
  GstClockTime running_time = 0;  ///< of the frame that decided it
};

/// The alarms of one stream: one for low scores and one for each kind of
/// picture that is none. The score of such a picture says nothing about its
/// quality and counts neither as bad nor as good.
class AlarmBank {
 public:
  /// Every frame, scored or not.
  /// @param time  running time; where unknown, the frame is passed over
  std::vector<AlarmEvent> OnFrame(const AlarmRule& rule, GstClockTime time,
                                  PictureState picture);

  /// Every result.
  /// @param time     running time of the scored frame, as above
  /// @param picture  that the scored frame shows
  std::optional<AlarmEvent> OnScore(const AlarmRule& rule, GstClockTime time,
                                    double score, PictureState picture);

  /// Time jumps: what has held up to now counts no longer. Alarms stay.
  void Interrupt();

  /// No alarm is raised.
  void Reset();

 private:
  struct Alarm {
    const char* reason;
    PictureState picture;  ///< that raises it; kNormal for the score's
    AlarmLatch latch;
  };

  std::vector<AlarmEvent> SwitchOff(GstClockTime time);

  std::array<Alarm, 4> alarms_{{
      {"low-quality", PictureState::kNormal, {}},
      {"black", PictureState::kBlack, {}},
      {"flat", PictureState::kFlat, {}},
      {"frozen", PictureState::kFrozen, {}},
  }};
};

}  // namespace graphiqa
