// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// Training steps against the released scripts' numbers: losses, gradients and
/// what Adam makes of the parameters.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/optim/adam.h>

#include <cmath>
#include <map>
#include <set>

#include "fill.h"
#include "golden.h"
#include "network/losses.h"

namespace graphiqa {
namespace {

using Parameters = std::map<std::string, at::Tensor>;

Parameters ParametersOf(const Network& network) {
  Parameters parameters;
  for (const auto& item : network.named_parameters()) {
    parameters[item.key()] = item.value();
  }
  return parameters;
}

torch::optim::Adam MakeAdam(const Network& network, double lr) {
  return torch::optim::Adam(network.parameters(),
                            torch::optim::AdamOptions(lr));
}

/// The distance from `value` to the next float.
double LastPlace(double value) {
  const auto single = static_cast<float>(std::fabs(value));
  return static_cast<double>(std::nextafter(single, INFINITY)) -
         static_cast<double>(single);
}

/// One noise draw; names as in the golden files.
at::Tensor LevelOf(const HeadOutputs& outputs, const GoldenFile& file,
                   const std::string& noise) {
  return SampleGaussian(outputs.level_mu, outputs.level_s,
                        file.Get(noise + "/level"));
}

class Steps {
 public:
  Steps(const std::string& path, std::string source)
      : file_(path),
        source_(std::move(source)),
        network_(HeadsFromGolden(file_, "before/")),
        lr_(file_.Number("lr")),
        adam_(MakeAdam(*network_, lr_)) {}

  const GoldenFile& file() const { return file_; }

  /// "step1", "step2", … as far as the file goes.
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (int step = 1;; ++step) {
      const std::string name = "step" + std::to_string(step);
      if (!file_.Has(name + "/loss")) return names;
      names.push_back(name);
    }
  }

  Network& network() { return *network_; }
  double lr() const { return lr_; }

  void Expect(const std::string& path, const std::string& name,
              const at::Tensor& got) {
    const at::Tensor expected = file_.Get(path + name);
    ExpectClose(source_, name, got.detach().reshape(expected.sizes()), expected,
                kSmallEps);
  }

  /// Gradients exist for exactly the listed parameters and agree.
  void ExpectGradients(const std::string& path) {
    std::set<std::string> listed;
    for (const std::string& name : file_.Under(path)) listed.insert(name);
    ASSERT_FALSE(listed.empty());
    for (const auto& [name, parameter] : ParametersOf(*network_)) {
      const bool has = parameter.grad().defined();
      EXPECT_EQ(has, listed.count(name) == 1) << name;
      if (!has || listed.count(name) == 0) continue;
      ExpectGradientClose(source_, "gradient of " + name, parameter.grad(),
                          file_.Get(path + name));
    }
  }

  void ZeroGradients() { adam_.zero_grad(); }

  /// Adam's step; elements whose gradient was nearly 0 are remembered.
  void Advance() {
    for (const auto& [name, parameter] : ParametersOf(*network_)) {
      if (!parameter.grad().defined()) continue;
      const at::Tensor clear = parameter.grad().abs() > 1e-6;
      const auto found = clear_.find(name);
      clear_[name] = found == clear_.end() ? clear : clear & found->second;
    }
    adam_.step();
  }

  /// Where the file has them, parameters after `step` own steps: 0.05 lr and a
  /// last place per step where gradients are clear, else 2 lr per step; the
  /// rest untouched.
  void ExpectParameters(int step) {
    const std::string path = "step" + std::to_string(step) + "/after/";
    const Parameters parameters = ParametersOf(*network_);
    const auto names = file_.Under(path);
    if (names.empty()) return;
    for (const std::string& name : names) {
      SCOPED_TRACE(path + name);
      ExpectMoved(parameters.at(name).detach(), file_.Get(path + name),
                  clear_.at(name), step);
    }
    for (const auto& [name, parameter] : parameters) {
      if (file_.Has(path + name)) continue;
      EXPECT_TRUE(parameter.equal(file_.Get("before/" + name))) << name;
    }
  }

  /// One step from the stored gradients is exact to a last place.
  void ExpectStepFromStoredGradients() {
    const auto network = HeadsFromGolden(file_, "before/");
    torch::optim::Adam adam = MakeAdam(*network, lr_);
    Parameters parameters = ParametersOf(*network);
    for (const std::string& name : file_.Under("step1/grad/")) {
      parameters.at(name).mutable_grad() = file_.Get("step1/grad/" + name);
    }
    adam.step();
    double worst = 0;
    for (const std::string& name : file_.Under("step1/after/")) {
      worst = std::max(worst, LastPlaces(parameters.at(name).detach(),
                                         file_.Get("step1/after/" + name)));
    }
    ExpectWithin(source_, "parameters after step 1, stored gradients", worst, 1,
                 " last places");
  }

 private:
  /// The largest difference in last places of max(|expected|, lr).
  double LastPlaces(const at::Tensor& got, const at::Tensor& expected) const {
    const at::Tensor a = got.reshape(-1), b = expected.reshape(-1);
    double worst = 0;
    for (int64_t i = 0; i < a.numel(); ++i) {
      const double wanted = b[i].item<float>();
      const double difference = std::fabs(a[i].item<float>() - wanted);
      worst = std::max(
          worst, difference / LastPlace(std::max(std::fabs(wanted), lr_)));
    }
    return worst;
  }

  void ExpectMoved(const at::Tensor& got, const at::Tensor& expected,
                   const at::Tensor& clear, int step) {
    const at::Tensor a = got.reshape(-1), b = expected.reshape(-1);
    const at::Tensor sure = clear.reshape(-1);
    double worst = 0;
    for (int64_t i = 0; i < a.numel(); ++i) {
      const double wanted = b[i].item<float>();
      const double difference = std::fabs(a[i].item<float>() - wanted);
      const double lasts = step * LastPlace(std::max(std::fabs(wanted), lr_));
      const double allowed =
          (sure[i].item<bool>() ? 0.05 * lr_ : 2 * step * lr_) + lasts;
      worst = std::max(worst, difference / allowed);
    }
    ExpectWithin(source_, "parameters after step " + std::to_string(step),
                 worst, 1, " of the tolerance");
  }

  GoldenFile file_;
  std::string source_;
  std::shared_ptr<Network> network_;
  double lr_;
  torch::optim::Adam adam_;
  std::map<std::string, at::Tensor> clear_;
};

at::Tensor PooledFeatures(const GoldenFile& file, const std::string& name) {
  return file.Get(name).mean({2, 3});
}

/// The released pretraining step up to the gradients: positive and negative
/// pass without gradient.
PretrainLosses PretrainForward(Steps& steps, const std::string& step,
                               const std::string& negative,
                               const std::string& path) {
  const GoldenFile& file = steps.file();
  const auto heads = [&](const std::string& features) {
    return steps.network().Heads(PooledFeatures(file, features),
                                 GraphForm::kBatch, EdgeSummary::kMean);
  };
  const HeadOutputs anchor = heads("anchor/features");
  PretrainBatch batch;
  batch.anchor_code = anchor.type_code;
  {
    const at::NoGradGuard no_grad;
    batch.positive_code = heads("positive/features").type_code;
    batch.negative_code = heads(negative).type_code;
  }
  batch.level = LevelOf(anchor, file, "noise/" + step + "/anchor");
  batch.levels = file.Get("levels");
  steps.Expect(path, "anchor/type_code", batch.anchor_code);
  steps.Expect(path, "positive/type_code", batch.positive_code);
  steps.Expect(path, "negative/type_code", batch.negative_code);
  steps.Expect(path, "anchor/level_pred", batch.level);
  PretrainWeights weights;
  weights.triplet = file.Number("triplet_weight");
  weights.level = file.Number("level_weight");
  weights.margin = file.Number("margin");
  return PretrainLoss(batch, weights);
}

void ExpectLosses(Steps& steps, const std::string& path,
                  const PretrainLosses& losses) {
  steps.Expect(path, "loss", losses.total);
  steps.Expect(path, "triplet_loss", losses.triplet);
  steps.Expect(path, "level_loss", losses.level);
}

TEST(GoldenSteps, PretrainingAgrees) {
  Steps steps("pretrain_step.safetensors", "pretrain_step");
  ASSERT_FALSE(steps.Names().empty());
  int step = 0;
  for (const std::string& name : steps.Names()) {
    ++step;
    steps.ZeroGradients();
    const PretrainLosses losses =
        PretrainForward(steps, name, "negative/features", name + "/");
    ExpectLosses(steps, name + "/", losses);
    losses.total.backward();
    if (step == 1) steps.ExpectGradients("step1/grad/");
    steps.Advance();
    steps.ExpectParameters(step);
  }
  steps.ExpectStepFromStoredGradients();
}

TEST(GoldenSteps, InactiveTripletGivesZeroGradients) {
  Steps steps("pretrain_step.safetensors", "pretrain_step inactive");
  const std::string path = "inactive/step1/";
  const PretrainLosses losses =
      PretrainForward(steps, "step1", "inactive/negative/features", path);
  ExpectLosses(steps, path, losses);
  EXPECT_EQ(losses.triplet.item<float>(), 0);
  losses.total.backward();
  steps.ExpectGradients(path + "grad/");
}

TEST(GoldenSteps, TripletAlone) {
  const GoldenFile file("pretrain_step.safetensors");
  std::set<std::string> cases;
  for (const std::string& name : file.Under("triplet/")) {
    cases.insert(name.substr(0, name.find('/')));
  }
  ASSERT_FALSE(cases.empty());
  for (const std::string& name : cases) {
    const std::string path = "triplet/" + name + "/";
    at::Tensor anchor = file.Get(path + "anchor").requires_grad_();
    const at::Tensor loss =
        TripletLoss(anchor, file.Get(path + "positive"),
                    file.Get(path + "negative"), file.Number("margin"));
    loss.backward();
    ExpectClose("triplet", name + " loss", loss.detach().reshape({1}),
                file.Get(path + "loss"), kSmallEps);
    ExpectGradientClose("triplet", name + " gradient", anchor.grad(),
                        file.Get(path + "grad"));
  }
}

TEST(GoldenSteps, FinetuningAgrees) {
  Steps steps("finetune_step.safetensors", "finetune_step");
  const GoldenFile& file = steps.file();
  const at::Tensor x = PooledFeatures(file, "features");
  ASSERT_FALSE(steps.Names().empty());
  int step = 0;
  for (const std::string& name : steps.Names()) {
    ++step;
    steps.ZeroGradients();
    const HeadOutputs outputs =
        steps.network().Heads(x, GraphForm::kBatch, EdgeSummary::kDiagonal);
    const at::Tensor mos = SampleGaussian(outputs.mos_mu, outputs.mos_s,
                                          file.Get("noise/" + name + "/mos"));
    const at::Tensor loss = SquaredError(mos, file.Get("labels"));
    steps.Expect(name + "/", "mos_pred", mos);
    steps.Expect(name + "/", "loss", loss);
    loss.backward();
    if (step == 1) steps.ExpectGradients("step1/grad/");
    steps.Advance();
    steps.ExpectParameters(step);
  }
  steps.ExpectStepFromStoredGradients();
}

// ---------------------------------------------------------------------------
// The generator itself, against the samples in the README.

TEST(Fill, MatchesTheSamplesOfTheReadme) {
  const std::string conv = "extractor.feature_extractor.0.weight";
  EXPECT_EQ(Fnv1a64(conv), 0x0516f8faa0d3dbd4u);
  const uint32_t bits[] = {6062765, 841936, 8778168, 12875220, 12332355};
  for (uint64_t i = 0; i < 5; ++i) {
    EXPECT_EQ(FillBits(Fnv1a64(conv), i), bits[i]);
  }
  const struct {
    std::string name;
    std::vector<int64_t> shape;
    std::vector<float> values;
  } samples[] = {
      {conv,
       {64, 3, 7, 7},
       {-0.0723155737f, -0.234642625f, 0.0121122766f, 0.139498636f,
        0.122619763f}},
      {"extractor.feature_extractor.1.running_mean",
       {64},
       {-0.015949294f, 0.0266467445f, 0.0129944347f, -0.0259011537f,
        -0.0114003196f}},
      {"extractor.feature_extractor.1.running_var",
       {64},
       {0.954238534f, 1.33792281f, 1.23909652f, 1.1099124f, 1.2582823f}},
      {"extractor.feature_extractor.1.bias",
       {64},
       {-0.38235876f, -0.383864909f, -0.392210901f, -0.360041142f,
        -0.38085705f}},
      {"domainlevelgraph.hyperpred.fc.0.bias",
       {1056},
       {-0.0814872384f, 0.0197776109f, -0.107652828f, -0.0115854442f,
        -0.0185795873f}},
      {"extractor.feature_extractor.4.0.bn3.weight",
       {256},
       {0.133455619f, 0.135612071f, 0.136745006f, 0.119612686f, 0.117071114f}},
      {"extractor.feature_extractor.1.weight",
       {64},
       {0.967453718f, 1.05633831f, 1.07256079f, 1.04784286f, 1.10515356f}},
      {"domainlevelgraph.gcn_e.gcn.W1.weight",
       {1024, 2048},
       {7.18834877f, 6.14956284f, -1.83538628f, 4.15307522f, 3.88634586f}},
      {"domainlevelgraph.hyperpred.fc.0.weight",
       {1056, 2112},
       {-0.00561511749f, 0.0291512869f, 0.0032123737f, -0.0351875126f,
        0.0381370895f}},
  };
  for (const auto& sample : samples) {
    auto values = FillParameter(sample.name, sample.shape, "");
    values.resize(sample.values.size());
    EXPECT_EQ(values, sample.values) << sample.name;
  }
}

TEST(Fill, MatchesThePicturesOfTheReadme) {
  const struct {
    int index;
    std::vector<uint8_t> bytes;
    std::vector<float> input;
  } samples[] = {
      {0,
       {214, 136, 237, 216, 74},
       {1.54679334f, 0.211062655f, 1.94066262f, 1.58104289f, -0.850672126f}},
      {1,
       {192, 204, 169, 188, 187},
       {1.17004883f, 1.37554586f, 0.776179492f, 1.10154974f, 1.08442509f}},
      {10,
       {3, 2, 3, 2, 3},
       {-2.06652975f, -2.0836544f, -2.06652975f, -2.0836544f, -2.06652975f}},
  };
  for (const auto& sample : samples) {
    auto bytes = FillImageBytes(sample.index, "");
    auto input = FillImage(sample.index, "");
    bytes.resize(5);
    input.resize(5);
    EXPECT_EQ(bytes, sample.bytes) << sample.index;
    EXPECT_EQ(input, sample.input) << sample.index;
  }
}

}  // namespace
}  // namespace graphiqa
