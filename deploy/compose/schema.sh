#!/bin/sh
# Makes Temporal's two databases in PostgreSQL and brings their schemas up to date. Run at every start; what is there stays. `npm run rehearse` runs it too.
set -eu
SQL_PASSWORD=$(cat "${SQL_PASSWORD_FILE:-/run/secrets/postgres_password}")
export SQL_PASSWORD
bring() { # DATABASE SCHEMA
  tool="temporal-sql-tool --plugin postgres12 --endpoint $SQL_HOST --port $SQL_PORT --user $SQL_USER --db $1"
  # There already: only what is newer is added.
  if $tool update-schema --schema-name "$2" 2>/dev/null; then return; fi
  $tool create
  $tool setup-schema --version 0.0
  $tool update-schema --schema-name "$2"
}
bring temporal postgresql/v12/temporal
bring temporal_visibility postgresql/v12/visibility
