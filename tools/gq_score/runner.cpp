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
         Scorer* scorer, const std::vector<Results*>& results,
         const std::atomic<bool>& stop)
      : files_(files),
        options_(options),
        scorer_(scorer),
        results_(results),
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
      const RowSink sink = [&](const FrameRow& row,
                               const ThumbnailMaker& thumbnail) {
        guarded([&] {
          ForEach([&](Results* each) { each->Add(index, row, thumbnail); });
        });
      };
      FileEnd end;
      const bool whole = ScoreFile(name, sink, &end);
      guarded([&] {
        ForEach([&](Results* each) {
          whole ? each->Done(index, end) : each->Stopped(index, end);
        });
      });
      if (whole) Show(name, 0, 1);
    } catch (const std::exception& error) {
      if (broken_output) std::rethrow_exception(broken_output);
      Say(name + ": " + error.what());
      ForEach([&](Results* each) { each->Failed(index, error.what()); });
      ++failed_;
      Show(name, 0, 1);
    }
  }

  template <typename Call>
  void ForEach(const Call& call) {
    progress_.Clear();
    for (Results* each : results_) call(each);
  }

  /// @returns whether it was scored to its end
  bool ScoreFile(const std::string& name, const RowSink& sink, FileEnd* end) {
    const std::string path = LocalPath(name);
    if (!path.empty()) CheckLocalFile(path);
    if (path.empty() || !IsImage(path)) {
      return Play(name, path.empty() ? name : UriOf(path), sink, end);
    }
    end->picture = ScoreImage(path, scorer_, options_.video.crops, sink);
    return true;
  }

  /// @returns whether it was played to its end
  bool Play(const std::string& name, const std::string& uri,
            const RowSink& sink, FileEnd* file_end) {
    double shown = 0;
    uint64_t scored = 0;
    const VideoEnd end = ScoreVideo(
        uri, options_.video,
        [&](const FrameRow& row, const ThumbnailMaker& thumbnail) {
          ++scored;
          sink(row, thumbnail);
        },
        [&](double part) {
          Show(name, part - shown, 0);
          shown = part;
          return !Stopped();
        });
    Show(name, -shown, 0);
    file_end->duration_s = end.duration_s;
    file_end->picture = end.picture;
    file_end->warning = end.warning;
    if (end.interrupted) {
      Say(name + ": stopped after " + std::to_string(scored) +
          " scored frames");
      return false;
    }
    if (scored == 0) throw Error(ErrorCode::kFormat, "no frame was scored");
    if (!end.warning.empty()) Say(name + ": warning: " + end.warning);
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
  const std::vector<Results*>& results_;
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
                  const RunOptions& options, Scorer* scorer,
                  const std::vector<Results*>& results,
                  const std::atomic<bool>& stop) {
  Runner runner(files, options, scorer, results, stop);
  std::vector<std::thread> threads;
  for (int i = 0; i < options.jobs; ++i) {
    threads.emplace_back([&runner] { runner.Work(); });
  }
  for (std::thread& thread : threads) thread.join();
  return runner.failed();
}

}  // namespace graphiqa
