#!/bin/sh
# Makes the secrets of docker-compose.yml that do not exist yet, each a file in secrets/. The directory is
# private. The files in it are readable by all, because each container reads them as a user of its own.
set -eu
cd "$(dirname "$0")/.."
umask 022
mkdir -p secrets
chmod 700 secrets

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
key() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }
url() { printf 'postgres://%s:%s@postgres:5432/gatehouse' "$1" "$(cat "secrets/$2")"; }
# make NAME COMMAND…: writes what the command prints, unless the file exists.
make() {
  file=secrets/$1
  shift
  if [ -e "$file" ]; then return; fi
  "$@" >"$file"
  echo "made $file"
}

make postgres_owner_password random
make postgres_runtime_password random
make database_migration_url url gatehouse_owner postgres_owner_password
make database_url url gatehouse postgres_runtime_password
make gatehouse_keys key
make grafana_password random
make workos_api_key printf sk_test_none
# Empty until the webhook endpoint exists at WorkOS.
make workos_webhook_secrets printf ''
# Empty until there is a mail server; then MAIL_FROM is needed as well.
make smtp_url printf ''
if [ "$(cat secrets/workos_api_key)" = sk_test_none ]; then
  echo 'secrets/workos_api_key is made up: all starts, and what needs WorkOS answers 502. Write your key there.'
fi
