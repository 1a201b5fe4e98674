// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The CPU engine for compare_cpu.py, which drives it line by line:
//
//   engine_bench make BACKBONE FILE
//       writes a model with random weights, features `last`, 224x224
//   engine_bench serve FILE PRECISION THREADS
//       reads commands, one per line, and answers each with one line:
//         check N IN OUT  N pictures [N,3,S,S] float32 in IN; writes
//                         [N, 4 + types] float32 to OUT; answers "ok"
//         statistics N IN OUT
//                         writes [N, 326] float32: what `multi-stats` models
//                         measure of the pictures; answers "ok"
//         time N K        K passes over N pictures; answers the seconds
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "engine/cpu_info.h"
#include "engine/cpu_network.h"
#include "network/model_file.h"
#include "tiny_model.h"

namespace graphiqa {
namespace {

constexpr int kSize = 224;

void MakeModel(const std::string& backbone, const std::string& path) {
  TinyModelOptions options;
  options.name = backbone;
  options.backbone = backbone;
  options.features = "last";
  options.edge_size = 64;
  options.code_size = 256;
  options.view_size_px = kSize;
  options.half = false;
  MakeTinyModel(path, options);
}

Precision ParsePrecision(const std::string& name) {
  if (name == "auto") return Precision::kAuto;
  if (name == "fp32") return Precision::kFp32;
  if (name == "bf16") return Precision::kBf16;
  throw Error(ErrorCode::kUsage, "unknown precision '" + name + "'");
}

class Session {
 public:
  Session(const std::string& path, const std::string& precision)
      : model_(LoadModel(path)),
        size_(model_.info.input.views.view_size_px),
        network_(
            model_.network, size_,
            ResolveCpuPrecision(ParsePrecision(precision)) == Precision::kBf16
                ? at::kBFloat16
                : at::kFloat) {}

  at::Tensor Infer(const at::Tensor& images) {
    const HeadOutputs heads = network_.Infer(images);
    return at::cat({heads.mos_mu, heads.mos_s, heads.level_mu, heads.level_s,
                    heads.type_logits},
                   1);
  }

  void Check(int64_t count, const std::string& in, const std::string& out) {
    Write(Infer(Read(count, in)).contiguous(), out);
  }

  void Statistics(int64_t count, const std::string& in,
                  const std::string& out) {
    const ColourScale scale = ColourScaleOf(model_.info.architecture);
    Write(PictureStatistics(Read(count, in), scale), out);
  }

  double Time(int64_t count, int passes) {
    const at::Tensor images = at::rand({count, 3, size_, size_})
                                  .contiguous(at::MemoryFormat::ChannelsLast);
    Infer(images);  // buffers and kernels of this size
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < passes; ++i) Infer(images);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() -
                                         begin)
        .count();
  }

 private:
  at::Tensor Read(int64_t count, const std::string& path) const {
    at::Tensor images = at::empty({count, 3, size_, size_});
    std::ifstream from(path, std::ios::binary);
    from.read(static_cast<char*>(images.data_ptr()),
              static_cast<std::streamsize>(images.nbytes()));
    if (!from) throw Error(ErrorCode::kFile, "cannot read " + path);
    return images.contiguous(at::MemoryFormat::ChannelsLast);
  }

  static void Write(const at::Tensor& values, const std::string& path) {
    std::ofstream to(path, std::ios::binary);
    to.write(static_cast<const char*>(values.const_data_ptr()),
             static_cast<std::streamsize>(values.nbytes()));
    if (!to) throw Error(ErrorCode::kFile, "cannot write " + path);
  }

  const Model model_;
  const int64_t size_;
  CpuNetwork network_;
};

void Serve(Session* session) {
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string verb, in, out;
    int64_t count = 0;
    int passes = 0;
    words >> verb >> count;
    if (verb == "check" && words >> in >> out) {
      session->Check(count, in, out);
      std::cout << "ok" << std::endl;
    } else if (verb == "statistics" && words >> in >> out) {
      session->Statistics(count, in, out);
      std::cout << "ok" << std::endl;
    } else if (verb == "time" && words >> passes) {
      std::cout << session->Time(count, passes) << std::endl;
    } else {
      throw Error(ErrorCode::kUsage, "unknown command '" + line + "'");
    }
  }
}

int Main(const std::vector<std::string>& words) {
  if (words.size() == 3 && words[0] == "make") {
    MakeModel(words[1], words[2]);
    return 0;
  }
  if (words.size() == 4 && words[0] == "serve") {
    const at::NoGradGuard no_grad;
    at::set_num_threads(std::stoi(words[3]));
    Session session(words[1], words[2]);
    Serve(&session);
    return 0;
  }
  std::cerr << "usage: engine_bench make BACKBONE FILE | serve FILE PRECISION "
               "THREADS\n";
  return 2;
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  try {
    return graphiqa::Main({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "engine_bench: " << error.what() << "\n";
    return 1;
  }
}
