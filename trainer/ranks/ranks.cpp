// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "ranks/ranks.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <c10/util/Logging.h>

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

// The library has it; its header asks for this name.
#define USE_C10D_GLOO
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <utility>

#include "error.h"
#include "interrupt.h"
#include "ranks/heartbeat.h"

namespace graphiqa {
namespace {

using std::chrono::milliseconds;

constexpr int64_t kBucketBytes = 25 << 20;  // as PyTorch's own data parallel
// Rank 0 computes features of whole data sets while the others wait.
constexpr std::chrono::hours kLongWait{24 * 7};

/// How OnFirst() ended.
enum class Outcome : int64_t { kDone, kCancelled, kFailed };

/// Tensors that are exchanged as one.
using Bucket = std::vector<at::Tensor>;

/// Consecutive tensors of up to kBucketBytes, or one larger one.
std::vector<Bucket> Buckets(const std::vector<at::Tensor>& tensors) {
  std::vector<Bucket> buckets;
  int64_t bytes = kBucketBytes;
  for (const at::Tensor& tensor : tensors) {
    const auto more = static_cast<int64_t>(tensor.nbytes());
    const bool fits = !buckets.empty() && bytes + more <= kBucketBytes &&
                      tensor.scalar_type() == buckets.back()[0].scalar_type();
    if (!fits) {
      buckets.emplace_back();
      bytes = 0;
    }
    buckets.back().push_back(tensor);
    bytes += more;
  }
  return buckets;
}

at::Tensor Flatten(const Bucket& bucket) {
  std::vector<at::Tensor> flat;
  for (const at::Tensor& tensor : bucket) {
    flat.push_back(tensor.detach().to(at::kCPU).reshape({-1}));
  }
  return at::cat(flat);
}

void Unflatten(const at::Tensor& flat, const Bucket& bucket) {
  const at::NoGradGuard no_grad;
  int64_t begin = 0;
  for (const at::Tensor& tensor : bucket) {
    tensor.copy_(flat.narrow(0, begin, tensor.numel()).view(tensor.sizes()));
    begin += tensor.numel();
  }
}

std::shared_ptr<gloo::transport::Device> MakeDevice(const RankPlace& place) {
  using c10d::ProcessGroupGloo;
  const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
  if (interface != nullptr && *interface != '\0') {
    return ProcessGroupGloo::createDeviceForInterface(interface);
  }
  if (place.local_size == place.size) {
    return ProcessGroupGloo::createDeviceForHostname("127.0.0.1");
  }
  return ProcessGroupGloo::createDefaultDevice();
}

c10::intrusive_ptr<c10d::Store> MakeStore(const RankPlace& place,
                                          milliseconds patience) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(place.port);
  options.isServer = place.rank == 0 && !place.meets_launcher;
  options.numWorkers = static_cast<size_t>(place.size);
  options.timeout = patience;
  auto store = c10::make_intrusive<c10d::TCPStore>(place.address, options);
  return c10::make_intrusive<c10d::PrefixStore>("gq-trainer/" + place.attempt,
                                                std::move(store));
}

c10::intrusive_ptr<c10d::ProcessGroupGloo> MakeGroup(
    const RankPlace& place, const c10::intrusive_ptr<c10d::Store>& store,
    milliseconds patience) {
  auto options = c10d::ProcessGroupGloo::Options::create(patience);
  options->devices.push_back(MakeDevice(place));
  return c10::make_intrusive<c10d::ProcessGroupGloo>(
      store, place.rank, place.size, std::move(options));
}

/// c10d logs what it then throws, with addresses of its stack; errors are said
/// once here. Whoever wants its log sets the variable that is LibTorch's own.
void QuietLibrary() {
  if (std::getenv("TORCH_CPP_LOG_LEVEL") == nullptr) {
    FLAGS_caffe2_log_level = c10::GLOG_FATAL;
  }
}

/// First line, without the place in Gloo's source.
std::string Brief(const std::string& text) {
  const std::string line = text.substr(0, text.find('\n'));
  const size_t end = line.front() == '[' ? line.find("] ") : line.npos;
  return end == line.npos ? line : line.substr(end + 2);
}

std::string NamesOf(const std::vector<int>& ranks) {
  if (ranks.empty()) return "another rank was";
  std::string text = ranks.size() == 1 ? "rank" : "ranks";
  for (size_t i = 0; i < ranks.size(); ++i) {
    text += (i == 0 ? " " : ", ") + std::to_string(ranks[i]);
  }
  return text + (ranks.size() == 1 ? " was" : " were");
}

}  // namespace

struct Ranks::Impl {
  RankPlace place;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group;  // null in a world of one
  std::unique_ptr<Heartbeat> heartbeat;  // null where a parent watches
  bool threads_given = false;

  [[noreturn]] void Lost(const std::string& how) const {
    const std::vector<int> stopped =
        heartbeat ? heartbeat->Stopped() : std::vector<int>();
    throw Error(ErrorCode::kDevice, NamesOf(stopped) + " lost: " + how);
  }

  /// Waits for an exchange.
  template <typename Start>
  void Exchange(const Start& start) const {
    try {
      start()->wait();
    } catch (const std::exception& error) {
      Lost(Brief(error.what()));
    }
  }

  void Sum(const at::Tensor& tensor) const {
    std::vector<at::Tensor> list{tensor};
    Exchange([&] { return group->allreduce(list); });
  }

  void FromZero(const at::Tensor& tensor, milliseconds timeout) const {
    c10d::BroadcastOptions options;
    options.timeout = timeout;
    std::vector<at::Tensor> list{tensor};
    Exchange([&] { return group->broadcast(list, options); });
  }

  void FromZero(const at::Tensor& tensor) const {
    FromZero(tensor, group->getOptions()->timeout);
  }
};

Ranks::Ranks() : impl_(std::make_unique<Impl>()) {}

Ranks::Ranks(const RankPlace& place, std::chrono::minutes patience)
    : impl_(std::make_unique<Impl>()) {
  impl_->place = place;
  if (place.size == 1) return;
  QuietLibrary();
  ThrowIfInterrupted();
  const UnwatchedInterrupts unwatched;
  try {
    const auto store = MakeStore(place, patience);
    impl_->group = MakeGroup(place, store, patience);
    if (!place.has_parent) {
      impl_->heartbeat =
          std::make_unique<Heartbeat>(store->clone(), place.rank, place.size);
    }
  } catch (const std::exception& error) {
    throw Error(ErrorCode::kDevice,
                "the " + std::to_string(place.size) +
                    " ranks did not meet at " + place.address + ":" +
                    std::to_string(place.port) + ": " + Brief(error.what()));
  }
}

Ranks::~Ranks() = default;

int Ranks::rank() const { return impl_->place.rank; }

int Ranks::size() const { return impl_->place.size; }

int Ranks::local_rank() const { return impl_->place.local_rank; }

Ranks::Part Ranks::Share(size_t count) const {
  const auto part = static_cast<size_t>(rank());
  const auto parts = static_cast<size_t>(size());
  return {count * part / parts, count * (part + 1) / parts};
}

at::Tensor Ranks::Gather(const at::Tensor& own, int64_t total,
                         int64_t begin) const {
  if (size() == 1) return own;
  const int64_t end = begin + own.size(0);
  at::Tensor all = at::zeros({total, own.size(1)}, own.options());
  all.narrow(0, begin, own.size(0)).copy_(own.detach());
  impl_->Sum(all);
  if (own.requires_grad()) {
    own.register_hook(
        [factor = static_cast<double>(size())](const at::Tensor& gradient) {
          return gradient * factor;
        });
  }
  return at::cat(
      {all.narrow(0, 0, begin), own, all.narrow(0, end, total - end)});
}

void Ranks::Average(const std::vector<at::Tensor>& tensors) const {
  if (size() == 1) return;
  for (const Bucket& bucket : Buckets(tensors)) {
    const at::Tensor flat = Flatten(bucket);
    impl_->Sum(flat);
    Unflatten(flat.div_(size()), bucket);
  }
}

void Ranks::Broadcast(const std::vector<at::Tensor>& tensors) const {
  if (size() == 1) return;
  for (const Bucket& bucket : Buckets(tensors)) {
    const at::Tensor flat = Flatten(bucket);
    impl_->FromZero(flat);
    if (!first()) Unflatten(flat, bucket);
  }
}

std::string Ranks::FromFirst(const std::string& bytes) const {
  if (size() == 1) return bytes;
  const at::Tensor length =
      at::full({1}, static_cast<int64_t>(bytes.size()), at::kLong);
  impl_->FromZero(length);
  at::Tensor content = at::empty({length.item<int64_t>()}, at::kByte);
  if (content.numel() == 0) return {};
  if (first()) std::memcpy(content.data_ptr(), bytes.data(), bytes.size());
  impl_->FromZero(content);
  const auto* begin = static_cast<const char*>(content.const_data_ptr());
  return {begin, begin + content.numel()};
}

void Ranks::OnFirst(const std::function<void()>& work) const {
  if (size() == 1) {
    work();
    return;
  }
  Outcome outcome = Outcome::kDone;
  std::exception_ptr thrown;
  if (first()) {
    const int threads = at::get_num_threads();
    if (!impl_->threads_given) {
      at::set_num_threads(threads * impl_->place.local_size);
    }
    try {
      work();
    } catch (const Error& error) {
      thrown = std::current_exception();
      outcome = error.code() == ErrorCode::kCancelled ? Outcome::kCancelled
                                                      : Outcome::kFailed;
    } catch (...) {
      thrown = std::current_exception();
      outcome = Outcome::kFailed;
    }
    at::set_num_threads(threads);
  }
  const at::Tensor told =
      at::full({1}, static_cast<int64_t>(outcome), at::kLong);
  impl_->FromZero(told, kLongWait);
  if (thrown) std::rethrow_exception(thrown);
  outcome = static_cast<Outcome>(told.item<int64_t>());
  if (outcome == Outcome::kCancelled) {
    throw Error(ErrorCode::kCancelled, "interrupted");
  }
  if (outcome == Outcome::kFailed) {
    throw Error(ErrorCode::kDevice, "rank 0 was lost: it failed");
  }
}

void Ranks::RequireSame(const std::string& text,
                        const std::string& what) const {
  if (size() == 1) return;
  const bool other = FromFirst(text) != text;
  const at::Tensor others = at::full({1}, other ? 1.0F : 0.0F);
  impl_->Sum(others);
  if (others.item<float>() > 0) {
    throw Error(ErrorCode::kUsage,
                "the ranks were started with different " + what);
  }
}

void Ranks::UseThreads(int count) const {
  impl_->threads_given = count > 0;
  if (count > 0) {
    at::set_num_threads(count);
  } else if (size() > 1) {
    at::set_num_threads(ThreadsPerRank(impl_->place));
  }
}

}  // namespace graphiqa
