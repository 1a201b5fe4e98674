// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "deliverer.h"

namespace graphiqa {
namespace {

constexpr double kFirstRetry = 1;
constexpr double kLongestRetry = 60;
constexpr int kMaxRejections = 3;

}  // namespace

Deliverer::Deliverer(std::string output, Spool* spool,
                     std::unique_ptr<Sink> sink, Random random)
    : output_(std::move(output)),
      spool_(spool),
      sink_(std::move(sink)),
      backoff_(kFirstRetry, kLongestRetry, std::move(random)) {}

void Deliverer::Tick(double now) {
  if (sending_) {
    const std::optional<SendResult> result = sink_->Poll();
    if (!result) return;
    Finish(*result, now);
  }
  if (sending_ || now < next_attempt_ || !sink_->Ready()) return;
  sending_ = spool_->Oldest(output_);
  if (sending_) sink_->Send(*sending_);
}

void Deliverer::Finish(const SendResult& result, double now) {
  const int64_t number = sending_->number;
  sending_.reset();
  if (result.kind == SendResult::Kind::kDone) {
    spool_->Remove(number);
    ++delivered_;
    rejections_ = 0;
    trouble_.clear();
    backoff_.Reset();
    return;
  }
  ++failures_;
  trouble_ = result.reason;
  next_attempt_ = now + backoff_.Next();
  if (result.kind != SendResult::Kind::kRejected) return;
  if (++rejections_ < kMaxRejections) return;
  spool_->Remove(number);
  ++given_up_;
  rejections_ = 0;
}

}  // namespace graphiqa
