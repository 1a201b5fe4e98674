// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "child.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "common/signals.h"

namespace graphiqa {
namespace {

/// What the child sends: {"ok": result} or {"error": text, "code": number}.
std::string Answer(const std::function<Json()>& body) {
  ErrorCode code = ErrorCode::kFile;
  std::string text;
  try {
    return Json(Json::Object{{"ok", body()}}).Dump();
  } catch (const Error& error) {
    code = error.code();
    text = error.what();
  } catch (const std::exception& error) {
    text = error.what();
  }
  if (!IsUtf8(text)) text = "an error whose text is no UTF-8";
  return Json(Json::Object{{"error", text}, {"code", static_cast<int>(code)}})
      .Dump();
}

void WriteAll(int file, const std::string& text) {
  for (size_t done = 0; done < text.size();) {
    const ssize_t wrote = write(file, text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return;
    done += static_cast<size_t>(wrote);
  }
}

std::string ReadAll(int file) {
  std::string text;
  std::array<char, 4096> part;
  while (true) {
    const ssize_t got = read(file, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(part.data(), static_cast<size_t>(got));
  }
}

int WaitFor(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

Json RunInChild(const std::function<Json()>& body) {
  if (StopFlag()) throw Error(ErrorCode::kCancelled, "interrupted");
  std::array<int, 2> ends;
  if (pipe(ends.data()) != 0) {
    throw Error(ErrorCode::kFile, std::string("pipe: ") + strerror(errno));
  }
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    WriteAll(ends[1], Answer(body));
    // Without the destructors of libraries: this is a copy of the parent.
    _exit(0);
  }
  close(ends[1]);
  const std::string answer = child > 0 ? ReadAll(ends[0]) : "";
  close(ends[0]);
  if (child < 0) {
    throw Error(ErrorCode::kFile, std::string("fork: ") + strerror(errno));
  }
  const int status = WaitFor(child);
  if (StopFlag()) throw Error(ErrorCode::kCancelled, "interrupted");
  if (WIFSIGNALED(status)) {
    throw Error(ErrorCode::kFile, std::string("the measuring process died: ") +
                                      strsignal(WTERMSIG(status)));
  }
  const Json json = Json::Parse(answer, "answer of the measuring process");
  if (const Json* result = json.Find("ok")) return *result;
  throw Error(static_cast<ErrorCode>(json.GetInt("code")),
              json.GetString("error"));
}

}  // namespace graphiqa
