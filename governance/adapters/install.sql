-- What Lethe keeps inside a loan database. Installed once by an administrator.
-- The engine's role can add to outbox and ledger, and place and release holds and marks; it owns none of them, and triggers refuse other change to
-- everyone.

CREATE SCHEMA IF NOT EXISTS lethe AUTHORIZATION lethe_owner;
CREATE SCHEMA IF NOT EXISTS lethe_work AUTHORIZATION lethe_engine;

CREATE TABLE IF NOT EXISTS lethe.outbox (
  event_id   uuid PRIMARY KEY,
  position   bigint GENERATED ALWAYS AS IDENTITY,
  event      text NOT NULL,
  written_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX IF NOT EXISTS outbox_written ON lethe.outbox (position);  -- a sealer that goes on with a million events reads on from there
-- In which transaction an event was written, for `lethe.require_announced()`. Apart from its default, so that what stands is not rewritten.
ALTER TABLE lethe.outbox ADD COLUMN IF NOT EXISTS transaction_id xid8;
ALTER TABLE lethe.outbox ALTER COLUMN transaction_id SET DEFAULT pg_current_xact_id();
CREATE INDEX IF NOT EXISTS outbox_transaction ON lethe.outbox (transaction_id);

-- What was changed in collections whose changes must be announced: rows by transaction, so that no announcement serves twice. Nobody but
-- the trigger writes here.
CREATE TABLE IF NOT EXISTS lethe.changes (
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  collection     text NOT NULL,
  operation      text NOT NULL,
  rows           bigint NOT NULL,
  written_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX IF NOT EXISTS changes_transaction ON lethe.changes (transaction_id);

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
  event_id   uuid PRIMARY KEY,
  seq        bigint NOT NULL UNIQUE
);
-- That the event stands is asked once a statement (`lethe.require_event()`): a foreign key would lock and write every event's row again.
ALTER TABLE lethe.sealed DROP CONSTRAINT IF EXISTS sealed_event_id_fkey;

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

-- Marks of persons, by the key of the subjects' collection: that what is held of them is restricted (GDPR 18, and what stays of an erasure),
-- or that they objected to purposes. Not who they are. A restriction that keeps the nightly run away has a hold, which ends with it.
CREATE TABLE IF NOT EXISTS lethe.marks (
  mark_id     uuid PRIMARY KEY,
  dataset     text NOT NULL,
  subject     text NOT NULL,
  meaning     text NOT NULL CHECK (meaning IN ('restricted', 'objected')),
  kind        text NOT NULL,
  purposes    text[] NOT NULL,
  collections text[] NOT NULL,
  clause      text NOT NULL,
  until       date,
  request_id  uuid NOT NULL,
  hold_id     uuid REFERENCES lethe.holds,
  placed_at   timestamptz NOT NULL,
  lifted_at   timestamptz
);
CREATE INDEX IF NOT EXISTS marks_standing ON lethe.marks (subject) WHERE lifted_at IS NULL;

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

-- The path is fixed in every function: whoever may make functions and operators somewhere could put them before the system's own.
CREATE OR REPLACE FUNCTION lethe.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'lethe.%: append-only, % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE OR REPLACE FUNCTION lethe.require_event() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$  -- by the events' index, however many
DECLARE
  missing uuid;
BEGIN
  SELECT event_id INTO missing FROM lethe_new WHERE NOT EXISTS (SELECT FROM lethe.outbox o WHERE o.event_id = lethe_new.event_id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'lethe.sealed: no event % stands in the outbox', missing USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION lethe.only_released() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.released_at IS NOT NULL OR NEW IS DISTINCT FROM jsonb_populate_record(OLD, jsonb_build_object('released_at', NEW.released_at)) THEN
    RAISE EXCEPTION 'lethe.holds: a hold can only be released, once' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF EXISTS (SELECT FROM lethe.marks WHERE hold_id = OLD.hold_id AND lifted_at IS NULL) THEN
    RAISE EXCEPTION 'lethe.holds: a restriction stands on this hold, and ends with its request' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION lethe.only_lifted() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.lifted_at IS NOT NULL OR NEW IS DISTINCT FROM jsonb_populate_record(OLD, jsonb_build_object('lifted_at', NEW.lifted_at)) THEN
    RAISE EXCEPTION 'lethe.marks: a mark can only be lifted, once' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;

-- Of a collection whose changes must be announced (`announced` in lethe.yaml; install.py makes the triggers): no row is deleted, and no key or
-- governed column changed, beyond what events of the same transaction announce. Arguments: the collection; roles that log in and may
-- change it unannounced, the lender's application; the key; key and governed columns; names of its references that a chunk may empty.
-- Rows are counted over the whole transaction. Every row of an UPDATE counts while the announcement reaches so far; beyond it only those are
-- counted in which something governed is another, compared byte by byte (*=), for not every type has an equality.
-- Its owner's: the outbox and the account are nobody else's. An event of another transaction, or of a server that this database was restored
-- from and that counted its transactions otherwise, was written before this transaction began.
CREATE OR REPLACE FUNCTION lethe.require_announced() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  counted bigint;
  same bigint;
  earlier bigint;
  announced bigint;
BEGIN
  IF session_user::text = ANY (TG_ARGV[1]::text[]) THEN
    RETURN NULL;
  END IF;
  SELECT count(*) INTO counted FROM lethe_old;
  IF counted = 0 THEN
    RETURN NULL;
  END IF;
  SELECT coalesce(sum(CASE
      WHEN body ->> 'collection' = TG_ARGV[0] AND (body ->> 'action' = 'delete') = (TG_OP = 'DELETE') THEN (body ->> 'changed')::bigint
      ELSE 0
    END + CASE TG_OP
      WHEN 'UPDATE' THEN
        (SELECT coalesce(sum(value::bigint), 0) FROM jsonb_each_text(body -> 'unlinked') WHERE key = ANY (TG_ARGV[4]::text[]))
      ELSE 0
    END), 0)
    INTO announced
    FROM (
      SELECT event::jsonb -> 'body' AS body FROM lethe.outbox
      WHERE transaction_id = pg_current_xact_id() AND written_at >= transaction_timestamp()
        AND event::jsonb ->> 'kind' IN ('chunk.enforced', 'record.corrected')
    ) AS told;
  SELECT coalesce(sum(rows), 0) INTO earlier FROM lethe.changes
    WHERE transaction_id = pg_current_xact_id() AND written_at >= transaction_timestamp()
      AND collection = TG_ARGV[0] AND operation = TG_OP;
  IF earlier + counted > announced AND TG_OP = 'UPDATE' THEN
    EXECUTE (
      SELECT format(
        'SELECT count(*) FROM lethe_old o JOIN lethe_new n ON ROW(%s)::text = ROW(%s)::text WHERE ROW(%s)::record *= ROW(%s)::record',
        (SELECT string_agg(format('o.%I', name), ', ') FROM unnest(TG_ARGV[2]::text[]) AS name),
        (SELECT string_agg(format('n.%I', name), ', ') FROM unnest(TG_ARGV[2]::text[]) AS name),
        (SELECT string_agg(format('o.%I', name), ', ') FROM unnest(TG_ARGV[3]::text[]) AS name),
        (SELECT string_agg(format('n.%I', name), ', ') FROM unnest(TG_ARGV[3]::text[]) AS name)
      )
    ) INTO same;
    counted := counted - same;
    IF counted = 0 THEN
      RETURN NULL;
    END IF;
  END IF;
  IF earlier + counted > announced THEN
    RAISE EXCEPTION 'lethe: % of %.% refused: % rows, of which events of this transaction announce %', TG_OP, TG_TABLE_SCHEMA,
      TG_TABLE_NAME, earlier + counted, announced USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO lethe.changes (collection, operation, rows) VALUES (TG_ARGV[0], TG_OP, counted);
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION lethe.refuse_truncate() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'lethe: TRUNCATE of %.% refused, for no event announces one', TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['outbox', 'ledger', 'sealed', 'changes'] LOOP
    EXECUTE format('ALTER TABLE lethe.%I OWNER TO lethe_owner', name);
    EXECUTE format('CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON lethe.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION lethe.refuse()', name);
    -- Also where a session replays as a replica, in which ordinary triggers keep still.
    EXECUTE format('ALTER TABLE lethe.%I ENABLE ALWAYS TRIGGER append_only', name);
  END LOOP;
END
$$;
CREATE OR REPLACE TRIGGER of_an_event AFTER INSERT ON lethe.sealed REFERENCING NEW TABLE AS lethe_new
  FOR EACH STATEMENT EXECUTE FUNCTION lethe.require_event();
ALTER TABLE lethe.sealed ENABLE ALWAYS TRIGGER of_an_event;
ALTER TABLE lethe.holds OWNER TO lethe_owner;
ALTER TABLE lethe.marks OWNER TO lethe_owner;
ALTER TABLE lethe.pending_files OWNER TO lethe_owner;
CREATE OR REPLACE TRIGGER kept BEFORE DELETE OR TRUNCATE ON lethe.holds FOR EACH STATEMENT EXECUTE FUNCTION lethe.refuse();
CREATE OR REPLACE TRIGGER only_released BEFORE UPDATE ON lethe.holds FOR EACH ROW EXECUTE FUNCTION lethe.only_released();
ALTER TABLE lethe.holds ENABLE ALWAYS TRIGGER kept, ENABLE ALWAYS TRIGGER only_released;
CREATE OR REPLACE TRIGGER kept BEFORE DELETE OR TRUNCATE ON lethe.marks FOR EACH STATEMENT EXECUTE FUNCTION lethe.refuse();
CREATE OR REPLACE TRIGGER only_lifted BEFORE UPDATE ON lethe.marks FOR EACH ROW EXECUTE FUNCTION lethe.only_lifted();
ALTER TABLE lethe.marks ENABLE ALWAYS TRIGGER kept, ENABLE ALWAYS TRIGGER only_lifted;
ALTER FUNCTION lethe.refuse() OWNER TO lethe_owner;
ALTER FUNCTION lethe.require_event() OWNER TO lethe_owner;
ALTER FUNCTION lethe.only_released() OWNER TO lethe_owner;
ALTER FUNCTION lethe.only_lifted() OWNER TO lethe_owner;
ALTER FUNCTION lethe.require_announced() OWNER TO lethe_owner;
ALTER FUNCTION lethe.refuse_truncate() OWNER TO lethe_owner;
-- It runs as its owner, so only who installs makes triggers of it.
REVOKE ALL ON FUNCTION lethe.require_announced() FROM PUBLIC;

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

REVOKE ALL ON SCHEMA lethe FROM PUBLIC, lethe_engine, lethe_sealer, lethe_validator;
REVOKE ALL ON ALL TABLES IN SCHEMA lethe FROM PUBLIC, lethe_engine, lethe_sealer, lethe_validator;
GRANT USAGE ON SCHEMA lethe TO lethe_engine, lethe_sealer, lethe_validator;
-- Of an event only what it says: its position, time and transaction are the database's word.
GRANT SELECT, INSERT (event_id, event) ON lethe.outbox TO lethe_engine;
GRANT SELECT, INSERT ON lethe.ledger TO lethe_engine;
GRANT SELECT, INSERT, UPDATE ON lethe.holds, lethe.marks TO lethe_engine;
GRANT SELECT, INSERT, UPDATE, DELETE ON lethe.pending_files TO lethe_engine;
GRANT SELECT (entry_id, store) ON lethe.pending_files TO lethe_validator;
GRANT SELECT ON lethe.outbox, lethe.ledger TO lethe_sealer;  -- the ledger is copied out as its events are sealed
GRANT SELECT, INSERT ON lethe.sealed TO lethe_sealer;
GRANT SELECT ON lethe.outbox, lethe.ledger, lethe.sealed, lethe.holds, lethe.marks, lethe.changes TO lethe_validator;
