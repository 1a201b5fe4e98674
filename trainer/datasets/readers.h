// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The readers behind the data set table. Each checks its layout and throws as
/// ReadDataset() says; Dataset::name is filled in by the caller.
#pragma once

#include "dataset.h"

namespace graphiqa {

Dataset ReadKadid10k(const DatasetOptions& options);
Dataset ReadKadidP(const DatasetOptions& options);
Dataset ReadKadisP(const DatasetOptions& options);
Dataset ReadLive(const DatasetOptions& options);
Dataset ReadLiveChallenge(const DatasetOptions& options);
Dataset ReadKoniq10k(const DatasetOptions& options);
Dataset ReadCsiq(const DatasetOptions& options);
Dataset ReadTid2013(const DatasetOptions& options);
Dataset ReadBid(const DatasetOptions& options);
Dataset ReadSpaq(const DatasetOptions& options);
Dataset ReadBiq2021(const DatasetOptions& options);
Dataset ReadCsvList(const DatasetOptions& options);
Dataset ReadOnline(const DatasetOptions& options);

}  // namespace graphiqa
