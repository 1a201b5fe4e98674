// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "database.h"

namespace graphiqa {
namespace {

/// "gqmo": tells our files from those of other programs.
constexpr const char* kSetUp =
    "PRAGMA locking_mode=EXCLUSIVE;"
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA trusted_schema=OFF;"
    // Taken now, so that a second process fails at its start.
    "BEGIN EXCLUSIVE; COMMIT;";

}  // namespace

Database::Database(const std::string& path) : path_(path) {
  const int code = sqlite3_open_v2(
      path.c_str(), &handle_,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
      nullptr);
  try {
    if (code != SQLITE_OK) Fail("cannot be opened");
    Execute(kSetUp);
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

Database::~Database() { sqlite3_close(handle_); }

void Database::Execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    Fail("failed");
  }
}

void Database::Fail(const std::string& what) const {
  if (sqlite3_errcode(handle_) == SQLITE_BUSY) {
    throw Error(ErrorCode::kFile, path_ + ": is in use by another process");
  }
  throw Error(ErrorCode::kFile,
              path_ + ": " + what + ": " + sqlite3_errmsg(handle_));
}

int64_t Database::changes() const { return sqlite3_changes(handle_); }

int64_t Database::last_id() const { return sqlite3_last_insert_rowid(handle_); }

Statement::Statement(Database* database, const char* sql)
    : database_(database) {
  Check(sqlite3_prepare_v2(database->handle_, sql, -1, &handle_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(handle_); }

void Statement::Check(int code) const {
  if (code != SQLITE_OK) database_->Fail("failed");
}

Statement& Statement::Bind(int at, int64_t value) {
  Check(sqlite3_bind_int64(handle_, at, value));
  return *this;
}

Statement& Statement::Bind(int at, double value) {
  Check(sqlite3_bind_double(handle_, at, value));
  return *this;
}

Statement& Statement::Bind(int at, const std::string& text) {
  Check(sqlite3_bind_text(handle_, at, text.data(),
                          static_cast<int>(text.size()), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::Bind(int at, const std::optional<double>& value) {
  if (value) return Bind(at, *value);
  Check(sqlite3_bind_null(handle_, at));
  return *this;
}

Statement& Statement::Bind(int at, const std::optional<std::string>& text) {
  if (text) return Bind(at, *text);
  Check(sqlite3_bind_null(handle_, at));
  return *this;
}

Statement& Statement::BindBytes(int at, const std::string& bytes) {
  Check(sqlite3_bind_blob(handle_, at, bytes.data(),
                          static_cast<int>(bytes.size()), SQLITE_TRANSIENT));
  return *this;
}

bool Statement::Step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_->Fail("failed");
  return false;
}

void Statement::Run() {
  while (Step()) {
  }
  Check(sqlite3_reset(handle_));
}

int64_t Statement::Int(int column) const {
  return sqlite3_column_int64(handle_, column);
}

double Statement::Double(int column) const {
  return sqlite3_column_double(handle_, column);
}

std::string Statement::Text(int column) const {
  const void* bytes = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  if (bytes == nullptr) return "";
  return {static_cast<const char*>(bytes), static_cast<size_t>(size)};
}

std::optional<double> Statement::MaybeDouble(int column) const {
  if (sqlite3_column_type(handle_, column) == SQLITE_NULL) return std::nullopt;
  return Double(column);
}

std::optional<std::string> Statement::MaybeText(int column) const {
  if (sqlite3_column_type(handle_, column) == SQLITE_NULL) return std::nullopt;
  return Text(column);
}

Transaction::Transaction(Database* database) : database_(database) {
  database_->Execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_->Execute("ROLLBACK");
  } catch (const Error&) {
    // SQLite has rolled back by itself, as it does when the disk is full.
  }
}

void Transaction::Commit() {
  database_->Execute("COMMIT");
  open_ = false;
}

}  // namespace graphiqa
