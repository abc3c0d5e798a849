#!/bin/sh
# Runs once, when the sample loan server's data folder is new: a database for each sample lender, and the three roles Lethe
# logs in as. What they may do is decided later by `governance install`. psql reads each password itself, so none shows up in a process list.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set engine_password `cat /run/secrets/lethe_engine_password`
\set sealer_password `cat /run/secrets/lethe_sealer_password`
\set validator_password `cat /run/secrets/lethe_validator_password`
CREATE ROLE lethe_engine LOGIN PASSWORD :'engine_password';
CREATE ROLE lethe_sealer LOGIN PASSWORD :'sealer_password';
CREATE ROLE lethe_validator LOGIN PASSWORD :'validator_password';
CREATE DATABASE "credithelp";
CREATE DATABASE "expert-plus";
CREATE DATABASE "kredit-seven";
CREATE DATABASE "koduliising";
CREATE DATABASE "credit-plus";
REVOKE CONNECT ON DATABASE "credithelp", "expert-plus", "kredit-seven", "koduliising", "credit-plus", postgres FROM PUBLIC;
GRANT CONNECT ON DATABASE "credithelp", "expert-plus", "kredit-seven", "koduliising", "credit-plus" TO lethe_engine, lethe_sealer, lethe_validator;
SQL
