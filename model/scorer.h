// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The seam between the engine and everything that feeds it pictures: the
/// element, the command line tools, the trainer's evaluation. Standard types
/// only, so that including it costs nothing and needs no LibTorch.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "error.h"
#include "view.h"

namespace graphiqa {

enum class Precision {
  kAuto,  ///< bf16 where the device computes it faster, else fp32
  kFp32,
  kBf16,
  kFp16,  ///< CUDA only
};

/// How to open a scorer. Scorers that are opened with equal model file, device
/// and precision in one process share one engine.
struct ScorerOptions {
  std::string model_file;       ///< safetensors model, required
  std::string device = "auto";  ///< "auto", "cpu", "cuda", "cuda:N"
  Precision precision = Precision::kAuto;
  /// Most views in one pass, 0 = auto. The least of what the engine's users ask
  /// for; on a GPU no more than its first user asked for.
  int batch_size = 0;
  /// Longest time that a picture waits for other users' to fill a pass with,
  /// at most a second.
  int64_t batch_timeout_ns = 2'000'000;
  int threads = 0;       ///< CPU threads of the engine, 0 = all
  int queue_depth = 64;  ///< jobs waiting before Submit() blocks
};

/// The pixels of one View: packed 8-bit RGB, rows from top to bottom.
struct ViewPixels {
  View view;                 ///< where they come from; kind decides scaling
  std::vector<uint8_t> rgb;  ///< view.width * view.height * 3 bytes
  /// Of a whole view: `rgb` has been scaled to the network's input already.
  bool scaled = false;
};

/// The verdict on one view. Same units as QualityResult.
struct ViewScore {
  View view;
  double score = 0;
  double uncertainty = 0;
};

/// The verdict on one picture: the mean over its views.
struct QualityResult {
  double score = 0;        ///< 0-100, higher is better
  double uncertainty = 0;  ///< >= 0, same scale: one standard deviation
  /// Index into ModelDescription::types; absent when the type head is not
  /// trained. With it come confidence and probabilities.
  std::optional<int> distortion;
  double confidence = 0;              ///< 0-1, of `distortion`
  std::vector<double> probabilities;  ///< one per type, sums to 1
  std::optional<double> level;   ///< 0-5; absent when the head is not trained
  std::vector<ViewScore> views;  ///< one per submitted view, in order
  int64_t queue_ns = 0;          ///< from Submit() to the start of computing
  int64_t inference_ns = 0;      ///< computing, the whole batch's time
};

/// What a user may want to know about an opened model.
struct ModelDescription {
  std::string name;
  std::string short_hash;  ///< first 8 hex digits of the tensors' SHA-256
  std::string backbone;
  std::vector<std::string> types;
  bool mos_trained = false;
  bool level_trained = false;
  bool type_trained = false;
  ViewPlan plan;
  std::string device;  ///< what runs it, e.g. "cpu", "cuda:0"
  Precision precision = Precision::kFp32;  ///< what it computes in
};

/// Counters since the engine was opened, over all its users.
struct ScorerStatistics {
  /// Passes are told apart by their size: up to 1, 2, 4, … 256 views, or more.
  static constexpr size_t kSizeBounds = 9;

  void CountBatch(size_t batch_views) {
    ++batches;
    views += batch_views;
    size_t size = 0;
    while (size < kSizeBounds && batch_views > (size_t{1} << size)) ++size;
    ++batches_by_size[size];
  }

  uint64_t pictures = 0;  ///< scored
  uint64_t views = 0;     ///< scored
  uint64_t batches = 0;
  std::array<uint64_t, kSizeBounds + 1> batches_by_size{};
  uint64_t failed = 0;       ///< pictures that ended in an error
  int64_t queue_ns = 0;      ///< summed over pictures
  int64_t inference_ns = 0;  ///< summed over batches
};

/// A handle on an engine. Users with pictures waiting take turns, the one that
/// has waited longest first. All methods may be called from any thread.
class GRAPHIQA_API Scorer {
 public:
  /// Called exactly once per Submit(), from an engine thread or from Cancel(),
  /// with either a result or an error (the other is null). Must return soon,
  /// must not throw and must not destroy the Scorer. Within one Scorer,
  /// callbacks from the engine come in the order of Submit().
  using Callback =
      std::function<void(const QualityResult* result, const Error* error)>;

  /// Waits for what was submitted through this handle; the engine goes when
  /// its last handle goes.
  virtual ~Scorer() = default;

  virtual const ModelDescription& model() const = 0;

  /// Queues one picture. Blocks while the queue is full.
  /// @throws Error(kUsage) when `views` is empty or sizes do not fit
  virtual void Submit(std::vector<ViewPixels> views, Callback done) = 0;

  virtual ScorerStatistics statistics() const = 0;

  /// Drops what was submitted through this handle and is not being computed;
  /// its callbacks get Error(kCancelled) before this returns.
  virtual void Cancel() = 0;

  /// Submit() as a future; the future throws Error where scoring failed.
  std::future<QualityResult> Submit(std::vector<ViewPixels> views);

  /// Cuts the planned views out of a packed 8-bit RGB picture and waits for
  /// the result.
  /// @param rgb           height rows of `stride_bytes`
  /// @param stride_bytes  >= 3 * width
  /// @param frame_number, crops  as in PlanViews()
  QualityResult ScorePicture(const uint8_t* rgb, int width, int height,
                             size_t stride_bytes, uint64_t frame_number = 0,
                             int crops = 0);
};

/// Cuts `views` out of a packed 8-bit RGB picture.
/// @throws Error(kUsage) when a view leaves the picture
GRAPHIQA_API std::vector<ViewPixels> CutViews(const std::vector<View>& views,
                                              const uint8_t* rgb, int width,
                                              int height, size_t stride_bytes);

/// Opens a model. The engine library (and with it LibTorch) is loaded on the
/// first call; nothing is loaded before.
/// @throws Error(kNotFound) with the way out when the engine library or one of
///   its dependencies is missing, or the model file does not exist;
///   Error(kFormat) for a bad model; Error(kDevice) for a missing device
GRAPHIQA_API std::shared_ptr<Scorer> OpenScorer(const ScorerOptions& options);

/// The default model: $GRAPHIQA_MODEL, else beside the running library (build
/// tree or installation), else the configured data directory.
/// @throws Error(kNotFound) naming the places that were looked at
GRAPHIQA_API std::string DefaultModelFile();

}  // namespace graphiqa
