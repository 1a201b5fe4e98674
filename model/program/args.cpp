// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/args.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <sstream>

namespace graphiqa {
namespace {

constexpr size_t kHelpColumn = 26;
constexpr size_t kHelpWidth = 79;
/// Spellings further apart than this are no typing mistakes.
constexpr size_t kNearDistance = 3;

const OptionSpec kHelp{"--help", "", "Print this text and exit.", "-h"};
const OptionSpec kVersion{"--version", "", "Print the version and exit.", ""};

std::vector<OptionSpec> AllOptions(const ProgramSpec& spec) {
  std::vector<OptionSpec> all = spec.options;
  all.push_back(kHelp);
  all.push_back(kVersion);
  return all;
}

/// Levenshtein distance.
size_t EditDistance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

[[noreturn]] void ThrowUnknown(const ProgramSpec& spec,
                               const std::string& name) {
  std::string nearest;
  size_t best = kNearDistance + 1;
  for (const OptionSpec& option : AllOptions(spec)) {
    const size_t distance = EditDistance(name, option.name);
    if (distance < best) {
      best = distance;
      nearest = option.name;
    }
  }
  throw Error(ErrorCode::kUsage,
              "unknown option " + name +
                  (nearest.empty() ? "" : " (did you mean " + nearest + "?)"));
}

const OptionSpec& FindOption(const ProgramSpec& spec,
                             const std::vector<OptionSpec>& all,
                             const std::string& name) {
  for (const OptionSpec& option : all) {
    if (option.name == name || (!option.alias.empty() && option.alias == name))
      return option;
  }
  ThrowUnknown(spec, name);
}

std::vector<std::string> Wrap(const std::string& text, size_t width) {
  std::istringstream words(text);
  std::vector<std::string> lines;
  std::string word;
  std::string line;
  while (words >> word) {
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      lines.push_back(line);
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

std::string OptionHelp(const OptionSpec& option) {
  std::string head = "  " + option.name;
  if (!option.alias.empty()) head = "  " + option.alias + ", " + option.name;
  if (!option.value.empty()) head += " " + option.value;
  std::string text;
  if (head.size() + 2 > kHelpColumn) {
    text = head + "\n";
    head.clear();
  }
  head.resize(kHelpColumn, ' ');
  for (const std::string& line : Wrap(option.help, kHelpWidth - kHelpColumn)) {
    text += head + line + "\n";
    head.assign(kHelpColumn, ' ');
  }
  return text;
}

}  // namespace

bool Arguments::Has(const std::string& name) const {
  return values_.count(name) > 0;
}

std::string Arguments::Get(const std::string& name,
                           const std::string& fallback) const {
  const auto found = values_.find(name);
  return found == values_.end() ? fallback : found->second;
}

int64_t Arguments::GetInt(const std::string& name, int64_t fallback,
                          int64_t lowest, int64_t highest) const {
  if (!Has(name)) return fallback;
  const std::string text = Get(name);
  char* end = nullptr;
  errno = 0;
  const long long value = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0' || errno != 0 || value < lowest ||
      value > highest) {
    throw Error(ErrorCode::kUsage, name + " needs a whole number from " +
                                       std::to_string(lowest) + " to " +
                                       std::to_string(highest) + ", not \"" +
                                       text + "\"");
  }
  return value;
}

double Arguments::GetDouble(const std::string& name, double fallback,
                            double lowest, double highest) const {
  if (!Has(name)) return fallback;
  const std::string text = Get(name);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value) || value < lowest ||
      value > highest) {
    std::ostringstream message;
    message << name << " needs a number from " << lowest << " to " << highest
            << ", not \"" << text << "\"";
    throw Error(ErrorCode::kUsage, message.str());
  }
  return value;
}

std::string Arguments::GetChoice(
    const std::string& name, const std::string& fallback,
    const std::vector<std::string>& choices) const {
  const std::string value = Get(name, fallback);
  if (std::find(choices.begin(), choices.end(), value) != choices.end())
    return value;
  std::string list;
  for (const std::string& choice : choices)
    list += (list.empty() ? "" : ", ") + choice;
  throw Error(ErrorCode::kUsage,
              name + " must be one of " + list + ", not \"" + value + "\"");
}

Arguments ParseArguments(const ProgramSpec& spec,
                         const std::vector<std::string>& arguments) {
  const std::vector<OptionSpec> all = AllOptions(spec);
  Arguments parsed;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      parsed.positional_.insert(
          parsed.positional_.end(),
          arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1,
          arguments.end());
      break;
    }
    if (argument.size() < 2 || argument[0] != '-') {
      parsed.positional_.push_back(argument);
      continue;
    }
    const size_t equals = argument.compare(0, 2, "--") == 0 ? argument.find('=')
                                                            : std::string::npos;
    const OptionSpec& option =
        FindOption(spec, all, argument.substr(0, equals));
    if (option.value.empty()) {
      if (equals != std::string::npos)
        throw Error(ErrorCode::kUsage, option.name + " takes no value");
      parsed.values_[option.name] = "";
    } else if (equals != std::string::npos) {
      parsed.values_[option.name] = argument.substr(equals + 1);
    } else if (i + 1 < arguments.size()) {
      parsed.values_[option.name] = arguments[++i];
    } else {
      throw Error(ErrorCode::kUsage,
                  option.name + " needs a value: " + option.value);
    }
  }
  return parsed;
}

std::string HelpText(const ProgramSpec& spec) {
  std::string text = "Usage: " + spec.name + " " + spec.synopsis + "\n\n";
  for (const std::string& line : Wrap(spec.about, kHelpWidth))
    text += line + "\n";
  text += "\nOptions:\n";
  for (const OptionSpec& option : AllOptions(spec)) text += OptionHelp(option);
  if (!spec.epilog.empty()) text += "\n" + spec.epilog;
  return text;
}

void PrintError(const std::string& program, const std::string& message) {
  std::string line = message;
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  std::fprintf(stderr, "%s: %s\n", program.c_str(), line.c_str());
}

int RunProgram(const ProgramSpec& spec,
               const std::vector<std::string>& arguments,
               const std::function<int(const Arguments&)>& body) {
  try {
    const Arguments parsed = ParseArguments(spec, arguments);
    if (parsed.Has("--help")) {
      std::fputs(HelpText(spec).c_str(), stdout);
      return kExitOk;
    }
    if (parsed.Has("--version")) {
      std::printf("%s %s\n", spec.name.c_str(), GRAPHIQA_VERSION);
      return kExitOk;
    }
    return body(parsed);
  } catch (const Error& error) {
    const bool usage = error.code() == ErrorCode::kUsage;
    PrintError(spec.name,
               error.what() +
                   std::string(usage ? " (see " + spec.name + " --help)" : ""));
    return usage ? kExitUsage : kExitFailed;
  } catch (const std::exception& error) {
    PrintError(spec.name, error.what());
    return kExitFailed;
  }
}

}  // namespace graphiqa
