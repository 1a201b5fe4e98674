// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqa.h"
#ifdef GRAPHIQA_OVERLAY
#include "gstgraphiqaoverlay.h"
#endif

static gboolean plugin_init(GstPlugin* plugin) {
  gboolean done = GST_ELEMENT_REGISTER(graphiqa, plugin);
#ifdef GRAPHIQA_OVERLAY
  done = GST_ELEMENT_REGISTER(graphiqaoverlay, plugin) && done;
#endif
  return done;
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, graphiqa,
                  "No-reference video quality scoring with GraphIQA",
                  plugin_init, PACKAGE_VERSION, "Apache 2.0", "graphiqa",
                  GST_PACKAGE_ORIGIN)
