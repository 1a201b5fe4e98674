// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What is said about trees and lists that are wrong in one place. The messages
/// are compared whole, and docs/datasets.md lists each of them.
#include <gtest/gtest.h>

#include <functional>
#include <iterator>
#include <vector>

#include "dataset_trees.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

using Damage = std::function<void(const ScratchFolder&)>;

/// A right tree, what is done to it, and what must be said. DATA stands for
/// the folder.
struct WrongTree {
  const char* dataset;
  Damage damage;
  const char* message;
};

Damage Remove(const std::string& name) {
  return [name](const ScratchFolder& folder) {
    ASSERT_TRUE(fs::exists(folder.File(name))) << name;
    folder.Remove(name);
  };
}

Damage Write(const std::string& name, const std::string& text) {
  return
      [name, text](const ScratchFolder& folder) { folder.Write(name, text); };
}

/// Replaces the first `from` in a text file.
Damage Edit(const std::string& name, const std::string& from,
            const std::string& to) {
  return [name, from, to](const ScratchFolder& folder) {
    std::ifstream file(folder.File(name));
    std::string text((std::istreambuf_iterator<char>(file)), {});
    const size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from << " is not in " << name;
    folder.Write(name, text.replace(at, from.size(), to));
  };
}

Damage Labels(const std::string& file, const MatNumbers& numbers) {
  return [file, numbers](const ScratchFolder& folder) {
    WriteMat(folder.File(file), {numbers}, {}, true);
  };
}

Damage Sheet(const std::string& file, const SheetCells& rows) {
  return [file, rows](const ScratchFolder& folder) {
    WriteXlsx(folder.File(file), "Sheet1", rows);
  };
}

const std::vector<WrongTree>& KadidTrees() {
  static const std::vector<WrongTree> trees = {
      {"kadid10k", Remove(""),
       "data set kadid10k: folder DATA does not exist (wanted in it: dmos.csv "
       "with dist_img,ref_img,dmos and images/)"},
      {"kadid10k", Remove("dmos.csv"),
       "data set kadid10k: folder DATA has no dmos.csv (wanted in it: dmos.csv "
       "with dist_img,ref_img,dmos and images/)"},
      {"kadid10k", Edit("dmos.csv", "dmos,var", "mos,var"),
       "DATA/dmos.csv: no column 'dmos'; it has 'dist_img' 'ref_img' 'mos' "
       "'var'"},
      {"kadid10k", Edit("dmos.csv", "I01_01_01.png,", "I01_26_01.png,"),
       "DATA/dmos.csv, line 2, column 'dist_img': 'I01_26_01.png' is not "
       "ORIGINAL_TYPE_LEVEL with a type of 01-25 and a level of 01-05"},
      {"kadid10k", Edit("dmos.csv", ",I01.png,", ",I02.png,"),
       "DATA/dmos.csv, line 2, column 'ref_img': 'I02.png' is not the original "
       "of 'I01_01_01.png'"},
      {"kadid10k", Remove("images/I03_10_02.png"),
       "DATA/dmos.csv, line 38: picture DATA/images/I03_10_02.png does not "
       "exist"},
      {"kadid10k", Edit("dmos.csv", "4.3", "5.3"),
       "DATA/dmos.csv, line 2, column 'dmos': 5.3 is outside 1 to 5"},
      {"kadid-P", Remove("images/I04.png"),
       "DATA/dmos.csv, line 47: picture DATA/images/I04.png does not exist"},
      {"kadis-P", Remove("ref_imgs"),
       "data set kadis-P: folder DATA has no ref_imgs (wanted in it: "
       "kadis700k_ref_imgs.csv, ref_imgs/ and dist_imgs/, or 25_types_csv/ and "
       "dist_imgs/)"},
      {"kadis-P", Remove("dist_imgs/b_01_02_09_05.bmp"),
       "DATA/kadis700k_ref_imgs.csv, line 3: picture "
       "DATA/dist_imgs/b_01_02_09_05.bmp does not exist (nor .png or .jpg); "
       "the distorted pictures have to be rendered from ref_imgs/"},
      {"kadis-P", Remove("dist_imgs/d_08_01.bmp"),
       "DATA/kadis700k_ref_imgs.csv, line 5: picture "
       "DATA/dist_imgs/d_08_01.bmp does not exist (nor .png or .jpg); the "
       "distorted pictures have to be rendered from ref_imgs/"},
      {"kadis-P", Edit("kadis700k_ref_imgs.csv", ",9,", ",26,"),
       "DATA/kadis700k_ref_imgs.csv, line 3, column 'dist_type_1': '26' is no "
       "type from 1 to 25"},
      {"kadis-P",
       [](const ScratchFolder& folder) {
         folder.Remove("kadis700k_ref_imgs.csv");
         folder.Write("25_types_csv/type1.csv", "dist_img,type,level\n");
       },
       "DATA/25_types_csv/type2.csv: no such file"},
      {"kadis-P",
       [](const ScratchFolder& folder) {
         folder.Remove("kadis700k_ref_imgs.csv");
         folder.Write("25_types_csv/type1.csv",
                      "dist_img,type,level\nd_07_01.bmp,1,1\n");
       },
       "DATA/25_types_csv/type1.csv, line 2, column 'type': 1 where the name "
       "says 7"},
  };
  return trees;
}

const std::vector<WrongTree>& LiveTrees() {
  static const std::vector<WrongTree> trees = {
      {"live", Remove("refimgs"),
       "data set live: folder DATA has no refimgs (wanted in it: "
       "dmos_realigned.mat, refnames_all.mat, refimgs/, jp2k/, jpeg/, wn/, "
       "gblur/, fastfading/)"},
      {"live", Remove("wn/img2.bmp"),
       "DATA/dmos_realigned.mat, variable 'dmos_new': 20 values for 17 "
       "pictures (img1.bmp and on without a gap: jp2k 4, jpeg 4, wn 1, gblur "
       "4, fastfading 4)"},
      {"live", Labels("dmos_realigned.mat", {"dmos", {1, 2}}),
       "DATA/dmos_realigned.mat: no variable 'dmos_new'; it has 'dmos'"},
      {"live", Remove("refimgs/Lake.bmp"),
       "DATA/refnames_all.mat, entry 1: picture DATA/refimgs/Lake.bmp does not "
       "exist"},
      {"live", Write("dmos_realigned.mat", "dmos_new = [1 2 3]"),
       "DATA/dmos_realigned.mat: is no MATLAB file of level 5"},
      {"live", Labels("refnames_all.mat", {"refnames_all", {1, 2}}),
       "DATA/refnames_all.mat, variable 'refnames_all': is no cell array of "
       "text"},
      {"livec", Remove("Data/AllMOS_release.mat"),
       "data set livec: folder DATA/Data has no AllMOS_release.mat (wanted in "
       "it: AllImages_release.mat and AllMOS_release.mat)"},
      {"livec", Remove("Images/1000.bmp"),
       "DATA/Data/AllImages_release.mat, entry 10: picture "
       "DATA/Images/1000.bmp does not exist"},
      {"livec",
       Labels("Data/AllMOS_release.mat", {"AllMOS_release", {1, 2, 3}}),
       "DATA/Data/AllMOS_release.mat, variable 'AllMOS_release': 3 values for "
       "15 pictures in DATA/Data/AllImages_release.mat"},
      {"livec",
       Labels(
           "Data/AllMOS_release.mat",
           {"AllMOS_release", {1, 2, 3, 4, 5, 6, 7, 101, 1, 1, 1, 1, 1, 1, 1}}),
       "DATA/Data/AllMOS_release.mat, entry 8, column 'AllMOS_release': 101 is "
       "outside 0 to 100"},
  };
  return trees;
}

const std::vector<WrongTree>& OtherTrees() {
  static const std::vector<WrongTree> trees = {
      {"koniq-10k", Remove("1024x768"),
       "data set koniq-10k: folder DATA has no 1024x768 nor 512x384 nor images "
       "(wanted in it: koniq10k_scores_and_distributions.csv or "
       "koniq10k_distributions_sets.csv, and 1024x768/ or 512x384/)"},
      {"koniq-10k",
       Edit("koniq10k_distributions_sets.csv", "validation", "dev"),
       "DATA/koniq10k_distributions_sets.csv, line 4, column 'set': 'dev' is "
       "not training, validation or test"},
      {"koniq-10k", Edit("koniq10k_distributions_sets.csv", "10004473378", "7"),
       "DATA/koniq10k_scores_and_distributions.csv, line 4: picture "
       "'10004473378.jpg' is in no set of "
       "DATA/koniq10k_distributions_sets.csv"},
      {"csiq", Remove("csiq_label.txt"),
       "data set csiq: folder DATA has no csiq_label.txt nor csiq.DMOS.xlsx "
       "(wanted in it: csiq_label.txt or csiq.DMOS.xlsx, src_imgs/, and "
       "dst_imgs_all/ or a folder for each type)"},
      {"csiq", Remove("dst_imgs_all"),
       "data set csiq: folder DATA has no dst_imgs_all nor dst_imgs nor AWGN "
       "(wanted in it: csiq_label.txt or csiq.DMOS.xlsx, src_imgs/, and "
       "dst_imgs_all/ or a folder for each type)"},
      {"csiq", Remove("dst_imgs_all/1600.JPEG.2.png"),
       "DATA/csiq_label.txt, line 2: picture 1600.JPEG.2.png is in none of "
       "DATA/dst_imgs_all"},
      {"csiq", Edit("csiq_label.txt", "1600.JPEG.2", "1600.JPEG.6"),
       "DATA/csiq_label.txt, line 2: '1600.JPEG.6.png' is not "
       "ORIGINAL.TYPE.LEVEL.png with a type of AWGN, JPEG, jpeg2000, fnoise, "
       "BLUR, contrast"},
      {"csiq", Edit("csiq_label.txt", " 0.06", " 6.06"),
       "DATA/csiq_label.txt, line 1, column 'dmos': 6.06 is outside 0 to 1"},
      {"tid2013", Remove("distorted_images/I02_08_1.BMP"),
       "DATA/mos_with_names.txt, line 9: picture "
       "DATA/distorted_images/i02_08_1.bmp does not exist"},
      {"tid2013", Remove("reference_images/i25.bmp"),
       "DATA/mos_with_names.txt, line 19: picture "
       "DATA/reference_images/i25.bmp does not exist"},
      {"tid2013",
       [](const ScratchFolder& folder) {
         folder.Remove("mos_with_names.txt");
         fs::create_directory(folder.File("mos_with_names.txt"));
       },
       "DATA/mos_with_names.txt: cannot be read"},
      {"tid2013", Edit("mos_with_names.txt", " i01_01_1.bmp", ""),
       "DATA/mos_with_names.txt, line 1: is not a rating and a name"},
      {"tid2013", Edit("mos_with_names.txt", "i01_01_5", "i01_25_5"),
       "DATA/mos_with_names.txt, line 2: 'i01_25_5.bmp' is not iRR_TT_L.bmp "
       "with a type of 01-24 and a level of 1-5"},
      {"bid", Remove("DatabaseGrades.xlsx"),
       "DATA/DatabaseGrades.xlsx: no such file (nor DatabaseGrades.csv, "
       "exported from it)"},
      {"bid", Remove("ImageDatabase/DatabaseImage0005.JPG"),
       "DATA/DatabaseGrades.xlsx, row 6: picture "
       "DATA/ImageDatabase/DatabaseImage0005.JPG does not exist"},
      {"bid",
       Sheet("DatabaseGrades.xlsx", {{"Image Number", "Grade"}, {"one", "2"}}),
       "DATA/DatabaseGrades.xlsx, row 2, column 'Image Number': 'one' is not a "
       "number"},
      {"bid", Sheet("DatabaseGrades.xlsx", {{"Image Number"}, {"1"}}),
       "DATA/DatabaseGrades.xlsx: has one column; the first two should be the "
       "picture's number and its mean grade"},
      {"spaq", Remove("Annotations"),
       "data set spaq: folder DATA has no Annotations (wanted in it: "
       "TestImage/ and Annotations/MOS and Image attribute scores.xlsx)"},
      {"spaq",
       Sheet("Annotations/MOS and Image attribute scores.xlsx",
             {{"Image name", "Score"}, {"00001.jpg", "50"}}),
       "DATA/Annotations/MOS and Image attribute scores.xlsx: has no row with "
       "'Image name' 'MOS'; if Excel opens it, export the sheet as CSV"},
      {"spaq", Write("Annotations/MOS and Image attribute scores.xlsx", "x"),
       "DATA/Annotations/MOS and Image attribute scores.xlsx: is no Excel "
       "workbook (Not a zip archive); if Excel opens it, export the sheet as "
       "CSV"},
  };
  return trees;
}

const std::vector<WrongTree>& ListTrees() {
  static const std::vector<WrongTree> trees = {
      {"biq2021", Remove("images"),
       "data set biq2021: folder DATA has no images (wanted in it: mos.csv "
       "(image,mos,group), or Train and Test (Images and MOS).csv; and "
       "images/)"},
      {"biq2021", Remove("mos.csv"),
       "data set biq2021: folder DATA has no mos.csv (wanted in it: mos.csv "
       "(image,mos,group), or Train and Test (Images and MOS).csv; and "
       "images/)"},
      {"biq2021", Remove("images/ss03-7.jpg"),
       "DATA/mos.csv, line 9: picture DATA/images/ss03-7.jpg does not exist"},
      {"csv", Remove("list.csv"), "DATA/list.csv: no such file"},
      {"csv", Write("list.csv", ""), "DATA/list.csv: is empty"},
      {"csv", Write("list.csv", "image,mos\n"),
       "DATA/list.csv: lists no picture"},
      {"csv", Write("list.csv", "image,score\na,1\n"),
       "DATA/list.csv: no column 'mos'; it has 'image' 'score'"},
      {"csv", Write("list.csv", "image,mos\npictures/p1.png,1\nb.png,2\n"),
       "DATA/list.csv, line 3: picture DATA/b.png does not exist"},
      {"csv", Write("list.csv", "image,mos\n,1\n"),
       "DATA/list.csv, line 2, column 'image': is empty"},
      {"csv", Write("list.csv", "image,mos\npictures/p1.png,good\n"),
       "DATA/list.csv, line 2, column 'mos': 'good' is not a number"},
      {"csv", Write("list.csv", "image,mos\npictures/p1.png,10.5\n"),
       "DATA/list.csv, line 2, column 'mos': 10.5 is outside 0 to 10"},
      {"csv",
       Write("list.csv", "image,mos\npictures/p1.png,1\npictures/p1.png,1\n"),
       "DATA/list.csv, line 3: picture 'pictures/p1.png' is listed twice"},
      {"csv", Write("list.csv", "image,mos\npictures/p1.png\n"),
       "DATA/list.csv, line 2: has 1 fields, the header has 2"},
      {"csv", Write("list.csv", "image,mos,split\npictures/p1.png,1,dev\n"),
       "DATA/list.csv, line 2, column 'split': 'dev' is not train, val or "
       "test"},
      {"csv", Write("list.csv", "image,mos,type\npictures/p1.png,1,fog\n"),
       "DATA/list.csv, line 2, column 'type': 'fog' is no type: 0 to 25, none, "
       "or a name such as gaussian-blur"},
      {"csv", Write("list.csv", "image,mos,level\npictures/p1.png,1,6\n"),
       "DATA/list.csv, line 2, column 'level': '6' is no level from 0 to 5"},
      {"online", Remove(""),
       "data set online: folder DATA does not exist (wanted in it: good "
       "pictures)"},
      {"online",
       [](const ScratchFolder& folder) {
         folder.Remove("");
         folder.Write("notes.txt", "");
       },
       "data set online: folder DATA and those in it hold no picture (.jpg "
       ".jpeg "
       ".png .bmp .tif .tiff .webp .jp2 .ppm .pgm)"},
  };
  return trees;
}

/// The message with the folder's name taken out.
std::string Said(const WrongTree& tree, const ScratchFolder& folder) {
  std::string text = MessageOf(
      [&] { ReadDataset(tree.dataset, TreeOptions(tree.dataset, folder)); });
  const std::string root = folder.path();
  for (size_t at; (at = text.find(root)) != std::string::npos;) {
    text.replace(at, root.size(), "DATA");
  }
  return text;
}

void Check(const std::vector<WrongTree>& trees) {
  std::ifstream file(std::string(GRAPHIQA_SOURCE_ROOT) + "/docs/datasets.md");
  const std::string docs((std::istreambuf_iterator<char>(file)), {});
  ASSERT_FALSE(docs.empty());
  for (const WrongTree& tree : trees) {
    const ScratchFolder folder;
    MakeTree(tree.dataset, folder);
    ASSERT_EQ(Said(tree, folder), "") << tree.dataset;
    tree.damage(folder);
    EXPECT_EQ(Said(tree, folder), tree.message);
    EXPECT_NE(docs.find(tree.message), std::string::npos)
        << "docs/datasets.md does not list: " << tree.message;
  }
}

TEST(WrongTreesTest, KadidAndKadis) { Check(KadidTrees()); }
TEST(WrongTreesTest, LiveAndLiveChallenge) { Check(LiveTrees()); }
TEST(WrongTreesTest, OtherReleases) { Check(OtherTrees()); }
TEST(WrongTreesTest, ListsAndFolders) { Check(ListTrees()); }

TEST(WrongTreesTest, OptionsAreChecked) {
  EXPECT_EQ(MessageOf([] { ReadDataset("csv", {}); }),
            "--data is missing: where is the data set?");
  EXPECT_EQ(MessageOf([] {
              ReadDataset("imagenet", {"x", "", ""});
            }),
            "unknown data set 'imagenet'; known: biq2021, livec, koniq-10k, "
            "spaq, bid, live, csiq, tid2013, kadid10k, csv, kadid-P, kadis-P, "
            "online");
  const ScratchFolder folder;
  MakeTree("csv", folder);
  const std::string list = folder.File("list.csv");
  EXPECT_EQ(MessageOf([&] {
              ReadDataset("csv", {list, "", ""});
            }),
            "data set csv: --mos-range LOW,HIGH says which ratings become "
            "score 0 and 100");
  EXPECT_EQ(MessageOf([&] {
              ReadDataset("csv", {list, "", "3,3"});
            }),
            "--mos-range: LOW and HIGH are the same");
}

}  // namespace
}  // namespace graphiqa
