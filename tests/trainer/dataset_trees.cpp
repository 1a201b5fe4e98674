// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "dataset_trees.h"

#include <matio.h>
#include <xlsxwriter.h>

#include <cstdio>
#include <map>
#include <stdexcept>

namespace graphiqa {
namespace {

constexpr int kSide = 64;

std::string Padded(int number, int width) {
  char text[16];
  std::snprintf(text, sizeof text, "%0*d", width, number);
  return text;
}

void AppendLittle(uint32_t value, int bytes, std::string* to) {
  for (int i = 0; i < bytes; ++i) {
    to->push_back(static_cast<char>(value >> (8 * i)));
  }
}

void Must(bool fine, const std::string& what) {
  if (!fine) throw std::runtime_error("cannot make " + what);
}

void MakeKadid10k(const Folder& folder) {
  std::string list = "dist_img,ref_img,dmos,var\n";
  int number = 0;
  for (int original = 1; original <= 4; ++original) {
    const std::string stem = "I" + Padded(original, 2);
    WriteBmp(folder, "images/" + stem + ".png", original);
    for (int type : {1, 10, 25}) {
      for (int level = 1; level <= 5; ++level) {
        const std::string name =
            stem + "_" + Padded(type, 2) + "_" + Padded(level, 2) + ".png";
        WriteBmp(folder, "images/" + name, ++number);
        list += name + "," + stem + ".png," +
                std::to_string(5.0 - 0.7 * level) + ",0.4\n";
      }
    }
  }
  folder.Write("dmos.csv", list);
}

/// The lists by type of the released code, in a folder beside the pictures.
void MakeKadidLists(const Folder& folder) {
  MakeKadid10k(folder);
  for (int type = 1; type <= 25; ++type) {
    std::string list = "dist_img,ref_img,dmos,var,type,level\n";
    if (type == 1) list += "I01_01_02.png,I01.png,3.6,0.4,1,2\n";
    if (type == 10) list += "I02_10_05.png,I02.png,1.5,0.4,10,5\n";
    folder.Write("25_types_csv/type" + std::to_string(type) + ".csv", list);
  }
}

void MakeKadisPictures(const Folder& folder, const std::string& stem,
                       int type) {
  for (int level = 1; level <= 5; ++level) {
    WriteBmp(folder,
             "dist_imgs/" + stem + "_" + Padded(type, 2) + "_" +
                 Padded(level, 2) + ".bmp",
             10 * type + level);
  }
}

/// Names with dashes and digits; the third original has a second type, of
/// which nothing was rendered, the fourth one that was.
void MakeKadis(const Folder& folder) {
  const std::map<std::string, std::string> originals = {
      {"a-1-2_3", "3,"}, {"b_01_02", "9,"}, {"c-900", "7,8"}, {"d", "7,8"}};
  std::string list = "ref_im,dist_type_1,dist_type_2\n";
  for (const auto& [stem, types] : originals) {
    WriteBmp(folder, "ref_imgs/" + stem + ".png", 1);
    MakeKadisPictures(folder, stem, types[0] - '0');
    list += stem + ".png," + types + "\n";
  }
  MakeKadisPictures(folder, "d", 8);
  folder.Write("kadis700k_ref_imgs.csv", list);
}

/// Three pictures a folder, the last of each an undistorted copy.
void MakeLive(const Folder& folder) {
  std::vector<double> dmos, orgs;
  std::vector<std::string> names;
  const std::vector<std::string> originals = {"bikes", "Lake", "sea2"};
  for (const std::string& name : originals) {
    WriteBmp(folder, "refimgs/" + name + ".bmp", 1);
  }
  for (const char* type : {"jp2k", "jpeg", "wn", "gblur", "fastfading"}) {
    for (int i = 1; i <= 4; ++i) {
      WriteBmp(folder, std::string(type) + "/img" + std::to_string(i) + ".bmp",
               i);
      dmos.push_back(i == 4 ? 0 : -2.64 + 25.5 * i);
      orgs.push_back(i == 4 ? 1 : 0);
      names.push_back(originals[static_cast<size_t>(i % 3)] + ".bmp");
    }
    folder.Write(std::string(type) + "/info.txt", "lake.bmp img1.bmp 0.5\n");
  }
  WriteMat(folder.File("dmos_realigned.mat"),
           {{"dmos_new", dmos}, {"dmos_std", dmos}, {"orgs", orgs, true}}, {},
           false);
  WriteMat(folder.File("refnames_all.mat"), {}, {{"refnames_all", names}},
           true);
}

/// Seven training pictures, names of two kinds, not in the order of numbers.
void MakeLiveChallenge(const Folder& folder) {
  std::vector<std::string> names;
  std::vector<double> ratings;
  for (int i = 1; i <= 7; ++i) {
    names.push_back("t" + std::to_string(i) + ".bmp");
    WriteBmp(folder, "Images/trainingImages/" + names.back(), i);
    ratings.push_back(50);
  }
  for (int i : {10, 11, 1000, 3, 5, 7, 9, 12}) {
    names.push_back(std::to_string(i) + (i % 2 ? ".JPG" : ".bmp"));
    WriteBmp(folder, "Images/" + names.back(), i);
    ratings.push_back(3.42 + i / 20.0);
  }
  std::filesystem::create_directories(folder.File("Data"));
  WriteMat(folder.File("Data/AllImages_release.mat"), {},
           {{"AllImages_release", names}}, true);
  WriteMat(folder.File("Data/AllMOS_release.mat"),
           {{"AllMOS_release", ratings}}, {}, true);
}

void MakeKoniq(const Folder& folder) {
  std::string scores =
      "\"image_name\",\"c1\",\"c2\",\"c3\",\"c4\",\"c5\",\"c_total\",\"MOS\","
      "\"SD\",\"MOS_zscore\"\n";
  std::string sets = "image_name,c1,c2,c3,c4,c5,c_total,MOS,SD,set\n";
  const char* const parts[] = {"training", "training", "validation", "test"};
  for (int i = 0; i < 12; ++i) {
    const std::string name = std::to_string(10004473376 + i) + ".jpg";
    WriteBmp(folder, "1024x768/" + name, i);
    const std::string votes = ",0,0,25,73,7,105,";
    scores += name + votes + std::to_string(1.1 + 0.25 * i) + ",0.5," +
              std::to_string(5 + 7 * i) + "\n";
    sets += name + votes + std::to_string(5 + 7 * i) + ",0.5," + parts[i % 4] +
            "\n";
  }
  folder.Write("koniq10k_scores_and_distributions.csv", scores);
  folder.Write("koniq10k_distributions_sets.csv", sets);
}

/// The layout that papers use: all distorted pictures in one folder.
void MakeCsiq(const Folder& folder) {
  std::string list;
  for (const char* original : {"1600", "snow_leaves", "Log"}) {
    WriteBmp(folder, "src_imgs/" + std::string(original) + ".png", 1);
    int number = 0;
    for (const char* type : {"AWGN", "JPEG", "jpeg2000", "contrast"}) {
      const std::string name = std::string(original) + "." + type + "." +
                               std::to_string(1 + number % 5) + ".png";
      WriteBmp(folder, "dst_imgs_all/" + name, number);
      list += name + " " + std::to_string(0.06 + 0.2 * number++) + "\n";
    }
  }
  folder.Write("csiq_label.txt", list);
}

/// Mixed case as in the release.
void MakeTid2013(const Folder& folder) {
  std::string list;
  for (int original : {1, 2, 24, 25}) {
    const std::string number = Padded(original, 2);
    WriteBmp(folder,
             "reference_images/" +
                 (original == 25 ? "i25.bmp" : "I" + number + ".BMP"),
             1);
    for (int type : {1, 8, 24}) {
      for (int level : {1, 5}) {
        const std::string rest =
            number + "_" + Padded(type, 2) + "_" + std::to_string(level);
        WriteBmp(folder,
                 "distorted_images/" +
                     (type == 8 ? "I" + rest + ".BMP" : "i" + rest + ".bmp"),
                 level);
        list += std::to_string(7.2 - level) + " i" + rest + ".bmp\n";
      }
    }
  }
  folder.Write("mos_with_names.txt", list);
  folder.Write("mos_std.txt", "0.1\n");
}

void MakeBid(const Folder& folder) {
  SheetCells rows = {{"Image Number", "Average Subjective Grade", "std"}};
  for (int i = 1; i <= 12; ++i) {
    WriteBmp(folder, "ImageDatabase/DatabaseImage" + Padded(i, 4) + ".JPG", i);
    rows.push_back({std::to_string(i), std::to_string(0.4 * i), "0.2"});
  }
  WriteXlsx(folder.File("DatabaseGrades.xlsx"), "Plan1", rows);
}

void MakeSpaq(const Folder& folder) {
  SheetCells rows = {{"Image name", "MOS", "Brightness", "Colorfulness"}};
  for (int i = 1; i <= 12; ++i) {
    const std::string name = Padded(i, 5) + ".jpg";
    WriteBmp(folder, "TestImage/" + name, i);
    rows.push_back({name, std::to_string(8 * i), "40.5", "41"});
  }
  std::filesystem::create_directories(folder.File("Annotations"));
  WriteXlsx(folder.File("Annotations/MOS and Image attribute scores.xlsx"),
            "Sheet1", rows);
}

void MakeBiq2021(const Folder& folder) {
  std::string list = "image,mos,group\n";
  for (int i = 0; i < 12; ++i) {
    const std::string name = "ss03-" + std::to_string(i) + ".jpg";
    WriteBmp(folder, "images/" + name, i);
    list += name + "," + std::to_string(0.9 - 0.07 * i) + "," +
            std::to_string(i / 2) + "\n";
  }
  folder.Write("mos.csv", list);
}

void MakeCsvList(const Folder& folder) {
  std::string list = "image,mos,group,type,level\n";
  for (int i = 0; i < 12; ++i) {
    const std::string name = "p" + std::to_string(i) + ".png";
    WriteBmp(folder, "pictures/" + name, i);
    list += "pictures/" + name + "," + std::to_string(9 - i / 2) + ",g" +
            std::to_string(i / 2) + (i % 2 ? ",jpeg,3\n" : ",0,0\n");
  }
  folder.Write("list.csv", list);
}

/// Cut-outs, a folder in a folder and things that are no pictures.
void MakeOnline(const Folder& folder) {
  for (const char* name : {"lake-a.jpg", "lake-b.jpg", "deep/er/lake-c.PNG",
                           "cid22-001.jpg", "plain.tiff", "x-y-a.webp"}) {
    WriteBmp(folder, name, 1);
  }
  folder.Write("index.csv", "file\n");
  folder.Write("deep/notes.txt", "no picture\n");
}

using Maker = void (*)(const Folder&);

const std::map<std::string, Maker>& Makers() {
  static const std::map<std::string, Maker> makers = {
      {"biq2021", MakeBiq2021},
      {"livec", MakeLiveChallenge},
      {"koniq-10k", MakeKoniq},
      {"spaq", MakeSpaq},
      {"bid", MakeBid},
      {"live", MakeLive},
      {"csiq", MakeCsiq},
      {"tid2013", MakeTid2013},
      {"kadid10k", MakeKadid10k},
      {"csv", MakeCsvList},
      {"kadid-P", MakeKadidLists},
      {"kadis-P", MakeKadis},
      {"online", MakeOnline}};
  return makers;
}

}  // namespace

void WriteBmp(const Folder& folder, const std::string& name, int number) {
  std::string bytes = "BM";
  const uint32_t pixels = 3 * kSide * kSide;
  AppendLittle(54 + pixels, 4, &bytes);
  AppendLittle(0, 4, &bytes);
  for (uint32_t value : {54u, 40u, uint32_t{kSide}, uint32_t{kSide}}) {
    AppendLittle(value, 4, &bytes);
  }
  AppendLittle(1, 2, &bytes);   // planes
  AppendLittle(24, 2, &bytes);  // bits
  for (uint32_t value : {0u, pixels, 0u, 0u, 0u, 0u}) {
    AppendLittle(value, 4, &bytes);
  }
  uint32_t random = 1;
  for (uint32_t i = 0; i < pixels; ++i) {
    random = random * 1664525 + 1013904223;
    const uint32_t noise = (random >> 24) / static_cast<uint32_t>(1 + number);
    bytes.push_back(static_cast<char>(noise + i / 3 % kSide));
  }
  folder.Write(name, bytes);
}

void WriteMat(const std::string& path, const std::vector<MatNumbers>& numbers,
              const std::vector<MatTexts>& texts, bool compressed) {
  mat_t* file = Mat_CreateVer(path.c_str(), nullptr, MAT_FT_MAT5);
  Must(file != nullptr, path);
  const auto write = [&](matvar_t* variable) {
    Must(variable && Mat_VarWrite(file, variable,
                                  compressed ? MAT_COMPRESSION_ZLIB
                                             : MAT_COMPRESSION_NONE) == 0,
         path);
    Mat_VarFree(variable);
  };
  for (const MatNumbers& item : numbers) {
    size_t size[2] = {1, item.values.size()};
    if (item.logical) {
      std::vector<uint8_t> bytes(item.values.begin(), item.values.end());
      write(Mat_VarCreate(item.name.c_str(), MAT_C_UINT8, MAT_T_UINT8, 2, size,
                          bytes.data(), MAT_F_LOGICAL));
    } else {
      std::vector<double> values = item.values;
      write(Mat_VarCreate(item.name.c_str(), MAT_C_DOUBLE, MAT_T_DOUBLE, 2,
                          size, values.data(), 0));
    }
  }
  for (const MatTexts& item : texts) {
    size_t size[2] = {item.values.size(), 1};
    matvar_t* cell = Mat_VarCreate(item.name.c_str(), MAT_C_CELL, MAT_T_CELL, 2,
                                   size, nullptr, 0);
    Must(cell != nullptr, path);
    for (size_t i = 0; i < item.values.size(); ++i) {
      std::string text = item.values[i];
      size_t length[2] = {1, 0};  // of characters, not bytes
      for (char c : text) length[1] += (c & 0xC0) == 0x80 ? 0 : 1;
      Mat_VarSetCell(cell, static_cast<int>(i),
                     Mat_VarCreate(nullptr, MAT_C_CHAR, MAT_T_UTF8, 2, length,
                                   text.data(), 0));
    }
    write(cell);
  }
  Must(Mat_Close(file) == 0, path);
}

void WriteXlsx(const std::string& path, const std::string& sheet,
               const SheetCells& rows) {
  lxw_workbook* book = workbook_new(path.c_str());
  Must(book != nullptr, path);
  lxw_worksheet* page = workbook_add_worksheet(book, sheet.c_str());
  Must(page != nullptr, path);
  for (size_t row = 0; row < rows.size(); ++row) {
    for (size_t column = 0; column < rows[row].size(); ++column) {
      const std::string& text = rows[row][column];
      if (text.empty()) continue;
      char* end = nullptr;
      const double number = std::strtod(text.c_str(), &end);
      const auto at_row = static_cast<lxw_row_t>(row);
      const auto at_column = static_cast<lxw_col_t>(column);
      if (*end == '\0') {
        worksheet_write_number(page, at_row, at_column, number, nullptr);
      } else {
        worksheet_write_string(page, at_row, at_column, text.c_str(), nullptr);
      }
    }
  }
  Must(workbook_close(book) == LXW_NO_ERROR, path);
}

void MakeTree(const std::string& dataset, const Folder& folder) {
  Makers().at(dataset)(folder);
}

DatasetOptions TreeOptions(const std::string& dataset, const Folder& folder) {
  if (dataset == "csv") return {folder.File("list.csv"), "", "0,10"};
  return {folder.path(), "", ""};
}

}  // namespace graphiqa
