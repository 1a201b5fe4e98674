// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include <string>
#include <vector>

#include "commands.h"
#include "program/commands.h"

namespace graphiqa {
namespace {

constexpr CommandEntry kCommands[] = {
    {"pretrain", "Learn to represent distortions from tasks.", RunPretrain},
    {"finetune", "Train a model on rated pictures.", RunFinetune},
    {"probe", "Measure a linear model on the frozen backbone.", RunProbe},
    {"evaluate", "Measure a model file on rated pictures.", RunEvaluate},
    {"compare", "Put training runs side by side.", RunCompare},
    {"average", "Average the weights of models from one start.", RunAverage},
    {nullptr, nullptr, nullptr}};

int Main(const std::vector<std::string>& arguments) {
  ProgramSpec spec;
  spec.name = "gq-trainer";
  spec.synopsis = "COMMAND [OPTION]…";
  spec.about = "Trains and evaluates models of picture quality.";
  return RunCommands(spec, kCommands, arguments);
}

}  // namespace
}  // namespace graphiqa

namespace {

/// Activations of some megabytes come and go with every step. By default each
/// would be mapped anew and paged in by the kernel, which costs as much time
/// as the computing.
void KeepFreedMemory() {
  constexpr int kGibibyte = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kGibibyte);
  mallopt(M_TRIM_THRESHOLD, kGibibyte);
  mallopt(M_TOP_PAD, 64 << 20);
}

}  // namespace

int main(int argc, char** argv) {
  KeepFreedMemory();
  return graphiqa::Main({argv + 1, argv + argc});
}
