// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "dataset_trees.h"
#include "split.h"

namespace graphiqa {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

Dataset ReadTree(const std::string& name, const ScratchFolder& folder) {
  return ReadDataset(name, TreeOptions(name, folder));
}

Dataset MakeAndRead(const std::string& name, const ScratchFolder& folder) {
  MakeTree(name, folder);
  return ReadTree(name, folder);
}

const Sample& Named(const Dataset& dataset, const std::string& image) {
  for (const Sample& sample : dataset.samples) {
    if (sample.image == image) return sample;
  }
  ADD_FAILURE() << "no sample " << image;
  static const Sample none;
  return none;
}

std::set<std::string> Groups(const Dataset& dataset) {
  std::set<std::string> groups;
  for (const Sample& sample : dataset.samples) groups.insert(sample.group);
  return groups;
}

/// The path below the tree's root, as it is on disk.
std::string Below(const std::string& path, const ScratchFolder& folder) {
  return std::filesystem::path(path).lexically_relative(folder.path()).string();
}

TEST(DatasetsTest, EveryTreeOfTheTableIsReadWhole) {
  for (const DatasetEntry* entry = kDatasets; entry->name; ++entry) {
    SCOPED_TRACE(entry->name);
    const ScratchFolder folder;
    const Dataset dataset = MakeAndRead(entry->name, folder);
    EXPECT_EQ(dataset.name, entry->name);
    EXPECT_FALSE(dataset.licence.empty());
    EXPECT_FALSE(dataset.samples.empty());
    for (const Sample& sample : dataset.samples) {
      EXPECT_TRUE(std::filesystem::is_regular_file(sample.path)) << sample.path;
      EXPECT_FALSE(sample.group.empty()) << sample.image;
      if (!sample.reference.empty()) {
        EXPECT_TRUE(std::filesystem::is_regular_file(sample.reference))
            << sample.reference;
      }
      if (dataset.rated) {
        EXPECT_GE(dataset.Score(sample), 0) << sample.image;
        EXPECT_LE(dataset.Score(sample), 100) << sample.image;
      }
    }
    const Split split = MakeSplit(dataset, 0.25, 1);
    EXPECT_FALSE(split.train.empty());
    EXPECT_FALSE(split.val.empty());
  }
}

TEST(DatasetsTest, Kadid10kHasTypeLevelAndOriginal) {
  const ScratchFolder folder;
  const Dataset dataset = MakeAndRead("kadid10k", folder);
  EXPECT_TRUE(dataset.rated);
  EXPECT_EQ(dataset.samples.size(), 60u);
  EXPECT_THAT(Groups(dataset), ElementsAre("i01", "i02", "i03", "i04"));
  const Sample& sample = Named(dataset, "I02_10_05.png");
  EXPECT_EQ(sample.distortion, 10);
  EXPECT_EQ(sample.subset, "10");
  EXPECT_EQ(sample.level, 5);
  EXPECT_EQ(sample.mos, 1.5);
  EXPECT_EQ(dataset.Score(sample), 12.5);
  EXPECT_EQ(Below(sample.path, folder), "images/I02_10_05.png");
  EXPECT_EQ(Below(sample.reference, folder), "images/I02.png");
}

TEST(DatasetsTest, KadidToPretrainAddsTheOriginals) {
  const ScratchFolder folder;
  const Dataset dataset = MakeAndRead("kadid-P", folder);
  EXPECT_FALSE(dataset.rated);
  EXPECT_EQ(dataset.samples.size(), 64u);
  const Sample& original = Named(dataset, "I03.png");
  EXPECT_EQ(original.distortion, 0);
  EXPECT_TRUE(std::isnan(original.mos));
  EXPECT_EQ(original.group, Named(dataset, "I03_25_01.png").group);
  EXPECT_NE(MessageOf([&] { RequireRatings(dataset); }), "");
}

TEST(DatasetsTest, ListsByTypeOfTheReleasedCodeAreRead) {
  const ScratchFolder folder;
  MakeTree("kadid-P", folder);
  for (const char* data : {"25_types_csv", "25_types_csv/"}) {
    const Dataset dataset = ReadDataset("kadid-P", {folder.File(data), "", ""});
    EXPECT_EQ(dataset.samples.size(), 4u);  // two and their originals
    const Sample& sample = Named(dataset, "I01_01_02.png");
    EXPECT_EQ(sample.distortion, 1);
    EXPECT_EQ(sample.level, 2);
    EXPECT_EQ(sample.mos, 3.6);
    EXPECT_EQ(Below(sample.reference, folder), "images/I01.png");
  }
}

TEST(DatasetsTest, KadisIsReadByItsReferenceList) {
  const ScratchFolder folder;
  const Dataset dataset = MakeAndRead("kadis-P", folder);
  EXPECT_FALSE(dataset.rated);
  EXPECT_EQ(dataset.samples.size(), 5u * 5 + 4);
  const Sample& odd = Named(dataset, "b_01_02_09_03.bmp");
  EXPECT_EQ(odd.distortion, 9);
  EXPECT_EQ(odd.level, 3);
  EXPECT_EQ(odd.group, "b_01_02");
  EXPECT_EQ(Below(odd.reference, folder), "ref_imgs/b_01_02.png");
  EXPECT_EQ(Named(dataset, "d_08_05.bmp").distortion, 8);
  EXPECT_EQ(Named(dataset, "a-1-2_3.png").distortion, 0);
  EXPECT_THAT(Groups(dataset), ElementsAre("a-1-2_3", "b_01_02", "c-900", "d"));
}

/// The lists of the released code: no ratings, type 8 empty.
TEST(DatasetsTest, KadisIsReadByListsOfTypes) {
  const ScratchFolder folder;
  MakeTree("kadis-P", folder);
  folder.Remove("kadis700k_ref_imgs.csv");
  for (int type = 1; type <= 25; ++type) {
    std::string list = "dist_img,dmos,type,level\n";
    if (type == 7) list += "c-900_07_04.bmp,1,7,4\nd_07_01.bmp,1,7,1\n";
    folder.Write("25_types_csv/type" + std::to_string(type) + ".csv", list);
  }
  const Dataset dataset = ReadTree("kadis-P", folder);
  EXPECT_EQ(dataset.samples.size(), 4u);
  EXPECT_TRUE(std::isnan(Named(dataset, "c-900_07_04.bmp").mos));
  EXPECT_EQ(Named(dataset, "d_07_01.bmp").group, "d");
  EXPECT_EQ(Named(dataset, "d.png").distortion, 0);
  folder.Remove("ref_imgs");
  const Dataset bare = ReadDataset(
      "kadis-P", {folder.File("25_types_csv"), folder.File("dist_imgs"), ""});
  EXPECT_EQ(bare.samples.size(), 2u);
  EXPECT_EQ(bare.samples[0].reference, "");
}

TEST(DatasetsTest, LiveDropsUndistortedCopiesAndKeepsTheOrder) {
  const ScratchFolder folder;
  const Dataset dataset = MakeAndRead("live", folder);
  EXPECT_EQ(dataset.samples.size(), 15u);  // three of four in five folders
  EXPECT_EQ(dataset.samples.front().image, "jp2k/img1.bmp");
  EXPECT_EQ(dataset.samples.back().image, "fastfading/img3.bmp");
  const Sample& sample = Named(dataset, "jpeg/img2.bmp");
  EXPECT_EQ(sample.mos, -2.64 + 51);
  EXPECT_EQ(sample.subset, "jpeg");
  EXPECT_EQ(sample.distortion, 10);
  EXPECT_EQ(sample.group, "sea2");
  EXPECT_EQ(Below(sample.reference, folder), "refimgs/sea2.bmp");
  EXPECT_EQ(Named(dataset, "wn/img1.bmp").group, "lake");
  EXPECT_EQ(Named(dataset, "fastfading/img1.bmp").distortion, -1);
  EXPECT_GT(dataset.mos_low, dataset.mos_high);
  EXPECT_GT(dataset.Score(Named(dataset, "wn/img1.bmp")),
            dataset.Score(Named(dataset, "wn/img2.bmp")));
}

TEST(DatasetsTest, LiveChallengeDropsTheTrainingPictures) {
  const ScratchFolder folder;
  const Dataset dataset = MakeAndRead("livec", folder);
  EXPECT_EQ(dataset.samples.size(), 8u);
  EXPECT_EQ(dataset.samples[0].image, "10.bmp");
  EXPECT_EQ(dataset.samples[1].image, "11.JPG");
  EXPECT_EQ(dataset.samples[2].mos, 3.42 + 50);
  std::filesystem::rename(folder.File("Images"), folder.File("images"));
  EXPECT_EQ(ReadTree("livec", folder).samples.size(), 8u);
}

TEST(DatasetsTest, KoniqTakesScoresAndTheOfficialSplit) {
  const ScratchFolder folder;
  const Dataset dataset = MakeAndRead("koniq-10k", folder);
  EXPECT_EQ(dataset.samples.size(), 12u);
  EXPECT_EQ(dataset.samples[1].mos, 12);
  EXPECT_EQ(dataset.mos_high, 100);
  const Split split = MakeSplit(dataset, 0.2, 1);
  EXPECT_EQ(split.train.size(), 6u);
  EXPECT_THAT(split.val, ElementsAre(2u, 6u, 10u));
  EXPECT_THAT(split.test, ElementsAre(3u, 7u, 11u));
}

TEST(DatasetsTest, KoniqKnowsTheScaleOfEachColumn) {
  const ScratchFolder folder;
  MakeTree("koniq-10k", folder);
  folder.Remove("koniq10k_scores_and_distributions.csv");
  Dataset dataset = ReadTree("koniq-10k", folder);  // MOS of the sets: 0-100
  EXPECT_EQ(dataset.mos_high, 100);
  EXPECT_EQ(dataset.samples[1].mos, 12);
  folder.Remove("koniq10k_distributions_sets.csv");
  folder.Write("data.csv",
               "image_name,MOS\n10004473376.jpg,1.5\n10004473377.jpg,4\n");
  dataset = ReadTree("koniq-10k", folder);
  EXPECT_EQ(dataset.mos_low, 1);
  EXPECT_EQ(dataset.mos_high, 5);
  EXPECT_EQ(dataset.Score(dataset.samples[1]), 75);
  EXPECT_EQ(dataset.samples[1].part, "");
}

TEST(DatasetsTest, KoniqReadsTheFolderThatIsAskedFor) {
  const ScratchFolder folder;
  MakeTree("koniq-10k", folder);
  std::filesystem::copy(folder.File("1024x768"), folder.File("512x384"));
  EXPECT_EQ(Below(ReadTree("koniq-10k", folder).samples[0].path, folder),
            "1024x768/10004473376.jpg");
  const Dataset small =
      ReadDataset("koniq-10k", {folder.path(), folder.File("512x384"), ""});
  EXPECT_EQ(Below(small.samples[0].path, folder), "512x384/10004473376.jpg");
}

TEST(DatasetsTest, CsiqTellsJpegFromJpeg2000) {
  const ScratchFolder folder;
  const Dataset dataset = MakeAndRead("csiq", folder);
  EXPECT_EQ(dataset.samples.size(), 12u);
  const Sample& jpeg = Named(dataset, "1600.JPEG.2.png");
  EXPECT_EQ(jpeg.subset, "JPEG");
  EXPECT_EQ(jpeg.distortion, 10);
  EXPECT_EQ(jpeg.level, 2);
  EXPECT_EQ(Named(dataset, "1600.jpeg2000.3.png").distortion, 9);
  EXPECT_EQ(Below(jpeg.reference, folder), "src_imgs/1600.png");
  EXPECT_THAT(Groups(dataset), ElementsAre("1600", "log", "snow_leaves"));
  EXPECT_DOUBLE_EQ(dataset.Score(jpeg), 74);  // a DMOS of 0.26
}

/// The release itself: a folder for each type, and a workbook with the table
/// of one sheet from cell D4 on.
TEST(DatasetsTest, CsiqIsReadAsReleased) {
  const ScratchFolder folder;
  WriteBmp(folder, "src_imgs/1600.png", 1);
  WriteBmp(folder, "dst_imgs/awgn/1600.AWGN.1.png", 1);
  WriteBmp(folder, "dst_imgs/jpeg2000/1600.jpeg2000.5.png", 1);
  const std::vector<std::string> header = {"",        "",         "",
                                           "image",   "dst_idx",  "dst_type",
                                           "dst_lev", "dmos_std", "dmos"};
  WriteXlsx(folder.File("csiq.DMOS.xlsx"), "all_by_image",
            {{"CSIQ"},
             {},
             {},
             header,
             {"", "", "", "1600", "1", "noise", "1", "0.061", "0.062"},
             {"", "", "", "1600", "6", "jpeg 2000", "5", "0.1", "0.98"}});
  const Dataset dataset = ReadTree("csiq", folder);
  EXPECT_EQ(dataset.samples.size(), 2u);
  EXPECT_EQ(Named(dataset, "1600.AWGN.1.png").mos, 0.062);
  EXPECT_EQ(Named(dataset, "1600.jpeg2000.5.png").subset, "jpeg2000");
}

TEST(DatasetsTest, Tid2013MatchesNamesInAnyCase) {
  const ScratchFolder folder;
  const Dataset dataset = MakeAndRead("tid2013", folder);
  EXPECT_EQ(dataset.samples.size(), 24u);
  const Sample& blurred = Named(dataset, "i25_08_5.bmp");
  EXPECT_EQ(Below(blurred.path, folder), "distorted_images/I25_08_5.BMP");
  EXPECT_EQ(Below(blurred.reference, folder), "reference_images/i25.bmp");
  EXPECT_EQ(blurred.subset, "08");
  EXPECT_EQ(blurred.distortion, 1);
  EXPECT_EQ(blurred.level, 5);
  EXPECT_EQ(Named(dataset, "i01_24_1.bmp").distortion, -1);
  EXPECT_EQ(Below(Named(dataset, "i01_24_1.bmp").reference, folder),
            "reference_images/I01.BMP");
  EXPECT_THAT(Groups(dataset), ElementsAre("i01", "i02", "i24", "i25"));
}

TEST(DatasetsTest, BidFindsPicturesInEitherPlace) {
  const ScratchFolder folder;
  const Dataset dataset = MakeAndRead("bid", folder);
  EXPECT_EQ(dataset.samples.size(), 12u);
  EXPECT_EQ(dataset.samples[6].image, "DatabaseImage0007.JPG");
  EXPECT_DOUBLE_EQ(dataset.samples[6].mos, 2.8);
  for (const auto& entry :
       std::filesystem::directory_iterator(folder.File("ImageDatabase"))) {
    std::filesystem::rename(entry.path(),
                            folder.File(entry.path().filename().string()));
  }
  folder.Remove("ImageDatabase");
  EXPECT_EQ(ReadTree("bid", folder).samples.size(), 12u);
}

TEST(DatasetsTest, WorkbooksMayBeExportedAsCsv) {
  const ScratchFolder folder;
  const Dataset whole = MakeAndRead("spaq", folder);
  EXPECT_EQ(whole.samples.size(), 12u);
  EXPECT_EQ(whole.samples[4].mos, 40);
  folder.Remove("Annotations");
  folder.Write("Annotations/MOS and Image attribute scores.csv",
               "Image name,MOS,Brightness\n00003.jpg,24.5,1\n");
  const Dataset part = ReadTree("spaq", folder);
  EXPECT_EQ(part.samples.size(), 1u);
  EXPECT_EQ(part.samples[0].mos, 24.5);
}

TEST(DatasetsTest, Biq2021IsReadAsReleasedToo) {
  const ScratchFolder folder;
  EXPECT_EQ(MakeAndRead("biq2021", folder).samples[3].group, "1");
  folder.Remove("mos.csv");
  std::filesystem::rename(folder.File("images"), folder.File("Images"));
  folder.Write("Train (Images and MOS).csv",
               "Image Name,MOS,SD\nss03-0.jpg,0.5,0.1\nss03-1.jpg,0.7,0.1\n"
               "ss03-3.jpg,0.6,0.1\n");
  folder.Write("Test (Images and MOS).csv",
               "Image Name,MOS,SD\nss03-2.jpg,0.9,0.1\n");
  const Dataset dataset = ReadTree("biq2021", folder);
  EXPECT_EQ(dataset.samples.size(), 4u);
  // The release names no part to validate on: it comes out of training.
  const Split split = MakeSplit(dataset, 0.2, 1);
  EXPECT_EQ(split.train.size(), 2u);
  EXPECT_EQ(split.val.size(), 1u);
  EXPECT_THAT(split.test, ElementsAre(3u));
}

TEST(DatasetsTest, CsvListsHaveTypesLevelsAndEitherDirection) {
  const ScratchFolder folder;
  const Dataset dataset = MakeAndRead("csv", folder);
  EXPECT_EQ(dataset.samples[1].distortion, 10);  // "jpeg"
  EXPECT_EQ(dataset.samples[1].subset, "jpeg");
  EXPECT_EQ(dataset.samples[1].level, 3);
  EXPECT_EQ(dataset.samples[0].distortion, 0);
  EXPECT_EQ(dataset.Score(dataset.samples[0]), 90);
  const Dataset turned =
      ReadDataset("csv", {folder.File("list.csv"), "", "10,0"});
  EXPECT_EQ(turned.Score(turned.samples[0]), 10);
  folder.Write("types.csv",
               "image,type\npictures/p0.png,none\npictures/p1.png,\n");
  const Dataset unrated =
      ReadDataset("csv", {folder.File("types.csv"), "", ""});
  EXPECT_FALSE(unrated.rated);
  EXPECT_EQ(unrated.samples[0].distortion, 0);
  EXPECT_EQ(unrated.samples[1].distortion, -1);
}

TEST(DatasetsTest, OnlineKeepsCutOutsOfAPhotographTogether) {
  const ScratchFolder folder;
  const Dataset dataset = MakeAndRead("online", folder);
  EXPECT_FALSE(dataset.rated);
  std::map<std::string, std::string> groups;
  for (const Sample& sample : dataset.samples) {
    groups[sample.image] = sample.group;
    EXPECT_EQ(sample.distortion, 0);
  }
  EXPECT_THAT(groups,
              UnorderedElementsAre(testing::Pair("lake-a.jpg", "lake"),
                                   testing::Pair("lake-b.jpg", "lake"),
                                   testing::Pair("deep/er/lake-c.PNG", "lake"),
                                   testing::Pair("cid22-001.jpg", "cid22-001"),
                                   testing::Pair("plain.tiff", "plain"),
                                   testing::Pair("x-y-a.webp", "x-y")));
}

/// Checked where the data are: GRAPHIQA_PHOTOS_DIR names a folder of photos.
TEST(DatasetsTest, PhotosOnDiskAreFound) {
  const char* photos = std::getenv("GRAPHIQA_PHOTOS_DIR");
  if (!photos) GTEST_SKIP() << "GRAPHIQA_PHOTOS_DIR is not set";
  const Dataset dataset = ReadDataset("online", {photos, "", ""});
  std::printf("%zu pictures of %zu photographs\n", dataset.samples.size(),
              Groups(dataset).size());
  EXPECT_GT(dataset.samples.size(), Groups(dataset).size());
}

}  // namespace
}  // namespace graphiqa
