// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Settings as JSON: for the API, and as text to see whether they changed.
/// Passwords appear as a hash, or not at all.
#pragma once

#include <string>

#include "format/json.h"
#include "settings.h"

namespace graphiqa {

/// What a pipeline is made from: different text, new pipeline.
std::string PipelineFingerprint(const ChannelSettings& channel,
                                const EngineSettings& engine);
/// Everything of a channel.
std::string ChannelFingerprint(const ChannelSettings& channel,
                               const EngineSettings& engine);
std::string EngineFingerprint(const EngineSettings& engine);
std::string HttpFingerprint(const HttpSettings& http);
std::string OutputFingerprint(const WebhookSettings& webhook);
std::string OutputFingerprint(const MqttSettings& mqtt);

/// A URI without user, password, query and fragment, which may be secrets.
std::string PublicUri(const std::string& uri);

Json DescribeAlarms(const AlarmSettings& alarms);

}  // namespace graphiqa
