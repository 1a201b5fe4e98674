// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "augment.h"
#include "dataset.h"
#include "format/json.h"
#include "losses.h"

namespace graphiqa {

/// Which pictures, which part of them, and how they are read.
struct DataOptions {
  std::string dataset = "biq2021";
  DatasetOptions source;
  std::string split_file;  ///< empty = made by seed
  double val_fraction = 0.2;
  uint64_t seed = 1;
  int workers = 1;         ///< loader threads
  size_t cache_mb = 4096;  ///< decoded pictures kept in memory
};

/// Where the network comes from.
struct NetworkOptions {
  std::string backbone = "efficientnet_lite0";
  std::string weights;     ///< of the backbone; empty = random
  std::string checkpoint;  ///< a model file to start from instead
  std::string features = "multi";
  int64_t node_size = 512;  ///< for "multi"
  int64_t edge_size = 64;
  int64_t code_size = 256;
};

/// First phase: the head alone, on features of the frozen backbone.
struct HeadOptions {
  int epochs = 30;
  int batch = 64;  ///< pictures
  int draws = 2;   ///< of views per picture, the plan's included
  double rate = 3e-4;
  double weight_decay = 0.05;
  double dropout = 0.1;      ///< of x
  bool ridge = true;         ///< start from the closed-form solution
  std::string cache_folder;  ///< of features; empty = the run's
};

/// Second phase: everything.
struct TuneOptions {
  int epochs = 4;
  int batch = 16;      ///< pictures
  double rate = 1e-4;  ///< of the head
  double backbone_rate = 1e-4;
  double weight_decay = 0.01;
  double warmup = 0.1;       ///< part of all steps
  double clip = 5.0;         ///< gradient norm, 0 = off
  double ema = 0.0;          ///< decay of averaged weights, 0 = off
  int freeze_stages = 0;     ///< of the backbone, the stem is the first
  bool batch_graph = false;  ///< the paper's graph over the batch
  double degrade = 0.0;      ///< probability of a worse copy of a picture
  int save_every = 200;      ///< steps between states to resume from
};

/// Everything that a finetuning run depends on.
struct FinetuneOptions {
  DataOptions data;
  NetworkOptions network;
  ViewPlan views;        ///< recorded in the model file, used to validate
  ViewPlan train_views;  ///< of one training sample
  HeadOptions head;
  TuneOptions tune;
  LossOptions loss;
  std::string name = "graphiqa";  ///< of the model
  std::string out;
  bool resume = false;
  bool half = true;  ///< best.safetensors in half precision
  int threads = 0;   ///< of LibTorch, 0 = all cores
};

/// What decides the result (no folders, threads or caches): config.json, and
/// what a resumed run must agree on.
Json ToJson(const FinetuneOptions& options);

}  // namespace graphiqa
