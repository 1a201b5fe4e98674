// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "read_config.h"

#include <glib.h>

#include <map>

#include "read_channel.h"
#include "section.h"

namespace graphiqa {
namespace {

constexpr size_t kMaxOutputs = 16;
constexpr double kDay = 86400;

std::string Lines(const std::vector<std::string>& problems) {
  std::string text;
  for (const std::string& problem : problems) {
    text += (text.empty() ? "" : "\n") + problem;
  }
  return text;
}

/// A file that must be there.
void ReadFileName(Section& section, const std::string& key,
                  std::string* field) {
  if (!section.Has(key)) return;
  section.Text(key, field);
  if (field->empty()) return;
  *field = section.Resolve(*field);
  if (g_file_test(field->c_str(), G_FILE_TEST_IS_REGULAR) == FALSE) {
    section.Complain(key, "there is no file " + *field);
  }
}

void ReadEngine(Section& section, EngineSettings* engine) {
  ReadFileName(section, "model", &engine->model);
  section.Text("device", &engine->device, 32);
  section.Choice("precision", {"auto", "fp32", "bf16", "fp16"},
                 &engine->precision);
}

void ReadHttp(Section& section, HttpSettings* http) {
  section.Text("listen", &http->listen, 64);
  if (g_hostname_is_ip_address(http->listen.c_str()) == FALSE) {
    section.Complain("listen", "must be an IP address");
  }
  section.Integer("port", 0, 65535, &http->port);
  section.Child("tls", [&](Section& s) {
    s.Require("certificate");
    s.Require("key");
    ReadFileName(s, "certificate", &http->certificate);
    ReadFileName(s, "key", &http->key);
  });
  section.Secret("token", &http->token);
  section.Texts("hosts", 32, &http->hosts);
  section.Integer("connections", 4, 10000, &http->connections);
  section.Integer("streams", 1, 1000, &http->streams);
}

void ReadName(Section& section, std::string* name,
              std::map<std::string, int>* names) {
  section.Require("name");
  section.Text("name", name, 64);
  if (!name->empty() && ++(*names)[*name] > 1) {
    section.Complain("name", "is there twice: " + *name);
  }
}

void ReadWebhook(Section& section, WebhookSettings* webhook) {
  section.Require("url");
  section.TextOrSecret("url", &webhook->url);
  GUri* uri = g_uri_parse(webhook->url.c_str(), G_URI_FLAGS_NONE, nullptr);
  const std::string scheme = uri != nullptr ? g_uri_get_scheme(uri) : "";
  if (!webhook->url.empty() && scheme != "http" && scheme != "https") {
    section.Complain("url", "must be an http or https URL");
  }
  if (uri != nullptr) g_uri_unref(uri);
  section.Secret("secret", &webhook->secret);
  section.Duration("timeout", 1, 300, &webhook->timeout);
}

void ReadMqtt(Section& section, MqttSettings* mqtt) {
  section.Require("host");
  section.Text("host", &mqtt->host, 255);
  section.Integer("port", 1, 65535, &mqtt->port);
  section.Text("topic", &mqtt->topic, 200);
  if (mqtt->topic.find_first_of("+#") != std::string::npos) {
    section.Complain("topic", "must not hold + or #");
  }
  section.Text("client-id", &mqtt->client_id, 64);
  section.Text("username", &mqtt->username, 255);
  section.Secret("password", &mqtt->password);
  if (!mqtt->password.empty() && mqtt->username.empty()) {
    section.Complain("password", "needs a username too");
  }
  ReadFileName(section, "ca-file", &mqtt->ca_file);
}

void ReadOutputs(Section& section, OutputSettings* outputs) {
  std::map<std::string, int> names;
  section.Each("webhooks", kMaxOutputs, [&](Section& s, size_t) {
    WebhookSettings webhook;
    ReadName(s, &webhook.name, &names);
    ReadWebhook(s, &webhook);
    outputs->webhooks.push_back(webhook);
  });
  section.Each("mqtt", kMaxOutputs, [&](Section& s, size_t) {
    MqttSettings mqtt;
    ReadName(s, &mqtt.name, &names);
    ReadMqtt(s, &mqtt);
    outputs->mqtts.push_back(mqtt);
  });
  section.Integer("spool-limit", 10, 1'000'000, &outputs->spool_limit);
}

void ReadStorage(Section& section, StorageSettings* storage) {
  section.Text("folder", &storage->folder);
  section.Duration("curves", 3600, 400 * kDay, &storage->curves);
  section.Duration("alarms", 3600, 4000 * kDay, &storage->alarms);
  section.Integer("moments", 0, 100, &storage->moments);
}

void ReadChannels(Section& root, Configuration* configuration) {
  ChannelSettings defaults;
  defaults.alarms.signal_lost.severity = "critical";
  root.Child("defaults", [&](Section& s) { ReadChannelOptions(s, &defaults); });
  std::map<std::string, int> ids;
  root.Require("channels");
  root.Each("channels", kMaxChannels, [&](Section& s, size_t) {
    ChannelSettings channel = defaults;
    ReadChannel(s, &channel);
    if (!channel.id.empty() && ++ids[channel.id] > 1) {
      s.Complain("id", "is there twice: " + channel.id);
    }
    configuration->channels.push_back(channel);
  });
}

Configuration Read(const YamlNode& tree, const std::string& name) {
  Problems problems(name);
  Configuration configuration;
  {
    Section root(tree, "", &problems);
    root.Child("engine",
               [&](Section& s) { ReadEngine(s, &configuration.engine); });
    root.Child("http", [&](Section& s) { ReadHttp(s, &configuration.http); });
    root.Child("outputs",
               [&](Section& s) { ReadOutputs(s, &configuration.outputs); });
    root.Child("storage",
               [&](Section& s) { ReadStorage(s, &configuration.storage); });
    configuration.storage.folder = root.Resolve(configuration.storage.folder);
    ReadChannels(root, &configuration);
  }
  if (!problems.lines().empty()) throw ConfigError(problems.lines());
  return configuration;
}

}  // namespace

ConfigError::ConfigError(std::vector<std::string> problems)
    : Error(ErrorCode::kFormat, Lines(problems)),
      problems_(std::move(problems)) {}

Configuration ReadConfiguration(const std::string& path) {
  return Read(ReadYaml(path), path);
}

Configuration ReadConfigurationText(const std::string& text,
                                    const std::string& name) {
  return Read(ParseYaml(text, name), name);
}

}  // namespace graphiqa
