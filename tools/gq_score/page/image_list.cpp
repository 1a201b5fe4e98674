// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "page/image_list.h"

#include <utility>

#include "page/html.h"
#include "program/number.h"

namespace graphiqa {
namespace {

constexpr size_t kMostImages = 500;

Cell DistortionCell(const FrameRow& row) {
  if (!row.distortion) return TextCell("");
  return TextCell(*row.distortion + " (" +
                  FixedNumber(row.confidence.value_or(0), 2) + ")");
}

}  // namespace

ImageList::ImageList() : images_(kMostImages) {}

void ImageList::Add(size_t index, const std::string& name, const FrameRow& row,
                    Thumbnail thumbnail, const std::string& size) {
  scores_.Add(row.score);
  histogram_.Add(row.score);
  images_.Add({row.score, index, name, row, std::move(thumbnail), size});
}

std::string ImageList::Draw() const {
  if (images_.seen() == 0) return "";
  Table table("Images, the lowest score first",
              {{"File", false},
               {"Picture", false},
               {"Size", false},
               {"Score", true},
               {"±", true},
               {"Distortion", false, true},
               {"Level", true, true},
               {"State", false}},
              true);
  for (const Image* image : images_.ByScore()) {
    table.Row({{NameHtml(image->name), ""},
               {ImageHtml(image->picture.jpeg, image->picture.width,
                          image->picture.height, ""),
                ""},
               TextCell(image->size),
               NumberCell(image->score, 1),
               NumberCell(image->row.uncertainty, 1),
               DistortionCell(image->row),
               NumberCell(image->row.level, 1),
               TextCell(image->row.picture)});
  }
  std::string html =
      "<section class=\"card\" id=\"images\">\n<h2>Images</h2>\n<p "
      "class=\"facts\">";
  html += images_.seen() > kMostImages
              ? "The " + GroupedNumber(kMostImages) +
                    " with the lowest scores of " +
                    GroupedNumber(images_.seen()) + ", the lowest first."
              : Plural(images_.seen(), "image", "images") +
                    ", the lowest score first.";
  html += "</p>\n";
  if (images_.seen() > 1) {
    html += DrawHistogram("images-hist", "Distribution of the images' scores",
                          histogram_,
                          {{scores_.Quantile(0.05), "p5", true},
                           {scores_.mean(), "mean", false}});
  }
  return html + table.Html() + "</section>\n";
}

}  // namespace graphiqa
