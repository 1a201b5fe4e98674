// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "dataset.h"

#include "datasets/readers.h"

namespace graphiqa {

const DatasetEntry kDatasets[] = {
    {"biq2021", "BIQ2021: mos.csv or the release's two lists, images/",
     ReadBiq2021},
    {"livec", "LIVE In the Wild Challenge: Data/*.mat, Images/",
     ReadLiveChallenge},
    {"koniq-10k", "KonIQ-10k: koniq10k_*.csv, 1024x768/ or 512x384/",
     ReadKoniq10k},
    {"spaq", "SPAQ: Annotations/MOS and Image ….xlsx, TestImage/", ReadSpaq},
    {"bid", "BID: DatabaseGrades.xlsx, DatabaseImage0001.JPG …", ReadBid},
    {"live", "LIVE release 2: two .mat files and its six folders", ReadLive},
    {"csiq", "CSIQ: csiq_label.txt or csiq.DMOS.xlsx, src_imgs/, …", ReadCsiq},
    {"tid2013", "TID2013: mos_with_names.txt and its two folders", ReadTid2013},
    {"kadid10k", "KADID-10k: dmos.csv, images/", ReadKadid10k},
    {"csv", "image,mos[,group][,split][,type][,level]; needs --mos-range",
     ReadCsvList},
    {"kadid-P", "KADID-10k with its originals, to pretrain", ReadKadidP},
    {"kadis-P", "KADIS-700k with its originals, to pretrain; no ratings",
     ReadKadisP},
    {"online", "a folder of good pictures, to distort; no ratings", ReadOnline},
    {nullptr, nullptr, nullptr}};

Dataset ReadDataset(const std::string& name, const DatasetOptions& options) {
  if (options.data.empty()) {
    throw Error(ErrorCode::kUsage, "--data is missing: where is the data set?");
  }
  std::string known;
  for (const DatasetEntry* entry = kDatasets; entry->name; ++entry) {
    if (name == entry->name) {
      Dataset dataset = entry->read(options);
      dataset.name = name;
      return dataset;
    }
    known += std::string(known.empty() ? "" : ", ") + entry->name;
  }
  throw Error(ErrorCode::kUsage,
              "unknown data set '" + name + "'; known: " + known);
}

void RequireRatings(const Dataset& dataset) {
  if (dataset.rated) return;
  throw Error(ErrorCode::kUsage,
              "data set " + dataset.name +
                  " has pictures without a rating: it serves to pretrain only");
}

}  // namespace graphiqa
