// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqa.h"

static gboolean plugin_init(GstPlugin* plugin) {
  return GST_ELEMENT_REGISTER(graphiqa, plugin);
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, graphiqa,
                  "No-reference video quality scoring with GraphIQA",
                  plugin_init, PACKAGE_VERSION, "Apache 2.0", "graphiqa",
                  GST_PACKAGE_ORIGIN)
