// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What the element's parts share: gstgraphiqa.cpp has its states,
/// gstgraphiqaproperties.cpp its properties, gstgraphiqapads.cpp the way of
/// data through it.
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <exception>

#include "gstgraphiqa.h"
#include "gstgraphiqaflow.h"
#include "gstgraphiqasettings.h"
#include "scorer.h"

GST_DEBUG_CATEGORY_EXTERN(gst_graphiqa_debug);

struct GstGraphiqaPrivate {
  explicit GstGraphiqaPrivate(GstElement* element) : flow(element) {}

  GstPad* sinkpad = nullptr;
  GstPad* srcpad = nullptr;
  graphiqa::FrameFlow flow;
  graphiqa::EngineSettings opened;  ///< of `flow`; used by state changes only
  std::atomic<bool> live{false};    ///< `mode` when the element went to PAUSED

  // Guarded by the object lock.
  graphiqa::EngineSettings engine;
  graphiqa::Mode mode = graphiqa::Mode::kSync;
  graphiqa::FlowSettings frames;
  GstClockTime frame_time = GST_SECOND / 25;  ///< 1 / frame rate
};

struct _GstGraphiqa {
  GstElement parent;
  GstGraphiqaPrivate* priv;
};

/// Installs the element's properties and their accessors.
void gst_graphiqa_class_init_properties(GObjectClass* klass);

/// Gives the element its two pads. Called once, by the instance's init.
/// @param sink, src  templates of the class (transfer none)
void gst_graphiqa_add_pads(GstGraphiqa* self, GstStaticPadTemplate* sink,
                           GstStaticPadTemplate* src);

namespace graphiqa {

class ObjectLock {
 public:
  explicit ObjectLock(GstGraphiqa* self) : self_(self) {
    GST_OBJECT_LOCK(self_);
  }
  ~ObjectLock() { GST_OBJECT_UNLOCK(self_); }
  ObjectLock(const ObjectLock&) = delete;
  ObjectLock& operator=(const ObjectLock&) = delete;

 private:
  GstGraphiqa* self_;
};

/// Posts why the engine could not be opened, as the error's code says.
void ReportOpenError(GstGraphiqa* self, const Error& error);

/// Posts why a frame could not be scored.
void ReportFrameError(GstGraphiqa* self, const Error& error);

/// The border between C++ and GObject: runs `body`; where it throws, hands the
/// error to `report` and returns `on_error`.
template <typename Result, typename Body>
Result Guard(GstGraphiqa* self, void (*report)(GstGraphiqa*, const Error&),
             Result on_error, const Body& body) noexcept {
  try {
    return body();
  } catch (const Error& error) {
    report(self, error);
  } catch (const std::exception& error) {
    report(self, Error(ErrorCode::kFormat, error.what()));
  } catch (...) {
    report(self, Error(ErrorCode::kFormat, "unknown error"));
  }
  return on_error;
}

}  // namespace graphiqa
