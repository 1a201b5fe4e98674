// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Command lines by table: a program lists its options once, and parsing, the
/// help text and the error messages all follow from that list.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "error.h"

namespace graphiqa {

/// Exit codes that every program of this project shares.
enum ExitCode {
  kExitOk = 0,
  kExitFailed = 1,        ///< something failed, the rest was still done
  kExitUsage = 2,         ///< the command line is wrong, nothing was done
  kExitInterrupted = 130  ///< stopped by Ctrl-C, what was done is kept
};

/// One option. `--help` and `--version` are always there.
struct OptionSpec {
  std::string name;   ///< with its dashes: "--model"
  std::string value;  ///< placeholder, "FILE"; empty = a flag without value
  std::string help;   ///< one sentence; wrapped when printed
  std::string alias;  ///< another spelling, "-m"; may be empty
};

/// One program, or one command of a program.
struct ProgramSpec {
  std::string name;      ///< "gq-score" or "gq-model info"
  std::string synopsis;  ///< what follows the name: "[OPTION]… FILE…"
  std::string about;     ///< one paragraph
  std::vector<OptionSpec> options;
  std::string epilog;  ///< printed after the options, as it is
};

/// A parsed command line.
class Arguments {
 public:
  bool Has(const std::string& name) const;

  /// The option's value, or `fallback`. The last one given counts.
  std::string Get(const std::string& name,
                  const std::string& fallback = "") const;

  /// @throws Error(kUsage) when it is no whole number in [lowest, highest]
  int64_t GetInt(const std::string& name, int64_t fallback, int64_t lowest,
                 int64_t highest) const;

  /// @throws Error(kUsage) when it is no finite number in [lowest, highest]
  double GetDouble(const std::string& name, double fallback, double lowest,
                   double highest) const;

  /// The option's value, which must be one of `choices`.
  /// @throws Error(kUsage) listing the choices
  std::string GetChoice(const std::string& name, const std::string& fallback,
                        const std::vector<std::string>& choices) const;

  /// What is no option, in order. Everything after "--" counts as such.
  const std::vector<std::string>& positional() const { return positional_; }

 private:
  friend Arguments ParseArguments(const ProgramSpec& spec,
                                  const std::vector<std::string>& arguments);
  std::map<std::string, std::string> values_;
  std::vector<std::string> positional_;
};

/// Parses what follows the program's (or command's) name. Accepts
/// "--name value", "--name=value", flags, and "--" before names with dashes.
/// @throws Error(kUsage) on an unknown option (with the nearest known one), a
///   missing value or a value for a flag
Arguments ParseArguments(const ProgramSpec& spec,
                         const std::vector<std::string>& arguments);

/// The text of `--help`.
std::string HelpText(const ProgramSpec& spec);

/// A program's main(): answers `--help` and `--version`, parses, runs `body`
/// and turns exceptions into one line on stderr and an exit code (kUsage 2,
/// anything else 1).
/// @param arguments  without the program's name
int RunProgram(const ProgramSpec& spec,
               const std::vector<std::string>& arguments,
               const std::function<int(const Arguments&)>& body);

/// One line "name: message" on stderr, with line breaks and other control
/// characters in the message replaced.
void PrintError(const std::string& program, const std::string& message);

}  // namespace graphiqa
