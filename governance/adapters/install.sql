-- What Lethe keeps inside a loan database. Installed once by an administrator.
-- The engine's role can add to outbox and ledger, and nothing else: it owns neither, and triggers refuse change to everyone.

CREATE SCHEMA IF NOT EXISTS lethe AUTHORIZATION lethe_owner;
CREATE SCHEMA IF NOT EXISTS lethe_work AUTHORIZATION lethe_engine;

CREATE TABLE IF NOT EXISTS lethe.outbox (
  event_id   uuid PRIMARY KEY,
  position   bigint GENERATED ALWAYS AS IDENTITY,
  event      text NOT NULL,
  written_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE IF NOT EXISTS lethe.ledger (
  event_id   uuid NOT NULL REFERENCES lethe.outbox DEFERRABLE INITIALLY DEFERRED,
  collection text NOT NULL,
  action     text NOT NULL,
  key_ref    text NOT NULL,
  PRIMARY KEY (event_id, key_ref)
);

CREATE TABLE IF NOT EXISTS lethe.sealed (
  event_id   uuid PRIMARY KEY REFERENCES lethe.outbox,
  seq        bigint NOT NULL UNIQUE
);

CREATE OR REPLACE FUNCTION lethe.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'lethe.%: append-only, % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
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
ALTER FUNCTION lethe.refuse() OWNER TO lethe_owner;

REVOKE ALL ON ALL TABLES IN SCHEMA lethe FROM PUBLIC, lethe_engine, lethe_sealer, lethe_validator;
GRANT USAGE ON SCHEMA lethe TO lethe_engine, lethe_sealer, lethe_validator;
GRANT SELECT, INSERT ON lethe.outbox, lethe.ledger TO lethe_engine;
GRANT SELECT ON lethe.outbox TO lethe_sealer;
GRANT SELECT, INSERT ON lethe.sealed TO lethe_sealer;
GRANT SELECT ON lethe.outbox, lethe.ledger, lethe.sealed TO lethe_validator;
