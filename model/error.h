// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

#if defined(__GNUC__)
#define GRAPHIQA_API __attribute__((visibility("default")))
#else
#define GRAPHIQA_API
#endif

namespace graphiqa {

/// What went wrong, so that a caller can map an Error to its own domain
/// (a GStreamer error code, an exit status) without reading the text.
enum class ErrorCode {
  kNotFound,   ///< a file or library does not exist
  kFile,       ///< a file exists but cannot be read or written
  kFormat,     ///< a file's content is damaged, foreign or hostile
  kShape,      ///< a tensor has another shape or type than wanted
  kNumeric,    ///< a value is not finite or out of its range
  kDevice,     ///< the asked device is absent, lost or out of memory
  kUsage,      ///< an option or argument is wrong
  kCancelled,  ///< the work was dropped because its owner closed
};

/// The one exception type of this project. The message names the thing that
/// is wrong and, where two values disagree, both of them.
class GRAPHIQA_API Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message)
      : std::runtime_error(message), code_(code) {}

  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace graphiqa
