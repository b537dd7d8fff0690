#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs once, when the sample database is made: the login that only the gateway uses, owner of the shop.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -v password="$(cat /run/secrets/sluice/gateway-password)" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE sluice_gateway LOGIN PASSWORD :'password';
ALTER DATABASE shop OWNER TO sluice_gateway;
ALTER SCHEMA public OWNER TO sluice_gateway;
SQL
