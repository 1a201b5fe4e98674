// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "error.h"

namespace graphiqa {
namespace {

/// Closes a file descriptor when it goes out of scope.
struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

[[noreturn]] void FailWithErrno(const std::string& path) {
  const int code = errno;
  throw Error(code == ENOENT ? ErrorCode::kNotFound : ErrorCode::kFile,
              path + ": " + std::strerror(code));
}

}  // namespace

MappedFile::MappedFile(const std::string& path) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.fd < 0) FailWithErrno(path);
  struct stat status;
  if (fstat(file.fd, &status) != 0) FailWithErrno(path);
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::kFile, path + ": not a regular file");
  }
  size_ = static_cast<size_t>(status.st_size);
  if (size_ == 0) return;  // an empty mapping is not possible
  void* const memory = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.fd, 0);
  if (memory == MAP_FAILED) FailWithErrno(path);
  data_ = static_cast<const uint8_t*>(memory);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(const_cast<uint8_t*>(data_), size_);
}

}  // namespace graphiqa
