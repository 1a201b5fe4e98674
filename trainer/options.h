// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What training runs depend on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "augment.h"
#include "dataset.h"
#include "format/json.h"
#include "format/model_info.h"
#include "losses.h"
#include "network/losses.h"

namespace graphiqa {

/// One data set.
struct SetOptions {
  std::string name = "biq2021";
  DatasetOptions source;
  std::string split_file;  ///< empty = made by seed
};

/// Which pictures, which part of them, and how they are read.
struct DataOptions {
  std::vector<SetOptions> sets{1};
  double val_fraction = 0.2;
  double test_fraction = 0.0;  ///< of sets without ratings
  uint64_t seed = 1;
  int val_tasks = 400;     ///< pictures of known distortion that an epoch is
                           ///< measured on, about
  int workers = 1;         ///< loader threads
  size_t cache_mb = 4096;  ///< decoded pictures kept in memory, per kind of set
};

/// Where the network comes from.
struct NetworkOptions {
  std::string backbone = "efficientnet_lite0";
  std::string weights;     ///< of the backbone; empty = random
  std::string checkpoint;  ///< a model file to start from instead
  std::string features = kMulti;
  bool features_stated = false;  ///< by the command: see BuildModel()
  int64_t node_size = 512;       ///< not for "last"
  int64_t edge_size = 64;
  int64_t code_size = 256;
  bool none_type = true;  ///< a class for undistorted pictures, the last
};

/// First phase of finetuning: the head alone, on features of the frozen
/// backbone.
struct HeadOptions {
  int epochs = 30;
  int batch = 64;  ///< pictures
  int draws = 2;   ///< of views per picture, the plan's included
  double rate = 3e-4;
  double weight_decay = 0.05;
  double dropout = 0.1;  ///< of x
  bool ridge = true;     ///< start from the closed-form solution
  int versions = 12;   ///< of photographs beside the rated pictures: distorted
                       ///< copies of each; or stored pictures of each type; 0 =
                       ///< rated pictures alone
  int tasks = 256;     ///< distorted pictures of a step, about
  int side_nodes = 0;  ///< added for what distorted pictures teach, see
                       ///< side_nodes.h; 0 = everything is trained
  std::string cache_folder;  ///< of features; empty = the run's
};

/// What the backbone's batch norms do while training.
enum class NormMode {
  kFrozen,  ///< statistics as they are, scale and shift trained
  kTrain,   ///< statistics of the batch, running ones updated
};

/// What of the backbone is trained.
enum class BackboneMode {
  kWhole,  ///< all of it, but for the first stages of `freeze_stages`
  kNorm,   ///< scale and shift of its batch norms alone
  kNone,   ///< nothing
};

/// Optimising everything by gradients.
struct OptimiserOptions {
  double rate = 1e-4;  ///< of the heads
  double backbone_rate = 1e-4;
  double weight_decay = 0.01;
  bool constant_rate = false;  ///< else warm-up and cosine
  double warmup = 0.1;         ///< part of all steps
  double clip = 5.0;           ///< gradient norm, 0 = off
  double ema = 0.0;            ///< decay of averaged weights, 0 = off
  int freeze_stages = 0;       ///< of the backbone, the stem is the first
  BackboneMode backbone = BackboneMode::kWhole;
  NormMode norm = NormMode::kFrozen;
  double chroma = 0.0;   ///< share of pictures that pass through 4:2:0
  bool bf16 = false;     ///< backbone in bfloat16, parameters in float32
  int save_every = 200;  ///< steps between states to resume from
};

/// Second phase of finetuning: everything.
struct TuneOptions {
  int epochs = 4;
  int batch = 16;            ///< rated pictures of a step
  bool batch_graph = false;  ///< the paper's graph over the batch
  bool noise = false;        ///< predict mu + noise * s, as the released code
  bool raw_scores = false;   ///< learn scores from 0 to 100 as they are, as the
                             ///< released code, instead of standardised ones
  int photos = 4;            ///< photographs of a step that are distorted
  int versions = 3;          ///< distorted copies of each
  double floor = 10.0;       ///< score of the worst distortion, 0-100
};

/// What every run has.
struct RunOptions {
  std::string name = "graphiqa";  ///< of the model
  std::string out;
  bool resume = false;
  bool half = true;            ///< best.safetensors in half precision
  std::string device = "cpu";  ///< of the backbone: cpu or cuda
  std::vector<int> gpus;       ///< of this machine's ranks; empty = one each
  int threads = 0;             ///< of LibTorch, 0 = all cores over the ranks
  int ranks = 0;          ///< to start on this machine, 0 = as a launcher says
  int patience_min = 30;  ///< how long a rank is waited for
};

/// Everything that a finetuning run depends on.
struct FinetuneOptions {
  DataOptions data;
  NetworkOptions network;
  ViewPlan views;        ///< recorded in the model file, used to validate
  ViewPlan train_views;  ///< of one rated picture
  ViewPlan task_views;   ///< of one distorted picture
  HeadOptions head;
  TuneOptions tune;
  OptimiserOptions optimiser;
  LossOptions loss;
  RunOptions run;
};

/// Pretraining by tasks (GraphIQA, section 3.3): a task is a distortion type.
struct TaskOptions {
  int tasks = 6;  ///< types of a step
  int batch = 2;  ///< pictures per type, as anchor and as positive
  int epochs = 10;
  int steps = 500;           ///< of an epoch
  bool all_branches = true;  ///< gradient through anchor, positive, negative;
                             ///< else through the anchor alone
  bool batch_graph = false;  ///< codes of the triplets from one graph of the
                             ///< whole batch, as the paper; else from a graph
                             ///< per view, as inference
  bool released = false;     ///< the released code's step, see pretrain.h
};

/// First phase of pretraining: the heads alone, on features of the frozen
/// backbone, computed once.
struct TaskHeadOptions {
  int epochs = 0;     ///< 0 = no such phase
  int versions = 24;  ///< distorted versions of each photograph, or pictures of
                      ///< each type of a stored set
  int batch = 8;      ///< pictures per type, as anchor and as positive
  double rate = 1e-3;
  double weight_decay = 0.05;
  std::string cache_folder;  ///< of features; empty = the run's
};

/// Everything that a pretraining run depends on.
struct PretrainOptions {
  DataOptions data;
  NetworkOptions network;
  ViewPlan views;        ///< recorded in the model file, used to validate
  ViewPlan train_views;  ///< of one training picture
  TaskHeadOptions head;
  TaskOptions task;
  OptimiserOptions optimiser;
  PretrainWeights weights;
  double none = 1.0;  ///< weight of undistorted pictures in the type loss
  RunOptions run;
};

/// What decides the result (no folders, threads or caches): config.json, and
/// what a resumed run must agree on.
Json ToJson(const FinetuneOptions& options);
Json ToJson(const PretrainOptions& options);

}  // namespace graphiqa
