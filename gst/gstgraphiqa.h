// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_GRAPHIQA (gst_graphiqa_get_type())
G_DECLARE_FINAL_TYPE(GstGraphiqa, gst_graphiqa, GST, GRAPHIQA, GstElement)

GST_ELEMENT_REGISTER_DECLARE(graphiqa)

G_END_DECLS
