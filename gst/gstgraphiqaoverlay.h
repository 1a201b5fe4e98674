// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_GRAPHIQA_OVERLAY (gst_graphiqa_overlay_get_type())
G_DECLARE_FINAL_TYPE(GstGraphiqaOverlay, gst_graphiqa_overlay, GST,
                     GRAPHIQA_OVERLAY, GstBin)

GST_ELEMENT_REGISTER_DECLARE(graphiqaoverlay)

G_END_DECLS
