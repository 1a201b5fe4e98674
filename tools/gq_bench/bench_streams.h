// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace graphiqa {

struct UnrefGst {
  void operator()(void* object) const { gst_object_unref(object); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
};
using ElementPtr = std::unique_ptr<GstElement, UnrefGst>;

/// What every measurement of streams can be asked for.
struct StreamsSetup {
  std::string file;  ///< video to play; empty = a test picture
  int width = 1920;  ///< of the test picture, NV12
  int height = 1080;
  int streams = 1;     ///< side by side in one process
  bool scored = true;  ///< with graphiqa, else with identity in its place

  // Of graphiqa.
  std::string model_file;
  std::string device;
  std::string precision;
  int interval = 1;
  int crops = 0;
  std::string properties;  ///< more, as gst-launch takes them
};

/// One stream in gst-launch's words.
struct StreamText {
  std::string test_source;  ///< videotestsrc and its properties
  std::string test_caps;    ///< more of its caps than format and size
  std::string before;       ///< elements between source and graphiqa, or empty
  std::string element;      ///< more properties of graphiqa
};

/// Streams of a test picture or a file through graphiqa, or identity, to a
/// fakesink that does not wait.
class BenchStreams {
 public:
  /// @throws Error when the pipeline cannot be made
  BenchStreams(const StreamsSetup& setup, const StreamText& text);
  ~BenchStreams();
  BenchStreams(const BenchStreams&) = delete;
  BenchStreams& operator=(const BenchStreams&) = delete;

  /// graphiqa, or identity, of a stream.
  ElementPtr Element(int stream) const;

  /// Its property `stats`. (transfer full)
  GstStructure* Statistics(int stream) const;

  GstElement* pipeline() const { return pipeline_.get(); }

  void Start();

  /// Waits a moment.
  /// @returns whether all streams have ended
  /// @throws Error when one failed, Error(kCancelled) once the program is told
  ///   to stop
  bool Ended() const;

 private:
  ElementPtr Find(const std::string& name) const;
  void Prepare(const std::string& index);

  const StreamsSetup setup_;
  ElementPtr pipeline_;
  std::unique_ptr<GstBus, UnrefGst> bus_;
};

/// Calls it with each buffer at a pad. `watcher` is its data.
void WatchBuffers(GstElement* element, const char* pad,
                  GstPadProbeCallback callback, gpointer watcher);

}  // namespace graphiqa
