// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace graphiqa {
namespace {

/// The rename itself must reach the disk too; some file systems cannot sync a
/// folder, so a failure is no error.
void SyncFolder(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path) : path_(path) {
  static std::atomic<unsigned> counter{0};
  temporary_ = path + ".tmp." + std::to_string(getpid()) + "." +
               std::to_string(counter++);
  fd_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd_ < 0) Fail("cannot create");
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void AtomicFile::Fail(const char* action) const {
  throw Error(ErrorCode::kFile,
              path_ + ": " + action + ": " + std::strerror(errno));
}

void AtomicFile::Write(const void* data, size_t bytes) {
  const char* at = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t written = write(fd_, at, bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) Fail("cannot write");
    at += written;
    bytes -= static_cast<size_t>(written);
  }
}

void AtomicFile::Commit() {
  if (fsync(fd_) != 0) Fail("cannot flush");
  const int fd = fd_;
  fd_ = -1;
  if (close(fd) != 0) Fail("cannot close");
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    Fail("cannot rename to");
  }
  temporary_.clear();
  SyncFolder(path_);
}

void WriteFileAtomically(const std::string& path, const std::string& text) {
  AtomicFile file(path);
  file.Write(text.data(), text.size());
  file.Commit();
}

}  // namespace graphiqa
