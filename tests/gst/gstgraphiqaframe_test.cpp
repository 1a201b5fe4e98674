// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The parts that look at pixels, apart from any pipeline.
#include "gstgraphiqaframe.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "filter_table.h"
#include "gst_support.h"
#include "gstgraphiqachooser.h"
#include "gstgraphiqapicture.h"

namespace graphiqa::test {
namespace {

constexpr const char* kRgbFormats[] = {"RGB",  "BGR",  "RGBA", "BGRA",
                                       "RGBx", "BGRx", "ARGB", "ABGR"};
constexpr const char* kYuvFormats[] = {"NV12", "NV21", "I420",      "YV12",
                                       "Y42B", "Y444", "P010_10LE", "I420_10LE",
                                       "YUY2", "UYVY"};

GstVideoInfo Info(const std::string& format, int width, int height,
                  const std::string& more = "") {
  return InfoFromCaps(
      "video/x-raw,format=" + format + ",width=" + std::to_string(width) +
      ",height=" + std::to_string(height) + ",framerate=25/1" + more);
}

std::vector<uint8_t> CutView(const GstVideoInfo& info, GstBuffer* buffer,
                             const View& view) {
  ViewCutter cutter;
  cutter.SetInfo(info);
  const MappedPicture picture(info, buffer);
  return cutter.Cut(picture, {view}, view.width).at(0).rgb;
}

/// The view's pixels out of an RGB picture of `width` pixels.
std::vector<uint8_t> Crop(const std::vector<uint8_t>& rgb, int width,
                          const View& view) {
  std::vector<uint8_t> result;
  for (int y = view.y; y < view.y + view.height; ++y) {
    const auto row = rgb.begin() + (y * width + view.x) * 3;
    result.insert(result.end(), row, row + view.width * 3);
  }
  return result;
}

int LargestDifference(const std::vector<uint8_t>& a,
                      const std::vector<uint8_t>& b) {
  EXPECT_EQ(a.size(), b.size());
  int largest = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    largest = std::max(largest, std::abs(a[i] - b[i]));
  }
  return largest;
}

std::vector<uint8_t> Painted(int width, int height) {
  std::vector<uint8_t> rgb;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Rgb color = Smooth(x, y);
      rgb.insert(rgb.end(), {color.red, color.green, color.blue});
    }
  }
  return rgb;
}

const View kViews[] = {
    {ViewKind::kNative, 0, 0, 97, 71},   {ViewKind::kNative, 11, 7, 40, 33},
    {ViewKind::kNative, 57, 31, 40, 40}, {ViewKind::kNative, 96, 70, 1, 1},
    {ViewKind::kWhole, 13, 0, 71, 71},
};

TEST(ViewCutter, RgbIsExact) {
  const std::vector<uint8_t> painted = Painted(97, 71);
  for (const char* format : kRgbFormats) {
    const GstVideoInfo info = Info(format, 97, 71);
    const BufferPtr buffer = Paint(info, Smooth);
    for (const View& view : kViews) {
      EXPECT_EQ(Crop(painted, 97, view), CutView(info, buffer.get(), view))
          << format << " at " << view.x << "," << view.y;
    }
  }
}

TEST(ViewCutter, AViewOfYuvIsAPartOfTheWholeConversion) {
  for (const char* format : kYuvFormats) {
    const GstVideoInfo info = Info(format, 97, 71);
    const BufferPtr buffer = Paint(info, Smooth);
    const auto whole = CutView(info, buffer.get(), kViews[0]);
    for (const View& view : kViews) {
      EXPECT_EQ(0, LargestDifference(Crop(whole, 97, view),
                                     CutView(info, buffer.get(), view)))
          << format << " at " << view.x << "," << view.y;
    }
  }
}

/// The picture by one conversion to 16 bits per value, rounded to 8.
std::vector<uint8_t> ConvertedAtOnce(const GstVideoInfo& info,
                                     GstBuffer* buffer) {
  const GstVideoInfo wide = Info("ARGB64", info.width, info.height);
  const BufferPtr converted(
      gst_buffer_new_allocate(nullptr, wide.size, nullptr));
  GstVideoFrame from, to;
  EXPECT_TRUE(gst_video_frame_map(&from, &info, buffer, GST_MAP_READ));
  EXPECT_TRUE(gst_video_frame_map(&to, &wide, converted.get(), GST_MAP_WRITE));
  GstVideoConverter* converter = gst_video_converter_new(
      &info, &wide,
      gst_structure_new("options", GST_VIDEO_CONVERTER_OPT_DITHER_METHOD,
                        GST_TYPE_VIDEO_DITHER_METHOD, GST_VIDEO_DITHER_NONE,
                        nullptr));
  gst_video_converter_frame(converter, &from, &to);
  gst_video_converter_free(converter);
  std::vector<uint8_t> rgb;
  const int pixels = info.width * info.height;
  const auto* values = static_cast<const uint16_t*>(to.data[0]);
  for (int i = 0; i < 4 * pixels; ++i) {
    if (i % 4 == 0) continue;  // alpha
    rgb.push_back(static_cast<uint8_t>((values[i] * 255u + 32767) / 65535));
  }
  gst_video_frame_unmap(&from);
  gst_video_frame_unmap(&to);
  return rgb;
}

/// Its 16 bits per value are up to 0.6 of 255 too bright in grey, since it
/// widens samples by repeating their bits, and more in colours.
TEST(ViewCutter, YuvIsNearWhatGStreamerConvertsItTo) {
  for (const char* format : kYuvFormats) {
    for (const char* colors : {"bt601", "bt709", "bt2020", "1:3:5:1"}) {
      const GstVideoInfo info =
          Info(format, 97, 201, std::string(",colorimetry=") + colors);
      const BufferPtr buffer = Paint(info, Smooth);
      EXPECT_GE(
          5, LargestDifference(ConvertedAtOnce(info, buffer.get()),
                               CutView(info, buffer.get(),
                                       View{ViewKind::kNative, 0, 0, 97, 201})))
          << format << " " << colors;
    }
  }
}

/// One component of a frame as it is defined, sample by sample.
class DefinedComponent {
 public:
  DefinedComponent(const GstVideoFrame& frame, guint index)
      : frame_(frame), index_(index) {}

  /// Where luma sample (x, y) lies.
  double At(int x, int y) const {
    const auto* format = frame_.info.finfo;
    const auto site = frame_.info.chroma_site;
    const auto place = [](int at, guint halved, bool cosited) {
      return halved == 0 ? at : cosited ? at / 2.0 : (at - 0.5) / 2.0;
    };
    return Interpolated(place(x, GST_VIDEO_FORMAT_INFO_W_SUB(format, index_),
                              (site & GST_VIDEO_CHROMA_SITE_H_COSITED) != 0),
                        place(y, GST_VIDEO_FORMAT_INFO_H_SUB(format, index_),
                              (site & GST_VIDEO_CHROMA_SITE_V_COSITED) != 0));
  }

 private:
  double Interpolated(double x, double y) const {
    const auto left = static_cast<int>(std::floor(x));
    const auto top = static_cast<int>(std::floor(y));
    const double right = x - left;
    const double bottom = y - top;
    return (1 - bottom) * ((1 - right) * Sample(left, top) +
                           right * Sample(left + 1, top)) +
           bottom * ((1 - right) * Sample(left, top + 1) +
                     right * Sample(left + 1, top + 1));
  }

  double Sample(int x, int y) const {
    x = std::clamp(x, 0, GST_VIDEO_FRAME_COMP_WIDTH(&frame_, index_) - 1);
    y = std::clamp(y, 0, GST_VIDEO_FRAME_COMP_HEIGHT(&frame_, index_) - 1);
    // In P010 GStreamer has V one byte after U, where it is not.
    const bool p010 =
        GST_VIDEO_FRAME_FORMAT(&frame_) == GST_VIDEO_FORMAT_P010_10LE;
    const auto* at = static_cast<const uint8_t*>(
                         GST_VIDEO_FRAME_COMP_DATA(&frame_, index_)) +
                     (p010 && index_ == 2 ? 1 : 0) +
                     y * GST_VIDEO_FRAME_COMP_STRIDE(&frame_, index_) +
                     x * GST_VIDEO_FRAME_COMP_PSTRIDE(&frame_, index_);
    if (GST_VIDEO_FRAME_COMP_DEPTH(&frame_, index_) == 8) return *at;
    return (at[0] | at[1] << 8) >>
           GST_VIDEO_FORMAT_INFO_SHIFT(frame_.info.finfo, index_);
  }

  const GstVideoFrame& frame_;
  const guint index_;
};

/// RGB of 0 to 255 by the equations of ITU-R BT.709, 3.2 and 3.4, for any Kr
/// and Kb.
std::vector<double> Defined(const GstVideoInfo& info, GstBuffer* buffer) {
  GstVideoFrame frame;
  EXPECT_TRUE(gst_video_frame_map(&frame, &info, buffer, GST_MAP_READ));
  gdouble kr = 0;
  gdouble kb = 0;
  EXPECT_TRUE(
      gst_video_color_matrix_get_Kr_Kb(info.colorimetry.matrix, &kr, &kb));
  const double unit = 1 << (GST_VIDEO_INFO_COMP_DEPTH(&info, 0) - 8);
  const bool full = info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
  const double most = 256 * unit - 1;
  const DefinedComponent luma(frame, 0), blue(frame, 1), red(frame, 2);
  std::vector<double> rgb;
  for (int i = 0; i < info.width * info.height; ++i) {
    const int x = i % info.width;
    const int y = i / info.width;
    const double e = full ? luma.At(x, y) / most
                          : (luma.At(x, y) - 16 * unit) / (219 * unit);
    const auto difference = [&](const DefinedComponent& component) {
      return (component.At(x, y) - 128 * unit) / (full ? most : 224 * unit);
    };
    const double r = e + 2 * (1 - kr) * difference(red);
    const double b = e + 2 * (1 - kb) * difference(blue);
    const double g = (e - kr * r - kb * b) / (1 - kr - kb);
    for (const double value : {r, g, b}) {
      rgb.push_back(std::clamp(255 * value, 0.0, 255.0));
    }
  }
  gst_video_frame_unmap(&frame);
  return rgb;
}

double LargestDifference(const std::vector<double>& expected,
                         const std::vector<uint8_t>& actual) {
  EXPECT_EQ(expected.size(), actual.size());
  double largest = 0;
  for (size_t i = 0; i < std::min(expected.size(), actual.size()); ++i) {
    largest = std::max(largest, std::abs(expected[i] - actual[i]));
  }
  return largest;
}

constexpr GstVideoChromaSite kSites[] = {GST_VIDEO_CHROMA_SITE_JPEG,
                                         GST_VIDEO_CHROMA_SITE_MPEG2,
                                         GST_VIDEO_CHROMA_SITE_COSITED};

TEST(ViewCutter, YuvIsConvertedAsDefined) {
  for (const char* format : kYuvFormats) {
    for (const char* colors : {"bt601", "bt709", "bt2020", "1:3:5:1"}) {
      for (const GstVideoChromaSite site : kSites) {
        GstVideoInfo info =
            Info(format, 97, 71, std::string(",colorimetry=") + colors);
        info.chroma_site = site;
        const BufferPtr buffer = Paint(info, Smooth);
        EXPECT_LE(
            LargestDifference(Defined(info, buffer.get()),
                              CutView(info, buffer.get(),
                                      View{ViewKind::kNative, 0, 0, 97, 71})),
            0.501)
            << format << " " << colors << " " << site;
      }
    }
  }
}

/// [area][width] to [size][size] as filter_table.h says, in double precision.
/// @param left  of the square area
std::vector<double> Scaled(const std::vector<double>& rgb, int width, int left,
                           int area, int size) {
  const FilterTable table = MakeFilterTable(area, size);
  const auto sum = [&table](int output, const auto& value) {
    const auto i = static_cast<size_t>(output);
    double total = 0;
    for (int t = 0; t < table.spans[i].count; ++t) {
      total += table.weights[i * static_cast<size_t>(table.taps) +
                             static_cast<size_t>(t)] *
               value(table.spans[i].start + t);
    }
    return total;
  };
  std::vector<double> result;
  for (int i = 0; i < size * size * 3; ++i) {
    result.push_back(sum(i / 3 / size, [&](int y) {
      return sum(i / 3 % size, [&](int x) {
        return rgb[static_cast<size_t>((y * width + left + x) * 3 + i % 3)];
      });
    }));
  }
  return result;
}

TEST(ViewCutter, WholeViewsOfYuvAreScaled) {
  constexpr int kArea = 190;
  constexpr int kLeft = 7;
  for (const char* format : kYuvFormats) {
    const GstVideoInfo info = Info(format, 201, kArea);
    const BufferPtr buffer = Paint(info, Smooth);
    const std::vector<double> defined = Defined(info, buffer.get());
    const View view{ViewKind::kWhole, kLeft, 0, kArea, kArea};
    ViewCutter cutter;
    cutter.SetInfo(info);
    const MappedPicture picture(info, buffer.get());
    for (const int size : {48, 64, 190, 230}) {
      const auto expected = Scaled(defined, 201, kLeft, kArea, size);
      // Twice: what is known of the first frame serves the second.
      for (int frame = 0; frame < 2; ++frame) {
        const ViewPixels pixels = cutter.Cut(picture, {view}, size).at(0);
        EXPECT_TRUE(pixels.scaled);
        // Values beyond the range are cut before scaling in one, after it in
        // the other.
        EXPECT_LE(LargestDifference(expected, pixels.rgb), 0.6)
            << format << " to " << size;
      }
    }
  }
}

TEST(ViewCutter, YuvIsNearThePicture) {
  const std::vector<uint8_t> painted = Painted(96, 72);
  for (const char* format : kYuvFormats) {
    for (const char* colors : {"bt601", "bt709", "bt2020", "1:3:5:1"}) {
      const GstVideoInfo info =
          Info(format, 96, 72, std::string(",colorimetry=") + colors);
      const BufferPtr buffer = Paint(info, Smooth);
      const View inner{ViewKind::kNative, 9, 9, 70, 50};
      EXPECT_LE(LargestDifference(Crop(painted, 96, inner),
                                  CutView(info, buffer.get(), inner)),
                16)
          << format << " " << colors;
    }
  }
}

TEST(ViewCutter, GreyKeepsItsValue) {
  const GstVideoInfo info = Info("GRAY8", 64, 64);
  const BufferPtr buffer(gst_buffer_new_allocate(nullptr, info.size, nullptr));
  gst_buffer_memset(buffer.get(), 0, 123, info.size);
  const auto rgb =
      CutView(info, buffer.get(), {ViewKind::kNative, 3, 5, 20, 20});
  EXPECT_EQ(std::vector<uint8_t>(20 * 20 * 3, 123), rgb);
}

TEST(ViewCutter, LevelsOfYuvAreTrue) {
  for (const char* format : kYuvFormats) {
    const GstVideoInfo info = Info(format, 64, 64);
    for (const int value : {0, 50, 128, 200, 255}) {
      const auto grey = static_cast<uint8_t>(value);
      const BufferPtr buffer = Paint(info, [grey](int, int) {
        return Rgb{grey, grey, grey};
      });
      const auto rgb =
          CutView(info, buffer.get(), {ViewKind::kNative, 8, 8, 16, 16});
      EXPECT_LE(LargestDifference(rgb, std::vector<uint8_t>(768, grey)), 1)
          << format << " " << value;
    }
  }
}

TEST(ViewCutter, StridesDoNotMatter) {
  for (const char* format : {"RGB", "NV12", "I420", "P010_10LE", "YUY2"}) {
    for (const int extra : {2, 32, 130}) {
      const GstVideoInfo info = Info(format, 34, 21);
      const BufferPtr plain = Paint(info, Smooth);
      const BufferPtr wide = WithStrides(info, plain.get(), extra);
      const View view{ViewKind::kNative, 5, 3, 27, 18};
      EXPECT_EQ(CutView(info, plain.get(), view),
                CutView(info, wide.get(), view))
          << format << " +" << extra;
    }
  }
}

TEST(ViewCutter, OfInterlacedVideoOnlyEvenLinesAreSeen) {
  for (const char* format : {"RGB", "NV12", "I420", "Y42B"}) {
    const GstVideoInfo info =
        Info(format, 64, 48, ",interlace-mode=interleaved");
    // Lines of the bottom field are white; 4:2:0 chroma is neutral anyway.
    const BufferPtr buffer = Paint(info, [](int, int y) {
      return y % 2 == 0 ? Rgb{60, 60, 60} : Rgb{255, 255, 255};
    });
    const MappedPicture picture(info, buffer.get());
    EXPECT_EQ(24, picture.height());
    ViewCutter cutter;
    cutter.SetInfo(info);
    const auto rgb =
        cutter.Cut(picture, {{ViewKind::kNative, 7, 3, 40, 20}}, 40).at(0).rgb;
    EXPECT_LE(LargestDifference(rgb, std::vector<uint8_t>(40 * 20 * 3, 60)), 2)
        << format;
  }
}

TEST(MappedPicture, NamesABufferThatIsTooSmall) {
  const GstVideoInfo info = Info("RGB", 64, 48);
  const BufferPtr buffer(gst_buffer_new_allocate(nullptr, 100, nullptr));
  try {
    const MappedPicture picture(info, buffer.get());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string::npos, std::string(error.what()).find("100 bytes"));
  }
}

PictureState StateOf(const std::string& format, const Painter& painter) {
  const GstVideoInfo info = Info(format, 160, 90);
  const BufferPtr buffer = Paint(info, painter);
  const MappedPicture picture(info, buffer.get());
  return StillState(SampleLuma(picture));
}

TEST(PictureState, IsToldFromEveryFormat) {
  std::vector<std::string> formats(std::begin(kYuvFormats),
                                   std::end(kYuvFormats));
  formats.insert(formats.end(), std::begin(kRgbFormats), std::end(kRgbFormats));
  formats.push_back("GRAY8");
  for (const std::string& format : formats) {
    EXPECT_EQ(PictureState::kNormal, StateOf(format, Smooth)) << format;
    EXPECT_EQ(PictureState::kBlack,
              StateOf(format,
                      [](int x, int) {
                        return Rgb{static_cast<uint8_t>(x % 8), 4, 4};
                      }))
        << format;
    EXPECT_EQ(PictureState::kFlat, StateOf(format,
                                           [](int, int) {
                                             return Rgb{90, 90, 90};
                                           }))
        << format;
  }
}

TEST(PictureWatch, FrozenAfterASecond) {
  for (const char* format : {"NV12", "I420_10LE", "RGB"}) {
    const GstVideoInfo info = Info(format, 160, 90);
    const BufferPtr still = Paint(info, Smooth);
    PictureWatch watch;
    const MappedPicture picture(info, still.get());
    for (int i = 0; i < 25; ++i) {
      ASSERT_EQ(PictureState::kNormal,
                watch.Update(SampleLuma(picture),
                             static_cast<GstClockTime>(i) * 40 * GST_MSECOND))
          << format << " frame " << i;
    }
    EXPECT_EQ(PictureState::kFrozen,
              watch.Update(SampleLuma(picture), GST_SECOND));
    const BufferPtr moved =
        Paint(info, [](int x, int y) { return Smooth(x + 1, y); });
    const MappedPicture next(info, moved.get());
    EXPECT_EQ(PictureState::kNormal,
              watch.Update(SampleLuma(next), GST_SECOND + 40 * GST_MSECOND));
  }
}

TEST(PictureWatch, CountsFramesWithoutTime) {
  const GstVideoInfo info = Info("RGB", 160, 90);
  const BufferPtr still = Paint(info, Smooth);
  const MappedPicture picture(info, still.get());
  PictureWatch watch;
  PictureState state = PictureState::kNormal;
  for (int i = 0; i < 26; ++i) {
    EXPECT_EQ(PictureState::kNormal, state) << i;
    state = watch.Update(SampleLuma(picture), GST_CLOCK_TIME_NONE);
  }
  EXPECT_EQ(PictureState::kFrozen, state);
}

TEST(PictureWatch, BlackGoesBeforeFrozen) {
  const GstVideoInfo info = Info("RGB", 160, 90);
  const BufferPtr black = Paint(info, [](int, int) { return Rgb{0, 0, 0}; });
  const MappedPicture picture(info, black.get());
  PictureWatch watch;
  watch.Update(SampleLuma(picture), 0);
  EXPECT_EQ(PictureState::kBlack,
            watch.Update(SampleLuma(picture), 5 * GST_SECOND));
}

TEST(FrameNumbers, FollowStreamTimeWhereKnown) {
  FrameNumbers numbers;
  EXPECT_EQ(0u, numbers.Next(30000, 1001, 0));
  EXPECT_EQ(100u, numbers.Next(30000, 1001, 3336666666));
  EXPECT_EQ(2u, numbers.Next(0, 1, 3336666666));
  EXPECT_EQ(3u, numbers.Next(25, 1, GST_CLOCK_TIME_NONE));
}

TEST(FrameChooser, TakesOneFrameOfEachSlotWhateverTheRounding) {
  FrameChooser chooser;
  const ChoiceRule rule{1, 10, 1};
  int chosen = 0;
  for (guint64 i = 0; i < 300; ++i) {  // 30 frames per second, cut to ns
    chosen += chooser.Choose(rule, i * GST_SECOND / 30) ? 1 : 0;
  }
  EXPECT_EQ(100, chosen);
}

}  // namespace
}  // namespace graphiqa::test
