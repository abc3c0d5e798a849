-- What Lethe keeps inside a loan database. Installed once by an administrator.
-- The engine's role can add to outbox and ledger, and place and release holds; it owns none of them, and triggers refuse other change to
-- everyone.

CREATE SCHEMA IF NOT EXISTS lethe AUTHORIZATION lethe_owner;
CREATE SCHEMA IF NOT EXISTS lethe_work AUTHORIZATION lethe_engine;

CREATE TABLE IF NOT EXISTS lethe.outbox (
  event_id   uuid PRIMARY KEY,
  position   bigint GENERATED ALWAYS AS IDENTITY,
  event      text NOT NULL,
  written_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One entry for each event of a chunk: the keyed references of the rows it changed, in the order of their keys, over which the event has a
-- digest. Not compressed, for there is nothing in random digits to compress.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('lethe.ledger') AND attname = 'key_ref' AND NOT attisdropped) THEN
    ALTER TABLE lethe.ledger RENAME TO ledger_by_row;  -- of an earlier version: an entry for each row
  END IF;
END
$$;
CREATE TABLE IF NOT EXISTS lethe.ledger (
  event_id   uuid PRIMARY KEY REFERENCES lethe.outbox,
  collection text NOT NULL,
  action     text NOT NULL,
  key_refs   text[] NOT NULL
);
ALTER TABLE lethe.ledger ALTER COLUMN key_refs SET STORAGE EXTERNAL;
DO $$
BEGIN
  IF to_regclass('lethe.ledger_by_row') IS NOT NULL THEN
    INSERT INTO lethe.ledger SELECT event_id, collection, action, array_agg(key_ref ORDER BY key_ref)
      FROM lethe.ledger_by_row GROUP BY event_id, collection, action;
    DROP TABLE lethe.ledger_by_row;
    DROP FUNCTION lethe.announced();
  END IF;
END
$$;

CREATE TABLE IF NOT EXISTS lethe.sealed (
  event_id   uuid PRIMARY KEY REFERENCES lethe.outbox,
  seq        bigint NOT NULL UNIQUE
);

-- Holds that people placed: collection and key name a record, or a person and with it everything of that person. A chunk of an
-- enforcement takes this table in SHARE mode before it looks whether its rows are still due, and until it commits (for which the engine
-- needs UPDATE on the whole table); who places a hold inserts here before anything else. So a hold waits for the chunk, or the chunk
-- sees it.
CREATE TABLE IF NOT EXISTS lethe.holds (
  hold_id     uuid PRIMARY KEY,
  collection  text NOT NULL,
  key         text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('legal-dispute', 'authority-request', 'restriction', 'statutory-blocking')),
  clause      text NOT NULL,
  until       date,
  placed_at   timestamptz NOT NULL,
  released_at timestamptz
);
CREATE INDEX IF NOT EXISTS holds_standing ON lethe.holds (collection, key) WHERE released_at IS NULL;

-- Files that enforced chunks have let go and that are still to be deleted. The reference is personal data and stays no longer than that.
CREATE TABLE IF NOT EXISTS lethe.pending_files (
  entry_id    uuid PRIMARY KEY,
  plan_digest text NOT NULL,
  step        integer NOT NULL,
  collection  text NOT NULL,
  field       text NOT NULL,
  key_ref     text NOT NULL,
  store       text NOT NULL,
  reference   text NOT NULL,
  file_ref    text NOT NULL,
  noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  versions    integer,
  size        bigint,
  digest      text
);

CREATE OR REPLACE FUNCTION lethe.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'lethe.%: append-only, % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE OR REPLACE FUNCTION lethe.only_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.released_at IS NOT NULL OR NEW IS DISTINCT FROM jsonb_populate_record(OLD, jsonb_build_object('released_at', NEW.released_at)) THEN
    RAISE EXCEPTION 'lethe.holds: a hold can only be released, once' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['outbox', 'ledger', 'sealed'] LOOP
    EXECUTE format('ALTER TABLE lethe.%I OWNER TO lethe_owner', name);
    EXECUTE format('CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON lethe.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION lethe.refuse()', name);
  END LOOP;
END
$$;
ALTER TABLE lethe.holds OWNER TO lethe_owner;
ALTER TABLE lethe.pending_files OWNER TO lethe_owner;
CREATE OR REPLACE TRIGGER kept BEFORE DELETE OR TRUNCATE ON lethe.holds FOR EACH STATEMENT EXECUTE FUNCTION lethe.refuse();
CREATE OR REPLACE TRIGGER only_released BEFORE UPDATE ON lethe.holds FOR EACH ROW EXECUTE FUNCTION lethe.only_released();
ALTER FUNCTION lethe.refuse() OWNER TO lethe_owner;
ALTER FUNCTION lethe.only_released() OWNER TO lethe_owner;

-- How far standbys are behind, for the engine to wait for them. What it is told is this, not what pg_monitor would tell: the texts of other
-- people's queries. Its owner may see it (pg_read_all_stats, see install.py), or all of it is NULL.
CREATE OR REPLACE FUNCTION lethe.standbys() RETURNS TABLE (name text, reached numeric, lag_bytes numeric, lag_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- What only receives WAL (pg_receivewal) replays none, and flushes whole segments: what it has written counts.
  SELECT application_name, pg_wal_lsn_diff(lsn, '0/0'), pg_wal_lsn_diff(pg_current_wal_lsn(), lsn),
         coalesce(extract(epoch FROM coalesce(replay_lag, write_lag)), 0)::double precision
  FROM (SELECT *, coalesce(replay_lsn, write_lsn, sent_lsn) AS lsn FROM pg_stat_replication) AS sender
  WHERE state IS NULL OR (state <> 'backup' AND lsn IS NOT NULL)  -- hidden; or one that has reported
$$;
ALTER FUNCTION lethe.standbys() OWNER TO lethe_owner;
REVOKE ALL ON FUNCTION lethe.standbys() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lethe.standbys() TO lethe_engine;

REVOKE ALL ON ALL TABLES IN SCHEMA lethe FROM PUBLIC, lethe_engine, lethe_sealer, lethe_validator;
GRANT USAGE ON SCHEMA lethe TO lethe_engine, lethe_sealer, lethe_validator;
GRANT SELECT, INSERT ON lethe.outbox, lethe.ledger TO lethe_engine;
GRANT SELECT, INSERT, UPDATE ON lethe.holds TO lethe_engine;
GRANT SELECT, INSERT, UPDATE, DELETE ON lethe.pending_files TO lethe_engine;
GRANT SELECT (entry_id, store) ON lethe.pending_files TO lethe_validator;
GRANT SELECT ON lethe.outbox, lethe.ledger TO lethe_sealer;  -- the ledger is copied out as its events are sealed
GRANT SELECT, INSERT ON lethe.sealed TO lethe_sealer;
GRANT SELECT ON lethe.outbox, lethe.ledger, lethe.sealed, lethe.holds TO lethe_validator;
