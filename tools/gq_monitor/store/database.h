// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>

#include "error.h"

namespace graphiqa {

class Statement;

/// A SQLite file that this process alone has open, of one thread. What is
/// committed survives a loss of power.
class Database {
 public:
  /// Makes the file when it is missing.
  /// @throws Error(kFile) that names the file: not writable, damaged, of
  ///   another program, open in another process
  explicit Database(const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs statements that give no rows. @throws Error(kFile)
  void Execute(const char* sql);

  /// Rows that the last statement changed.
  int64_t changes() const;
  int64_t last_id() const;

  [[noreturn]] void Fail(const std::string& what) const;

 private:
  friend class Statement;
  const std::string path_;
  sqlite3* handle_ = nullptr;
};

/// A prepared statement. Parameters count from 1, columns from 0.
class Statement {
 public:
  /// @throws Error(kFile)
  Statement(Database* database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& Bind(int at, int64_t value);
  Statement& Bind(int at, double value);
  Statement& Bind(int at, const std::string& text);
  Statement& Bind(int at, const std::optional<double>& value);
  Statement& Bind(int at, const std::optional<std::string>& text);
  Statement& BindBytes(int at, const std::string& bytes);

  /// The next row; false when there is none. @throws Error(kFile)
  bool Step();
  /// For statements without rows: runs, and makes it ready to be bound again.
  void Run();

  int64_t Int(int column) const;
  double Double(int column) const;
  std::string Text(int column) const;
  std::optional<double> MaybeDouble(int column) const;
  std::optional<std::string> MaybeText(int column) const;

 private:
  void Check(int code) const;
  Database* const database_;
  sqlite3_stmt* handle_ = nullptr;
};

/// Rolls back what was done since, unless Commit() was called.
class Transaction {
 public:
  explicit Transaction(Database* database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void Commit();

 private:
  Database* const database_;
  bool open_ = true;
};

}  // namespace graphiqa
