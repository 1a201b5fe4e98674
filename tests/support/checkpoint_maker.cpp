// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "checkpoint_maker.h"

#include "format/crc32.h"

namespace graphiqa {

PickleWriter& PickleWriter::Raw(const std::string& bytes) {
  bytes_ += bytes;
  return *this;
}

PickleWriter& PickleWriter::Text(const std::string& text) {
  return Raw("X" + LittleEndian(text.size(), 4) + text);
}

PickleWriter& PickleWriter::Int(int32_t value) {
  return Raw("J" + LittleEndian(static_cast<uint32_t>(value), 4));
}

PickleWriter& PickleWriter::Int64(int64_t value) {
  return Raw("\x8a\x08" + LittleEndian(static_cast<uint64_t>(value), 8));
}

PickleWriter& PickleWriter::Global(const std::string& module,
                                   const std::string& name) {
  return Raw("c" + module + "\n" + name + "\n");
}

PickleWriter& PickleWriter::Tuple(const std::vector<int64_t>& values) {
  Mark();
  for (const int64_t value : values) Int64(value);
  return Raw("t");
}

PickleWriter& PickleWriter::OrderedDict() {
  return Global("collections", "OrderedDict").Raw(")R");
}

PickleWriter& PickleWriter::Storage(const std::string& type,
                                    const std::string& key, int64_t elements,
                                    bool legacy) {
  Mark().Text("storage").Global("torch", type).Text(key).Text("cpu");
  Int64(elements);
  if (legacy) Raw("N");
  return Raw("tQ");
}

PickleWriter& PickleWriter::Tensor(const std::string& type,
                                   const std::string& key, int64_t elements,
                                   int64_t offset,
                                   const std::vector<int64_t>& sizes,
                                   const std::vector<int64_t>& strides,
                                   bool legacy) {
  Global("torch._utils", "_rebuild_tensor_v2").Mark();
  Storage(type, key, elements, legacy).Int64(offset);
  Tuple(sizes).Tuple(strides).Raw("\x89").OrderedDict();
  return Raw("tR");
}

std::string LittleEndian(uint64_t value, size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) {
    bytes += static_cast<char>(static_cast<uint8_t>(value >> (8 * i)));
  }
  return bytes;
}

namespace {

uint32_t Checksum(const std::string& bytes) {
  return Crc32(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

/// A record of the central directory.
std::string CentralRecord(const std::string& name, const std::string& content,
                          size_t offset, bool zip64) {
  std::string extra;
  if (zip64) {
    extra = LittleEndian(1, 2) + LittleEndian(24, 2) +
            LittleEndian(content.size(), 8) + LittleEndian(content.size(), 8) +
            LittleEndian(offset, 8);
  }
  const uint64_t size = zip64 ? 0xFFFFFFFFU : content.size();
  const uint64_t place = zip64 ? 0xFFFFFFFFU : offset;
  return LittleEndian(0x02014b50, 4) + std::string(12, '\0') +
         LittleEndian(Checksum(content), 4) + LittleEndian(size, 4) +
         LittleEndian(size, 4) + LittleEndian(name.size(), 2) +
         LittleEndian(extra.size(), 2) + std::string(10, '\0') +
         LittleEndian(place, 4) + name + extra;
}

std::string EndRecords(size_t entries, size_t bytes, size_t offset,
                       bool zip64) {
  std::string end;
  if (zip64) {
    end = LittleEndian(0x06064b50, 4) + LittleEndian(44, 8) +
          LittleEndian(45, 2) + LittleEndian(45, 2) + std::string(8, '\0') +
          LittleEndian(entries, 8) + LittleEndian(entries, 8) +
          LittleEndian(bytes, 8) + LittleEndian(offset, 8) +
          LittleEndian(0x07064b50, 4) + LittleEndian(0, 4) +
          LittleEndian(offset + bytes, 8) + LittleEndian(1, 4);
    entries = 0xFFFF;
    bytes = offset = 0xFFFFFFFF;
  }
  return end + LittleEndian(0x06054b50, 4) + LittleEndian(0, 4) +
         LittleEndian(entries, 2) + LittleEndian(entries, 2) +
         LittleEndian(bytes, 4) + LittleEndian(offset, 4) + LittleEndian(0, 2);
}

}  // namespace

std::string MakeZip(const ZipEntries& entries, bool zip64) {
  std::string archive;
  std::string directory;
  for (const auto& [name, content] : entries) {
    directory += CentralRecord(name, content, archive.size(), zip64);
    archive += LittleEndian(0x04034b50, 4) + std::string(22, '\0') +
               LittleEndian(name.size(), 2) + LittleEndian(0, 2) + name +
               content;
  }
  return archive + directory +
         EndRecords(entries.size(), directory.size(), archive.size(), zip64);
}

std::string MakeZipCheckpoint(const std::string& object,
                              const std::vector<std::string>& storages) {
  ZipEntries entries = {{"archive/data.pkl", object},
                        {"archive/byteorder", "little"}};
  for (size_t i = 0; i < storages.size(); ++i) {
    entries.emplace_back("archive/data/" + std::to_string(i), storages[i]);
  }
  entries.emplace_back("archive/version", "3\n");
  return MakeZip(entries);
}

std::string MakeLegacyCheckpoint(const std::string& object,
                                 const std::vector<LegacyStorage>& storages) {
  std::string file("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.");
  file += PickleWriter().Int(1001).Stop();
  file += PickleWriter()
              .Raw("}")
              .Mark()
              .Text("protocol_version")
              .Int(1001)
              .Text("little_endian")
              .Raw("\x88u")
              .Stop();
  file += object;
  PickleWriter keys;
  keys.Raw("](");
  for (const LegacyStorage& storage : storages) keys.Text(storage.key);
  file += keys.Raw("e").Stop();
  for (const LegacyStorage& storage : storages) {
    file += LittleEndian(static_cast<uint64_t>(storage.count), 8);
    file += storage.data;
  }
  return file;
}

std::string SmallStateDict(bool legacy) {
  PickleWriter pickle;
  pickle.OrderedDict().Mark().Text("weight");
  pickle.Tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1}, legacy);
  pickle.Text("counter").Tensor("LongStorage", "1", 1, 0, {}, {}, legacy);
  return pickle.Raw("u").Stop();
}

std::string SmallCheckpoint(bool legacy) {
  std::string weight;
  // The bits of 1.0f to 1.0f + 5 ulp.
  for (uint64_t i = 0; i < 6; ++i) weight += LittleEndian(0x3f800000 + i, 4);
  const std::string counter = LittleEndian(7, 8);
  const std::string object = SmallStateDict(legacy);
  if (legacy) {
    return MakeLegacyCheckpoint(object, {{"0", 6, weight}, {"1", 1, counter}});
  }
  return MakeZipCheckpoint(object, {weight, counter});
}

}  // namespace graphiqa
