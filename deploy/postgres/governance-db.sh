#!/bin/sh
# Runs once, when the governance server's data folder is new: a role and a database for Airflow's metadata, for the results
# Celery hands back, and for Lethe's own store. psql reads each password itself, so none shows up in a process list.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set airflow_password `cat /run/secrets/airflow_password`
\set celery_password `cat /run/secrets/celery_password`
\set lethe_store_password `cat /run/secrets/lethe_store_password`
CREATE ROLE airflow LOGIN PASSWORD :'airflow_password';
CREATE ROLE celery LOGIN PASSWORD :'celery_password';
CREATE ROLE lethe_store LOGIN PASSWORD :'lethe_store_password';
CREATE DATABASE airflow OWNER airflow;
CREATE DATABASE celery OWNER celery;
CREATE DATABASE lethe OWNER lethe_store;
REVOKE CONNECT ON DATABASE airflow, celery, lethe, postgres FROM PUBLIC;
SQL
