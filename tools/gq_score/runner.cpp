// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "runner.h"

#include <glib.h>

#include <cmath>
#include <exception>
#include <filesystem>
#include <mutex>
#include <thread>

#include "image_source.h"
#include "inputs.h"
#include "program/args.h"
#include "program/progress.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

std::string TakeString(gchar* text) {
  const std::string result = text != nullptr ? text : "";
  g_free(text);
  return result;
}

/// Path of a local file; empty when the name is the URI of something else.
std::string LocalPath(const std::string& name) {
  if (!IsUri(name)) return name;
  return TakeString(g_filename_from_uri(name.c_str(), nullptr, nullptr));
}

/// @throws Error when there is nothing that could be read
void CheckLocalFile(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    throw Error(ErrorCode::kNotFound, error ? error.message() : "no such file");
  }
  if (fs::is_directory(status)) {
    throw Error(ErrorCode::kUsage, "is a folder");
  }
  if (fs::is_regular_file(status) && fs::file_size(path, error) == 0) {
    throw Error(ErrorCode::kFormat, "the file is empty");
  }
}

std::string UriOf(const std::string& path) {
  return TakeString(
      g_filename_to_uri(fs::absolute(path).c_str(), nullptr, nullptr));
}

/// Work on a list of files, shared by its threads.
class Runner {
 public:
  Runner(const std::vector<std::string>& files, const RunOptions& options,
         Scorer* scorer, Report* report, const std::atomic<bool>& stop)
      : files_(files),
        options_(options),
        scorer_(scorer),
        report_(report),
        stop_(stop),
        progress_(files.size(), "files") {}

  /// Takes files until there are none left.
  void Work() {
    for (size_t index; !Stopped() && (index = next_++) < files_.size();) {
      try {
        ScoreOne(index);
      } catch (const std::exception&) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!fatal_) fatal_ = std::current_exception();
        return;
      }
    }
  }

  /// @throws what made a thread give up
  size_t failed() const {
    if (fatal_) std::rethrow_exception(fatal_);
    return failed_;
  }

 private:
  bool Stopped() {
    if (stop_) return true;
    const std::lock_guard<std::mutex> lock(mutex_);
    return fatal_ != nullptr;
  }

  /// Failures of the file end here; those of the output go up.
  void ScoreOne(size_t index) {
    const std::string& name = files_[index];
    std::exception_ptr broken_output;
    const auto guarded = [&](const auto& write) {
      try {
        write();
      } catch (...) {
        broken_output = std::current_exception();
        throw;
      }
    };
    try {
      const RowSink sink = [&](const FrameRow& row) {
        guarded([&] { progress_.Clear(), report_->Add(index, row); });
      };
      const std::string path = LocalPath(name);
      if (!path.empty()) CheckLocalFile(path);
      std::optional<double> duration;
      if (!path.empty() && IsImage(path)) {
        sink(ScoreImage(path, scorer_, options_.video.crops));
      } else if (!Play(name, path.empty() ? name : UriOf(path), sink,
                       &duration)) {
        return;
      }
      guarded([&] { progress_.Clear(), report_->Done(index, duration); });
      Show(name, 0, 1);
    } catch (const std::exception& error) {
      if (broken_output) std::rethrow_exception(broken_output);
      Say(name + ": " + error.what());
      report_->Failed(index);
      ++failed_;
      Show(name, 0, 1);
    }
  }

  /// @returns whether it was played to its end
  bool Play(const std::string& name, const std::string& uri,
            const RowSink& sink, std::optional<double>* duration) {
    double shown = 0;
    uint64_t scored = 0;
    const VideoEnd end = ScoreVideo(
        uri, options_.video,
        [&](const FrameRow& row) {
          ++scored;
          sink(row);
        },
        [&](double part) {
          Show(name, part - shown, 0);
          shown = part;
          return !Stopped();
        });
    Show(name, -shown, 0);
    if (end.interrupted) {
      Say(name + ": stopped after " + std::to_string(scored) +
          " scored frames");
      return false;
    }
    if (scored == 0) throw Error(ErrorCode::kFormat, "no frame was scored");
    if (!end.warning.empty()) Say(name + ": warning: " + end.warning);
    *duration = end.duration_s;
    return true;
  }

  void Show(const std::string& name, double part, int files) {
    double done = 0;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      done_ += part + files;
      done = done_;
    }
    progress_.Update(done, name);
  }

  void Say(const std::string& text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    progress_.Clear();
    PrintError("gq-score", text);
  }

  const std::vector<std::string>& files_;
  const RunOptions& options_;
  Scorer* const scorer_;
  Report* const report_;
  const std::atomic<bool>& stop_;
  ProgressBar progress_;
  std::atomic<size_t> next_{0};
  std::atomic<size_t> failed_{0};
  std::mutex mutex_;
  double done_ = 0;
  std::exception_ptr fatal_;
};

}  // namespace

size_t ScoreFiles(const std::vector<std::string>& files,
                  const RunOptions& options, Scorer* scorer, Report* report,
                  const std::atomic<bool>& stop) {
  Runner runner(files, options, scorer, report, stop);
  std::vector<std::thread> threads;
  for (int i = 0; i < options.jobs; ++i) {
    threads.emplace_back([&runner] { runner.Work(); });
  }
  for (std::thread& thread : threads) thread.join();
  const size_t failed = runner.failed();
  report->Close();
  return failed;
}

}  // namespace graphiqa
