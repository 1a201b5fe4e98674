// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "machine.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

constexpr const char* kIsa[] = {
    "avx2",        "f16c",        "avx512f",  "avx512_vnni", "avx_vnni",
    "avx512_bf16", "avx512_fp16", "amx_bf16", "amx_int8",    "asimd",
    "asimdhp",     "bf16",        "i8mm",     "sve"};

std::string Trimmed(const std::string& text) {
  const char* blank = " \t\n\"";
  const size_t first = text.find_first_not_of(blank);
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

Json TextOrNull(const std::string& text) {
  if (text.empty() || !IsUtf8(text)) return nullptr;
  return text;
}

/// What follows the key and `separator` on the first line that starts so.
std::string ValueIn(const fs::path& file, const std::string& key,
                    char separator) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    const size_t at = line.find(separator);
    if (at != std::string::npos && Trimmed(line.substr(0, at)) == key) {
      return Trimmed(line.substr(at + 1));
    }
  }
  return "";
}

/// The first line of a file.
std::string FirstLine(const fs::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return Trimmed(line);
}

Json InstructionSets() {
  std::string flags = ValueIn("/proc/cpuinfo", "flags", ':');
  if (flags.empty()) flags = ValueIn("/proc/cpuinfo", "Features", ':');
  Json::Array found;
  std::istringstream words(flags);
  for (std::string word; words >> word;) {
    if (std::find(std::begin(kIsa), std::end(kIsa), word) != std::end(kIsa)) {
      found.emplace_back(word);
    }
  }
  return found;
}

Json LoadAverage() {
  std::array<double, 3> load;
  if (getloadavg(load.data(), 3) != 3) return nullptr;
  return Json::Array(load.begin(), load.end());
}

Json UsableCores() {
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return nullptr;
  return CPU_COUNT(&cores);
}

/// A number of KiB, as /proc writes it, in MiB.
Json MibIn(const fs::path& file, const std::string& key) {
  const std::string text = ValueIn(file, key, ':');
  if (text.empty()) return nullptr;
  return std::strtod(text.c_str(), nullptr) / 1024;
}

/// As the NVIDIA driver names them.
Json Gpus() {
  Json::Array names;
  std::error_code none;
  for (const auto& entry :
       fs::directory_iterator("/proc/driver/nvidia/gpus", none)) {
    names.push_back(
        TextOrNull(ValueIn(entry.path() / "information", "Model", ':')));
  }
  return names;
}

Json Kernel() {
  utsname name;
  if (uname(&name) != 0) return nullptr;
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

}  // namespace

Json DescribeMachine() {
  return Json::Object{
      {"cpu", TextOrNull(ValueIn("/proc/cpuinfo", "model name", ':'))},
      {"isa", InstructionSets()},
      {"cores", UsableCores()},
      {"cores_online", static_cast<int64_t>(sysconf(_SC_NPROCESSORS_ONLN))},
      {"governor",
       TextOrNull(
           FirstLine("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"))},
      {"memory_mib", MibIn("/proc/meminfo", "MemTotal")},
      {"load_average", LoadAverage()},
      {"gpus", Gpus()},
      {"kernel", Kernel()},
      {"system", TextOrNull(ValueIn("/etc/os-release", "PRETTY_NAME", '='))}};
}

Json PeakMemoryMib() { return MibIn("/proc/self/status", "VmHWM"); }

double ProcessorSeconds() {
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace graphiqa
