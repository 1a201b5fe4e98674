// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "zip_reader.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "crc32.h"
#include "error.h"
#include "json.h"

namespace graphiqa {
namespace {

constexpr uint32_t kLocalMagic = 0x04034b50;
constexpr uint32_t kCentralMagic = 0x02014b50;
constexpr uint32_t kEndMagic = 0x06054b50;
constexpr uint32_t kEnd64Magic = 0x06064b50;
constexpr uint32_t kLocator64Magic = 0x07064b50;
constexpr size_t kLocalBytes = 30;
constexpr size_t kCentralBytes = 46;
constexpr size_t kEndBytes = 22;
constexpr size_t kEnd64Bytes = 56;
constexpr size_t kLocator64Bytes = 20;
constexpr size_t kMaxComment = 65535;

/// One record of the central directory.
struct Record {
  std::string name;
  uint16_t flags = 0;
  uint16_t method = 0;
  uint32_t crc = 0;
  uint64_t stored = 0;  // bytes in the archive
  uint64_t size = 0;    // bytes once unpacked
  uint64_t local = 0;   // offset of the local header
};

/// Where the central directory lies.
struct Directory {
  uint64_t entries = 0;
  uint64_t bytes = 0;
  uint64_t offset = 0;
};

/// A reader over the whole archive; nothing leaves its bounds.
class Archive {
 public:
  Archive(const uint8_t* data, size_t bytes, const std::string& what)
      : data_(data), bytes_(bytes), what_(what) {}

  std::map<std::string, ZipEntry> Read();

 private:
  [[noreturn]] void Fail(const std::string& why) const {
    throw Error(ErrorCode::kFormat, what_ + ": bad zip archive: " + why);
  }

  /// Little-endian number of `size` bytes.
  uint64_t Number(uint64_t at, size_t size) const {
    if (at > bytes_ || size > bytes_ - at) Fail("it ends too early");
    uint64_t value = 0;
    for (size_t i = size; i-- > 0;) value = (value << 8) | data_[at + i];
    return value;
  }
  uint16_t Number16(uint64_t at) const {
    return static_cast<uint16_t>(Number(at, 2));
  }
  uint32_t Number32(uint64_t at) const {
    return static_cast<uint32_t>(Number(at, 4));
  }

  uint64_t FindEnd() const;
  Directory ReadEnd(uint64_t end) const;
  Directory ReadEnd64(uint64_t end) const;
  Record ReadRecord(uint64_t* at, uint64_t limit) const;
  void ReadZip64Extra(Record* record, uint64_t at, uint64_t limit) const;
  ZipEntry Locate(const Record& record) const;
  void RefuseOverlap(std::vector<ZipEntry> entries) const;

  const uint8_t* data_;
  size_t bytes_;
  const std::string& what_;
};

/// The end record is the last one whose comment reaches exactly to the end.
uint64_t Archive::FindEnd() const {
  if (bytes_ < kEndBytes) Fail("it ends too early");
  const size_t last = bytes_ - kEndBytes;
  const size_t first = last > kMaxComment ? last - kMaxComment : 0;
  for (size_t at = last + 1; at-- > first;) {
    if (Number32(at) == kEndMagic && Number16(at + 20) == last - at) return at;
  }
  Fail("no end of central directory: the file is truncated");
}

Directory Archive::ReadEnd64(uint64_t end) const {
  const uint64_t at = Number(end - kLocator64Bytes + 8, 8);
  if (at > end - kLocator64Bytes || end - kLocator64Bytes - at < kEnd64Bytes ||
      Number32(at) != kEnd64Magic) {
    Fail("no zip64 end of central directory");
  }
  if (Number32(at + 16) != 0 || Number32(at + 20) != 0) {
    Fail("it is split over several files");
  }
  return {Number(at + 32, 8), Number(at + 40, 8), Number(at + 48, 8)};
}

Directory Archive::ReadEnd(uint64_t end) const {
  Directory directory;
  if (end >= kLocator64Bytes &&
      Number32(end - kLocator64Bytes) == kLocator64Magic) {
    directory = ReadEnd64(end);
  } else {
    if (Number16(end + 4) != 0 || Number16(end + 6) != 0) {
      Fail("it is split over several files");
    }
    directory = {Number16(end + 10), Number32(end + 12), Number32(end + 16)};
  }
  if (directory.offset > end || directory.bytes > end - directory.offset) {
    Fail("the central directory is out of bounds");
  }
  if (directory.entries > directory.bytes / kCentralBytes) {
    Fail("the central directory is too short for its entries");
  }
  return directory;
}

/// Zip64 extra field: the sizes and the offset that did not fit 32 bits.
void Archive::ReadZip64Extra(Record* record, uint64_t at,
                             uint64_t limit) const {
  while (limit - at >= 4) {
    const uint16_t id = Number16(at);
    const uint16_t size = Number16(at + 2);
    at += 4;
    if (size > limit - at) Fail("an extra field is out of bounds");
    const uint64_t end = at + size;
    if (id == 1) {
      for (uint64_t* field : {&record->size, &record->stored, &record->local}) {
        if (*field != 0xFFFFFFFFU) continue;
        if (end - at < 8) Fail("a zip64 field is too short");
        *field = Number(at, 8);
        at += 8;
      }
    }
    at = end;
  }
}

Record Archive::ReadRecord(uint64_t* at, uint64_t limit) const {
  if (limit - *at < kCentralBytes || Number32(*at) != kCentralMagic) {
    Fail("damaged central directory");
  }
  Record record;
  record.flags = Number16(*at + 8);
  record.method = Number16(*at + 10);
  record.crc = Number32(*at + 16);
  record.stored = Number32(*at + 20);
  record.size = Number32(*at + 24);
  record.local = Number32(*at + 42);
  const uint64_t name = *at + kCentralBytes;
  const uint64_t extra = name + Number16(*at + 28);
  const uint64_t comment = extra + Number16(*at + 30);
  const uint64_t next = comment + Number16(*at + 32);
  if (next > limit) Fail("damaged central directory");
  record.name.assign(reinterpret_cast<const char*>(data_ + name),
                     static_cast<size_t>(extra - name));
  ReadZip64Extra(&record, extra, comment);
  *at = next;
  return record;
}

ZipEntry Archive::Locate(const Record& record) const {
  const std::string entry = "entry " + JsonQuote(record.name) + " ";
  if ((record.flags & 1) != 0) Fail(entry + "is encrypted");
  if (record.method != 0) Fail(entry + "is compressed");
  if (record.stored != record.size) Fail(entry + "has two sizes");
  if (Number32(record.local) != kLocalMagic) {
    Fail(entry + "has no local header");
  }
  const uint64_t name_bytes = Number16(record.local + 26);
  const uint64_t name = record.local + kLocalBytes;
  const uint64_t begin = name + name_bytes + Number16(record.local + 28);
  if (begin > bytes_ || record.size > bytes_ - begin) {
    Fail(entry + "is out of bounds");
  }
  if (name_bytes != record.name.size() ||
      std::memcmp(data_ + name, record.name.data(), record.name.size()) != 0) {
    Fail(entry + "has another name in its local header");
  }
  return {data_ + begin, static_cast<size_t>(record.size)};
}

void Archive::RefuseOverlap(std::vector<ZipEntry> entries) const {
  std::sort(entries.begin(), entries.end(),
            [](const ZipEntry& a, const ZipEntry& b) {
              return std::pair(a.data, a.bytes) < std::pair(b.data, b.bytes);
            });
  for (size_t i = 1; i < entries.size(); ++i) {
    if (entries[i - 1].data + entries[i - 1].bytes > entries[i].data) {
      Fail("entries overlap");
    }
  }
}

std::map<std::string, ZipEntry> Archive::Read() {
  const Directory directory = ReadEnd(FindEnd());
  std::map<std::string, ZipEntry> entries;
  std::vector<ZipEntry> places;
  std::vector<uint32_t> checksums;
  uint64_t at = directory.offset;
  for (uint64_t i = 0; i < directory.entries; ++i) {
    const Record record = ReadRecord(&at, directory.offset + directory.bytes);
    places.push_back(Locate(record));
    checksums.push_back(record.crc);
    if (!entries.emplace(record.name, places.back()).second) {
      Fail("entry " + JsonQuote(record.name) + " comes twice");
    }
  }
  // Overlap first: it bounds the work of the checksums by the file's size.
  RefuseOverlap(places);
  for (size_t i = 0; i < places.size(); ++i) {
    if (Crc32(places[i].data, places[i].bytes) != checksums[i]) {
      const auto named =
          std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
            return entry.second.data == places[i].data;
          });
      Fail("checksum of entry " + JsonQuote(named->first) + " is wrong");
    }
  }
  return entries;
}

}  // namespace

std::map<std::string, ZipEntry> ReadZip(const uint8_t* data, size_t bytes,
                                        const std::string& what) {
  return Archive(data, bytes, what).Read();
}

}  // namespace graphiqa
