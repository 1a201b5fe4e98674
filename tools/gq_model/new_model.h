// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "format/model_info.h"
#include "network/model_file.h"
#include "program/args.h"

namespace graphiqa {

/// Options that `import` and `init` share: output, name, element type, views.
std::vector<OptionSpec> NewModelOptions();

/// A new model's metadata: name and views as asked, mean and deviation as the
/// backbone's published weights expect.
/// @param name  when none is asked for
ModelInfo NewModelInfo(const Arguments& arguments,
                       const ArchitectureInfo& architecture,
                       const std::string& name);

/// Writes the file and says so.
void WriteNewModel(const Arguments& arguments, const ModelInfo& info,
                   const Network& network);

/// The names of the backbone table, "resnet18, resnet34, …".
std::string BackboneNames();

}  // namespace graphiqa
