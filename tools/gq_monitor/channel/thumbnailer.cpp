// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "thumbnailer.h"

#include <gst/video/video.h>

#include <algorithm>

namespace graphiqa {
namespace {

constexpr size_t kMaxJobs = 64;
constexpr GstClockTime kConvertTime = 5 * GST_SECOND;
/// More than a picture of this size needs; a bound for the memory of a page.
constexpr gsize kMaxBytes = 256 << 10;

std::string Bytes(GstSample* sample) {
  GstMapInfo map;
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  if (buffer == nullptr ||
      gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE) {
    return "";
  }
  std::string bytes;
  if (map.size <= kMaxBytes) {
    bytes.assign(reinterpret_cast<const char*>(map.data), map.size);
  }
  gst_buffer_unmap(buffer, &map);
  return bytes;
}

/// Even sizes, since JPEG is coded with halved chroma.
int Even(double pixels) {
  return std::max(2, static_cast<int>(pixels / 2 + 0.5) * 2);
}

}  // namespace

std::string EncodeJpeg(GstSample* frame, int width) {
  GstVideoInfo info;
  GstCaps* caps = gst_sample_get_caps(frame);
  if (caps == nullptr || gst_video_info_from_caps(&info, caps) == FALSE) {
    return "";
  }
  const double shown_width =
      static_cast<double>(info.width) * info.par_n / std::max(1, info.par_d);
  const double scale = std::min(1.0, width / shown_width);
  GstCaps* wanted = gst_caps_new_simple(
      "image/jpeg", "width", G_TYPE_INT, Even(shown_width * scale), "height",
      G_TYPE_INT, Even(info.height * scale), "pixel-aspect-ratio",
      GST_TYPE_FRACTION, 1, 1, nullptr);
  GError* error = nullptr;
  GstSample* made =
      gst_video_convert_sample(frame, wanted, kConvertTime, &error);
  gst_caps_unref(wanted);
  g_clear_error(&error);
  if (made == nullptr) return "";
  std::string bytes = Bytes(made);
  gst_sample_unref(made);
  return bytes;
}

Thumbnailer::Thumbnailer() : worker_([this] { Work(); }) {}

Thumbnailer::~Thumbnailer() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  worker_.join();
  for (const Job& job : jobs_) gst_sample_unref(job.frame);
}

bool Thumbnailer::Submit(const std::string& channel, GstSample* frame,
                         int width) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (jobs_.size() >= kMaxJobs || done_.size() >= kMaxJobs) {
    gst_sample_unref(frame);
    return false;
  }
  jobs_.push_back({channel, frame, width, WallNow()});
  changed_.notify_all();
  return true;
}

std::vector<Thumbnail> Thumbnailer::Take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<Thumbnail> taken;
  taken.swap(done_);
  return taken;
}

void Thumbnailer::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
    if (closing_) return;
    const Job job = jobs_.front();
    jobs_.pop_front();
    lock.unlock();
    Thumbnail thumbnail{job.channel, job.unix_time, {}, ""};
    const GstStructure* fields = QualityOf(gst_sample_get_buffer(job.frame));
    if (fields != nullptr)
      thumbnail.sample = SampleFrom(fields, MonotonicNow());
    thumbnail.jpeg = EncodeJpeg(job.frame, job.width);
    gst_sample_unref(job.frame);
    lock.lock();
    if (!thumbnail.jpeg.empty()) done_.push_back(std::move(thumbnail));
  }
}

}  // namespace graphiqa
