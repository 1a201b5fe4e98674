// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/video/video.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "gstgraphiqaengine.h"
#include "gstgraphiqaframe.h"
#include "gstgraphiqahealth.h"
#include "gstgraphiqalane.h"
#include "gstgraphiqareport.h"
#include "gstgraphiqasettings.h"
#include "scorer.h"

namespace graphiqa {

/// A frame that may be scored in the background.
struct LiveFrame {
  BufferPtr buffer;  ///< held until its views are cut
  GstVideoInfo info;
  FrameTimes times;
  PictureState picture = PictureState::kNormal;
  uint64_t number = 0;  ///< its views depend on
  GstClockTime arrival = 0;
  FlowSettings settings;
};

/// What is known at a moment.
struct LiveKnowledge {
  std::shared_ptr<const ScoredFrame> newest;  ///< null = no result yet
  bool failed = false;  ///< the newest try to score failed
};

/// Scores the newest frame of one stream in the background. A thread of its own
/// cuts the views and hears the engine's answers; the streaming thread never
/// waits for either. One frame is scored at a time, so that the elements that
/// share an engine get equal shares of it however fast their streams are; one
/// more waits, and a newer one replaces it.
///
/// A lost device is opened anew after a pause that grows with each failure.
class LiveScoring {
 public:
  /// Hears what became of frames, in the background thread.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void OnScored(const ScoredFrame& scored,
                          const LiveFrame& frame) = 0;
    /// A frame was not scored.
    virtual void OnFailed() = 0;
    /// @param times  of the frame that the news comes with
    virtual void OnHealth(const HealthNews& news, const FrameTimes& times) = 0;
  };

  /// @param engine, listener  must outlive this
  LiveScoring(EngineHandle* engine, Listener* listener)
      : engine_(engine), listener_(listener) {}
  ~LiveScoring() { Stop(); }
  LiveScoring(const LiveScoring&) = delete;
  LiveScoring& operator=(const LiveScoring&) = delete;

  /// The engine was opened; nothing is being scored by it. While stopped only.
  void Renew();

  void Start();

  /// What is being scored is forgotten, not waited for.
  void Stop();

  // The rest is for the streaming thread, while started.

  LiveKnowledge Known() const;

  /// Puts a frame in line.
  /// @returns whether it replaced one that will not be scored now
  bool Offer(LiveFrame frame);

  /// Notes a frame that cannot even be read.
  void Refuse(const Error& error, const FrameTimes& times);

  /// Earlier frames and results mean nothing any more.
  void Forget();

  /// Lets go of the stream's buffers. Waits where one is being read, which
  /// takes some milliseconds and does not depend on the engine.
  void ReleaseBuffers();

 private:
  /// What the engine said about a frame.
  struct Answer {
    LiveFrame frame;  ///< without its buffer
    std::optional<QualityResult> quality;
    std::optional<Error> error;
    GstClockTime latency = 0;
    int width = 0;  ///< of the picture that the views lie in, pixels
    int height = 0;
    uint64_t generation = 0;
  };

  /// Shared with the engine's callbacks, which may come when this is gone.
  struct Desk {
    std::mutex mutex;
    std::condition_variable changed;
    bool scoring = false;  ///< a frame is with the engine
    std::optional<Answer> answer;
  };
  using Lock = std::unique_lock<std::mutex>;

  void Work();
  bool AwaitWork(Lock* lock);
  bool FrameIsDue() const;
  void Reopen();
  void ScoreWaiting(Lock* lock);
  std::vector<ViewPixels> Cut(Answer* answer, const Scorer& scorer);
  void Submit(Scorer* scorer, std::vector<ViewPixels> views, Answer answer);
  void Take(Answer answer);
  void TakeResult(Answer answer);
  void TakeFailure(const Error& error, const FrameTimes& times);
  void Tell(const std::optional<HealthNews>& news, const FrameTimes& times);

  EngineHandle* const engine_;
  Listener* const listener_;

  // Of the background thread.
  ViewCutter cutter_;
  std::optional<GstVideoInfo> cutter_info_;

  // Guarded by the desk's mutex; the desk changes only while stopped.
  std::shared_ptr<Desk> desk_ = std::make_shared<Desk>();
  std::optional<LiveFrame> waiting_;
  std::shared_ptr<const ScoredFrame> newest_;
  HealthWatch health_;
  bool failed_ = false;       ///< the newest try
  bool engine_open_ = false;  ///< else it is to be opened anew
  bool cutting_ = false;      ///< a buffer is being read
  bool cancel_ = false;       ///< what is with the engine is not wanted
  bool stopping_ = false;
  uint64_t generation_ = 0;  ///< Forget() makes another

  std::thread thread_;
};

}  // namespace graphiqa
