#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs once, as the user postgres, when the sample database is made: the login that only the gateway uses, owner of the shop.
set -euo pipefail
# On a line of its own: a failure inside an argument would not end the script, and the role would get an empty password.
password="$(cat /run/secrets/sluice/gateway-password)"
if [ -z "$password" ]; then
  echo "/run/secrets/sluice/gateway-password is empty: the gateway's role is not made without a password" >&2
  exit 1
fi
psql -v ON_ERROR_STOP=1 -v password="$password" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE sluice_gateway LOGIN PASSWORD :'password';
ALTER DATABASE shop OWNER TO sluice_gateway;
ALTER SCHEMA public OWNER TO sluice_gateway;
SQL
