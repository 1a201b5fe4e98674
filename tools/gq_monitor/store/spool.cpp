// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "spool.h"

#include "channel/sample.h"

namespace graphiqa {

Spool::Spool(Database* database, int64_t limit)
    : database_(database), limit_(limit) {
  database_->Execute(
      "CREATE TABLE IF NOT EXISTS spool (number INTEGER PRIMARY KEY "
      "AUTOINCREMENT, output TEXT, id TEXT, channel TEXT, body TEXT, "
      "created REAL);"
      "CREATE INDEX IF NOT EXISTS spool_by_output ON spool(output, number);");
}

int64_t Spool::Add(const std::string& output, const Spooled& event) {
  Statement add(database_,
                "INSERT INTO spool(output, id, channel, body, created) "
                "VALUES(?, ?, ?, ?, ?)");
  add.Bind(1, output).Bind(2, event.id).Bind(3, event.channel);
  add.Bind(4, event.body).Bind(5, WallNow());
  add.Run();
  const int64_t surplus = Waiting(output) - limit_;
  if (surplus <= 0) return 0;
  Statement drop(database_,
                 "DELETE FROM spool WHERE number IN (SELECT number FROM spool "
                 "WHERE output = ? ORDER BY number LIMIT ?)");
  drop.Bind(1, output).Bind(2, surplus).Run();
  return surplus;
}

std::optional<Spooled> Spool::Oldest(const std::string& output) {
  Statement find(database_,
                 "SELECT number, id, channel, body FROM spool WHERE output = ? "
                 "ORDER BY number LIMIT 1");
  find.Bind(1, output);
  if (!find.Step()) return std::nullopt;
  return Spooled{find.Int(0), find.Text(1), find.Text(2), find.Text(3)};
}

void Spool::Remove(int64_t number) {
  Statement(database_, "DELETE FROM spool WHERE number = ?")
      .Bind(1, number)
      .Run();
}

int64_t Spool::Waiting(const std::string& output) {
  Statement count(database_, "SELECT count(*) FROM spool WHERE output = ?");
  count.Bind(1, output);
  count.Step();
  return count.Int(0);
}

void Spool::Prune(double unix_time) {
  Statement(database_, "DELETE FROM spool WHERE created < ?")
      .Bind(1, unix_time)
      .Run();
}

}  // namespace graphiqa
