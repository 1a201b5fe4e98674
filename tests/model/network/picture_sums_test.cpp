// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The whole-number sums of PictureStatistics() on the CPU, which go over many
// pixels at once, against loops over the functions of one pixel.
#include "network/picture_sums.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "network/picture_planes.h"

namespace graphiqa {
namespace {

using Sums = std::vector<int64_t>;

struct Picture {
  int width, height;
  std::vector<PixelCodes> pixels;

  const PixelCodes& At(int x, int y) const {
    return pixels[static_cast<size_t>(y * width + x)];
  }
  int Value(Plane plane, int x, int y) const {
    const PixelCodes& codes = At(x, y);
    return plane < kRed ? codes.ycc[plane] : codes.rgb[plane - kRed];
  }
  int Around(Plane plane, int x, int y) const {
    return Value(plane, x, y - 1) + Value(plane, x, y + 1) +
           Value(plane, x - 1, y) + Value(plane, x + 1, y);
  }
  uint32_t Colour(int x, int y) const {
    const auto& rgb = At(x, y).rgb;
    return PackedColour(rgb[0], rgb[1], rgb[2]);
  }
  bool IsInner(int x, int y) const {
    return x > 0 && y > 0 && x < width - 1 && y < height - 1;
  }
  void ForEach(const std::function<void(int, int)>& what) const {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) what(x, y);
    }
  }
};

using Code = std::function<int(int x, int y, int channel)>;

Picture Draw(int width, int height, const Code& code) {
  Picture picture{width, height, {}};
  picture.ForEach([&](int x, int y) {
    picture.pixels.push_back(CodesOf(static_cast<float>(code(x, y, 0)),
                                     static_cast<float>(code(x, y, 1)),
                                     static_cast<float>(code(x, y, 2))));
  });
  return picture;
}

void AddBins(const Picture& picture, Sums* sums) {
  picture.ForEach([&](int x, int y) {
    const PixelCodes& codes = picture.At(x, y);
    ++sums->at(kLumaSums + LumaBin(codes.ycc[0]));
    ++sums->at(kChromaSums + ChromaBin(codes.ycc[1], codes.ycc[2]));
    for (int c = 0; c < 3; ++c) {
      ++sums->at(kColourSums + c * kColourBins + ColourBin(codes.rgb[c]));
      ++sums->at(kCodeCounts + c * kCodes + Within(codes.rgb[c], kCodes - 1));
    }
  });
}

void AddResiduals(const Picture& picture, Sums* sums) {
  picture.ForEach([&](int x, int y) {
    if (!picture.IsInner(x, y)) return;
    const int tone = ToneClass(picture.Around(kY, x, y));
    ++sums->at(kClassCounts + tone);
    for (int k = 0; k < 3; ++k) {
      const auto plane = static_cast<Plane>(k);
      const int residual =
          ResidualOf(picture.Value(plane, x, y), picture.Around(plane, x, y));
      const int base = kResiduals + k * kResidualSums;
      sums->at(base + tone) += residual;
      sums->at(base + kToneClasses) += RootOf(residual);
      sums->at(base + kToneClasses + 1) += residual * residual;
    }
  });
}

void AddStructure(const Picture& picture, Sums* sums) {
  picture.ForEach([&](int x, int y) {
    for (int i = 0; i < kDirections * kSteps; ++i) {
      const int u = x + StepRight(i / kSteps, StepOf(i % kSteps));
      const int v = y + StepDown(i / kSteps, StepOf(i % kSteps));
      if (u < 0 || u >= picture.width || v >= picture.height) continue;
      sums->at(kStructureSums + i) +=
          std::abs(picture.Value(kY, x, y) - picture.Value(kY, u, v));
    }
  });
}

int SignedAt(const Picture& picture, int channel, int x, int y) {
  const auto plane = static_cast<Plane>(kRed + channel);
  return SignedResidual(picture.Value(plane, x, y),
                        picture.Around(plane, x, y));
}

void AddPairs(const Picture& picture, Sums* sums) {
  picture.ForEach([&](int x, int y) {
    if (!picture.IsInner(x, y)) return;
    int residuals[3];
    for (int c = 0; c < 3; ++c) {
      residuals[c] = SignedAt(picture, c, x, y);
      sums->at(kSquares + c) += residuals[c] * residuals[c];
    }
    for (int pair = 0; pair < 3; ++pair) {
      const int a = residuals[FirstOf(pair)], b = residuals[SecondOf(pair)];
      const int base = kPairs + pair * kPairSums;
      sums->at(base + 2 * kPairClasses) += a * b;
      const int found = PairClass(a, b);
      if (found < 0) continue;
      ++sums->at(base + kPairClasses + found);
      sums->at(base + found) += a * b > 0 ? 1 : 0;
    }
  });
}

/// @param right,down  a pixel across the seams
void AddSeams(const Picture& picture, int right, int down, int64_t* counts) {
  const auto step = [&](int x, int y) {
    return std::abs(picture.Value(kY, x + right, y + down) -
                    picture.Value(kY, x, y));
  };
  const int beyond_x = right * kSeamSurroundings + down * (kSeamLength - 1);
  const int beyond_y = down * kSeamSurroundings + right * (kSeamLength - 1);
  picture.ForEach([&](int x, int y) {
    if (x + beyond_x >= picture.width || y + beyond_y >= picture.height) return;
    int sum = 0;
    for (int i = 0; i < kSeamLength; ++i) {
      const int u = x + i * down, v = y + i * right;
      sum += SeamOf(step(u, v), step(u + right, v + down),
                    step(u + 2 * right, v + 2 * down));
    }
    for (int level = 0; level < kSeamLevels; ++level) {
      counts[level] += sum > SeamThreshold(level) ? 1 : 0;
    }
  });
}

uint32_t HashAt(const Picture& picture, int x, int y) {
  uint32_t rows[3][3];
  for (int i = 0; i < 9; ++i) {
    rows[i / 3][i % 3] = picture.Colour(x + i % 3 - 1, y + i / 3 - 1);
  }
  return CopyHash(rows[0] + 1, rows[1] + 1, rows[2] + 1);
}

bool IsTexturedAt(const Picture& picture, int x, int y) {
  int sum = 0;
  for (int i = 0; i < 9; ++i) {
    sum += picture.Value(kY, x + i % 3 - 1, y + i / 3 - 1);
  }
  return IsTextured(picture.Value(kY, x, y), sum);
}

void AddCopies(const Picture& picture, Sums* sums) {
  std::vector<uint32_t> hashes;
  picture.ForEach([&](int x, int y) {
    hashes.push_back(picture.IsInner(x, y) ? HashAt(picture, x, y) : kNoCopy);
  });
  picture.ForEach([&](int x, int y) {
    if (!picture.IsInner(x, y) || !IsTexturedAt(picture, x, y)) return;
    ++sums->at(kCopyCounts + kCopyShifts);
    const auto at = static_cast<size_t>(y * picture.width + x);
    int shift = kCopyCounts - 1;
    for (int down = 0; down <= kCopyReach; ++down) {
      for (int right = -kCopyReach; right <= kCopyReach; ++right) {
        if (!IsCopyShift(right, down)) continue;
        ++shift;
        if (!picture.IsInner(x + right, y + down)) continue;
        const int to = down * picture.width + right;
        const bool same = hashes[at] == hashes[at + static_cast<size_t>(to)];
        sums->at(shift) += same ? 1 : 0;
      }
    }
  });
}

void AddShifts(const Picture& picture, Sums* sums) {
  for (int row = 0; row < ShiftRows(picture.height); ++row) {
    const int y = kShiftMargin + row * kShiftRowStep;
    for (int x = kShiftMargin; x < picture.width - kShiftMargin; ++x) {
      const int red = SignedAt(picture, 0, x, y);
      const int green = SignedAt(picture, 1, x, y);
      sums->at(kShiftCounts + kShiftPlaces) += red * red;
      sums->at(kShiftCounts + kShiftPlaces + 1) += green * green;
      for (int place = 0; place < kShiftPlaces; ++place) {
        const int right = place % kShiftSide - kShiftReach;
        const int down = place / kShiftSide - kShiftReach;
        if (!IsShiftPlace(right, down)) continue;
        sums->at(kShiftCounts + place) +=
            red * SignedAt(picture, 1, x + right, y + down);
      }
    }
  }
}

/// Pixels of one colour through a pixel, along a line.
int RunThrough(const Picture& picture, int x, int y, int right, int down) {
  const uint32_t colour = picture.Colour(x, y);
  int length = 1;
  for (const int way : {-1, 1}) {
    for (int i = way;; i += way) {
      const int u = x + i * right, v = y + i * down;
      if (u < 0 || v < 0 || u >= picture.width || v >= picture.height) break;
      if (picture.Colour(u, v) != colour || length > kLongestFlat) break;
      ++length;
    }
  }
  return length;
}

void AddFlats(const Picture& picture, Sums* sums) {
  picture.ForEach([&](int x, int y) {
    const int length = std::min(RunThrough(picture, x, y, 1, 0),
                                RunThrough(picture, x, y, 0, 1));
    for (int column = 0; column < kFlatColumns; ++column) {
      sums->at(kFlatCounts + column) += length >= FlatLength(column) ? 1 : 0;
    }
  });
}

Sums DirectSums(const Picture& picture) {
  Sums sums(kPictureSums);
  AddBins(picture, &sums);
  AddResiduals(picture, &sums);
  AddStructure(picture, &sums);
  AddPairs(picture, &sums);
  AddSeams(picture, 1, 0, sums.data() + kSeamCounts);
  AddSeams(picture, 0, 1, sums.data() + kSeamCounts + kSeamLevels);
  AddCopies(picture, &sums);
  AddShifts(picture, &sums);
  AddFlats(picture, &sums);
  return sums;
}

void Fill(const Picture& picture, PicturePlanes* planes) {
  for (int k = 0; k < kPlanes; ++k) {
    const auto plane = static_cast<Plane>(k);
    for (int y = 0; y < picture.height; ++y) {
      int16_t* row = planes->Row(plane, y);
      std::fill_n(row, planes->stride, int16_t{0});
      for (int x = 0; x < picture.width; ++x) {
        row[x] = static_cast<int16_t>(picture.Value(plane, x, y));
      }
    }
  }
}

/// @param memory,scratch  with what the last picture left in them
Sums FastSums(const Picture& picture, Scratch* memory, Scratch* scratch) {
  memory->Clear();
  PicturePlanes planes(picture.width, picture.height, memory);
  Fill(picture, &planes);
  Sums sums(kPictureSums);
  const auto add = [&](const auto& sum, int place) {
    scratch->Clear();
    sum(planes, scratch, sums.data() + place);
  };
  add(SumBins, 0);
  add(SumResiduals, 0);
  add(SumStructure, 0);
  add(SumPairs, 0);
  add(SumSeams, kSeamCounts);
  add(SumCopies, kCopyCounts);
  add(SumShifts, kShiftCounts);
  add(SumFlats, kFlatCounts);
  return sums;
}

struct Pattern {
  const char* name;
  Code code;
};

std::vector<Pattern> Patterns() {
  static std::mt19937 random(41);
  const auto below = [](int end) {
    return static_cast<int>(random() % static_cast<unsigned>(end));
  };
  return {
      {"random", [=](int, int, int) { return below(256); }},
      {"black", [](int, int, int) { return 0; }},
      {"white", [](int, int, int) { return 255; }},
      {"board", [](int x, int y, int) { return (x + y) % 2 * 255; }},
      {"columns", [](int x, int, int) { return x % 2 * 255; }},
      {"rows", [](int, int y, int) { return y % 2 * 255; }},
      {"far off", [=](int, int, int) { return below(2) * 2000 - 1000; }},
      {"a little off", [=](int, int, int) { return below(300) - 20; }},
      {"two tones", [=](int, int, int c) { return c + below(3) / 2 * 90; }},
      {"grain",
       [=](int x, int y, int c) {
         return std::min(255, x / 2 + y / 3 + 9 * c + below(9));
       }},
      {"tiles",
       [](int x, int y, int c) {
         return (x % 6 * 41 + y % 4 * 57 + x % 6 * (y % 4) * 13 + 9 * c) % 256;
       }},
      {"blocks",
       [](int x, int y, int c) {
         return (x / 19 * 7 + y / 23 * 11 + 3 * c) % 256;
       }},
      {"halves",
       [=](int x, int y, int c) {
         return x < 40 ? (y < 25 ? 200 : 20 * c) : below(256);
       }},
  };
}

TEST(PictureSums, EqualDirectOnes) {
  Scratch memory, scratch;
  for (const auto& [width, height] : std::vector<std::pair<int, int>>{
           {16, 16}, {17, 33}, {320, 320}, {97, 211}, {64, 40}}) {
    for (const Pattern& pattern : Patterns()) {
      SCOPED_TRACE(std::string(pattern.name) + ", " + std::to_string(width));
      const Picture picture = Draw(width, height, pattern.code);
      const Sums wanted = DirectSums(picture);
      const Sums found = FastSums(picture, &memory, &scratch);
      for (size_t i = 0; i < wanted.size(); ++i) {
        ASSERT_EQ(found[i], wanted[i]) << "sum " << i;
      }
    }
  }
}

/// In noise, where each patch is found by its own shift alone.
TEST(PictureSums, EachShiftFindsItsCopy) {
  constexpr int kSide = 90, kPatch = 12;
  Scratch memory, scratch;
  std::mt19937 random(43);
  int shift = 0;
  for (int down = 0; down <= kCopyReach; ++down) {
    for (int right = -kCopyReach; right <= kCopyReach; ++right) {
      if (!IsCopyShift(right, down)) continue;
      Picture picture = Draw(kSide, kSide, [&](int, int, int) {
        return static_cast<int>(random() % 256);
      });
      const auto at = [&](int x, int y) -> PixelCodes& {
        return picture.pixels[static_cast<size_t>(y * kSide + x)];
      };
      // Across the border of what is looked for at once; a patch that overlaps
      // with its copy goes on in it.
      const int left = kPlaneLanes - kPatch / 2, top = 70;
      for (int i = 0; i < kPatch * kPatch; ++i) {
        const int x = left + (right > 0 ? i % kPatch : kPatch - 1 - i % kPatch);
        const int y = top + i / kPatch - down;
        at(x + right, y + down) = at(x, y);
      }
      const Sums found = FastSums(picture, &memory, &scratch);
      EXPECT_EQ(found, DirectSums(picture)) << right << ", " << down;
      EXPECT_GT(found[static_cast<size_t>(kCopyCounts + shift)], 0)
          << right << ", " << down;
      ++shift;
    }
  }
  EXPECT_EQ(shift, kCopyShifts);
}

/// Each group of sums has pictures for which it is not 0.
TEST(PictureSums, AreThere) {
  Scratch memory, scratch;
  Sums most(kPictureSums);
  for (const Pattern& pattern : Patterns()) {
    const Sums found = FastSums(Draw(97, 211, pattern.code), &memory, &scratch);
    for (size_t i = 0; i < most.size(); ++i) {
      most[i] = std::max(most[i], std::abs(found[i]));
    }
  }
  for (const int place :
       {kLumaSums, kColourSums, kChromaSums, kResiduals, kStructureSums,
        kClassCounts, kCodeCounts, kPairs, kSquares, kSeamCounts,
        kSeamCounts + kSeamColumns - 1, kCopyCounts + kCopyShifts - 1,
        kCopyCounts + kCopyShifts, kShiftCounts + kShiftPlaces / 2, kFlatCounts,
        kFlatCounts + 1}) {
    EXPECT_GT(most[static_cast<size_t>(place)], 0) << place;
  }
}

TEST(PictureSums, PicturesAreReadInBothLayouts) {
  constexpr int kWidth = 45, kHeight = 20, kArea = kWidth * kHeight;
  const ColourScale scale{{0.5f, 0.4f, 0.3f}, {0.25f, 0.2f, 0.5f}};
  std::mt19937 random(42);
  std::vector<int> codes(3 * kArea);
  std::vector<float> mixed(codes.size()), apart(codes.size());
  for (size_t i = 0; i < codes.size(); ++i) {
    codes[i] = static_cast<int>(random() % 256);
    const float value = static_cast<float>(codes[i]) / 255;
    mixed[i] = (value - scale.mean[i % 3]) / scale.std[i % 3];
    apart[i % 3 * kArea + i / 3] = mixed[i];
  }
  Scratch memory;
  PicturePlanes of_mixed(kWidth, kHeight, &memory);
  PicturePlanes of_apart(kWidth, kHeight, &memory);
  ReadPicture({mixed.data(), 3, 1}, scale, &of_mixed);
  ReadPicture({apart.data(), 1, kArea}, scale, &of_apart);
  for (int i = 0; i < kArea; ++i) {
    for (int k = 0; k < kPlanes; ++k) {
      const auto plane = static_cast<Plane>(k);
      const int found = of_mixed.Row(plane, i / kWidth)[i % kWidth];
      EXPECT_EQ(of_apart.Row(plane, i / kWidth)[i % kWidth], found);
      if (plane < kRed) continue;
      EXPECT_EQ(found, codes[static_cast<size_t>(3 * i + k - kRed)]);
    }
  }
  EXPECT_EQ(of_mixed.Row(kY, 3)[kWidth], 0) << "beyond the row";
}

}  // namespace
}  // namespace graphiqa
