/**
 * The catalog's schema, one SQL text per version, in order. A text that was released is never changed: what comes later
 * is a further text. Each is applied in one transaction together with its version number, so that a kill in between
 * leaves the version before.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { catalogDamaged, catalogTooNew } from './failures.ts';

/** "SitP", in the file's header: tells a catalog from another program's SQLite file. */
const applicationId = 0x53697450;

const initial = `
CREATE TABLE groups (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  store_a TEXT,
  store_b TEXT,
  definition TEXT NOT NULL,
  last_seen_a TEXT,
  last_seen_b TEXT,
  confirmed_commands TEXT NOT NULL
) STRICT;

-- number orders runs by their start, whatever the clock said.
CREATE TABLE runs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  group_name TEXT GENERATED ALWAYS AS (body ->> '$.groupName') VIRTUAL,
  outcome TEXT GENERATED ALWAYS AS (body ->> '$.outcome') VIRTUAL,
  owner_pid INTEGER NOT NULL,
  owner_start_ticks INTEGER NOT NULL,
  owner_boot_id TEXT NOT NULL
) STRICT;
CREATE INDEX runs_by_group ON runs (group_name, number);
CREATE INDEX runs_unfinished ON runs (number) WHERE outcome IS NULL;

CREATE TABLE run_progress (
  run_id TEXT PRIMARY KEY REFERENCES runs (id),
  body TEXT NOT NULL
) STRICT;

CREATE TABLE run_requests (
  run_id TEXT PRIMARY KEY REFERENCES runs (id),
  cancel INTEGER NOT NULL DEFAULT 0,
  pause INTEGER NOT NULL DEFAULT 0,
  limit_asked INTEGER NOT NULL DEFAULT 0,
  limit_bytes_per_second INTEGER
) STRICT;

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  operator TEXT NOT NULL,
  action TEXT NOT NULL,
  group_name TEXT,
  run_id TEXT,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

-- One row: where the chain began (32 random bytes) and where it ends.
CREATE TABLE audit_head (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  chain TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head SELECT 1, id, 0, id FROM (SELECT lower(hex(randomblob(32))) AS id);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
-- INSERT OR REPLACE fires no delete trigger: an entry may only come behind the last.
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
WHEN NEW.sequence <= (SELECT coalesce(max(sequence), 0) FROM audit)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_head_only_advances BEFORE UPDATE ON audit_head
WHEN NEW.sequence <= OLD.sequence OR NEW.chain <> OLD.chain
BEGIN SELECT RAISE(ABORT, 'the head of the audit log only advances'); END;
CREATE TRIGGER audit_head_is_not_removed BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the head of the audit log only advances'); END;
CREATE TRIGGER audit_head_is_not_replaced BEFORE INSERT ON audit_head
BEGIN SELECT RAISE(ABORT, 'the head of the audit log only advances'); END;
`;

const settings = `
-- What the operator chose for the window.
CREATE TABLE settings (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  body TEXT NOT NULL
) STRICT;
`;

const words = `
-- What a run is found by, in lower case; one that goes on is found as "running". Its index is read instead of the runs.
ALTER TABLE runs ADD COLUMN said TEXT GENERATED ALWAYS AS (
  lower(group_name || ' ' || (body ->> '$.operation') || ' ' || coalesce(outcome, 'running') || ' ' ||
    (body ->> '$.operator') || ' ' || id)
) VIRTUAL;
CREATE INDEX runs_by_words ON runs (said);
`;

const schedule = `
-- One row: the process that begins cycles by the clock, and what it is about to do.
CREATE TABLE scheduler (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  owner_pid INTEGER NOT NULL,
  owner_start_ticks INTEGER NOT NULL,
  owner_boot_id TEXT NOT NULL,
  client TEXT NOT NULL,
  plan TEXT NOT NULL
) STRICT;

-- How old the point was that a failover of each group would have taken; at: seconds since the epoch.
CREATE TABLE lag (
  group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  age_seconds INTEGER NOT NULL,
  PRIMARY KEY (group_id, at)
) STRICT, WITHOUT ROWID;
`;

const alerts = `
-- What was told of targets; at: milliseconds since the epoch.
CREATE TABLE alerts (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  event TEXT NOT NULL,
  message TEXT NOT NULL,
  command_failure TEXT
) STRICT;
CREATE INDEX alerts_by_group ON alerts (group_id, number);

-- One row, or none: the shell command that alerts are told to.
CREATE TABLE alert_command (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  command TEXT NOT NULL
) STRICT;
`;

const forecasts = `
-- What was looked at before runs; one that was shown before a run was started is kept with the run.
CREATE TABLE forecasts (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  group_name TEXT GENERATED ALWAYS AS (body ->> '$.group') VIRTUAL
) STRICT;
CREATE INDEX forecasts_by_group ON forecasts (group_name, number);
CREATE INDEX runs_with_forecast ON runs (number) WHERE body ->> '$.forecast.id' IS NOT NULL;
`;

const readiness = `
-- What was proved last of each group's changes of sides, and what ended the newest try that came to no proof.
CREATE TABLE readiness (
  group_id TEXT PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE,
  proof TEXT,
  failure TEXT
) STRICT;

-- One row, or none where it is as usual: how often the clock has it proved; NULL: never.
CREATE TABLE readiness_schedule (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  every_hours INTEGER
) STRICT;
`;

const seat = `
-- When the process that begins cycles was heard of last, milliseconds of its boot's clock.
ALTER TABLE scheduler ADD COLUMN heard_ms INTEGER NOT NULL DEFAULT 0;
`;

const dismissedVolumes = `
CREATE TABLE dismissed_volumes (
  path TEXT PRIMARY KEY,
  -- Of a device, which may get another name; null for a file.
  identity TEXT,
  reason TEXT NOT NULL,
  operator TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
`;

/** What people answered to a run that waits at a step of its plan; taken by the run's owner, in order. */
const answers = `
CREATE TABLE step_answers (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  body TEXT NOT NULL
) STRICT;
`;

const failoverPlans = `
CREATE TABLE failover_plans (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;

-- Runs of them over their groups; kept when the plan is removed, as runs are.
CREATE TABLE failover_plan_runs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  plan TEXT GENERATED ALWAYS AS (body ->> '$.plan') VIRTUAL,
  outcome TEXT GENERATED ALWAYS AS (body ->> '$.outcome') VIRTUAL,
  cancel INTEGER NOT NULL DEFAULT 0,
  owner_pid INTEGER NOT NULL,
  owner_start_ticks INTEGER NOT NULL,
  owner_boot_id TEXT NOT NULL
) STRICT;
CREATE INDEX failover_plan_runs_by_plan ON failover_plan_runs (plan, number);
CREATE INDEX failover_plan_runs_unfinished ON failover_plan_runs (number) WHERE outcome IS NULL;
`;

const lagEnded = `
-- Groups whose point was not asked for any more when they were seen last: what lag has of them is of before.
CREATE TABLE lag_ended (
  group_id TEXT PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE
) STRICT;
`;

const migrations: readonly string[] = [
  initial,
  settings,
  words,
  schedule,
  alerts,
  forecasts,
  readiness,
  seat,
  dismissedVolumes,
  answers,
  failoverPlans,
  lagEnded,
];

/**
 * Refuses a file that is no catalog (`catalog-unusable`) or a newer one (`format-too-new`). Changes nothing; to be
 * called within a transaction, as others may be migrating.
 */
export function assertKnownVersion(database: Database, file: string): void {
  const version = versionOf(database);
  if (version > migrations.length) throw catalogTooNew(file, version, migrations.length);
  const foreign =
    version === 0
      ? database.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined
      : database.pragma('application_id', { simple: true }) !== applicationId;
  if (foreign) throw catalogDamaged(file, 'it is a database of another program');
}

/** Applies what is missing, each version in a transaction of its own. Several processes may call it at once. */
export function migrate(database: Database): void {
  const present = versionOf(database);
  for (const [index, sql] of migrations.entries()) {
    if (index < present) continue;
    database
      .transaction(() => {
        if (versionOf(database) !== index) return;
        database.exec(sql);
        database.pragma(`application_id = ${applicationId}`);
        database.pragma(`user_version = ${index + 1}`);
      })
      .immediate();
  }
}

/** How many migrations the catalog has had. */
export function versionOf(database: Database): number {
  return z.number().parse(database.pragma('user_version', { simple: true }));
}
