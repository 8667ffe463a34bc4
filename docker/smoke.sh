#!/usr/bin/env bash
# Builds the image, starts docker-compose.yml as .env.example says, tries what must hold, and takes everything
# down again. Needs a Docker engine, Compose and curl; DOCKER names another client.
set -Eeuo pipefail
cd "$(dirname "$0")/.."

docker=${DOCKER:-docker}
if "$docker" compose version >/dev/null 2>&1; then compose=("$docker" compose); else compose=(docker-compose); fi
project=gatehouse-smoke-$$
# Files that compose reads, away from the .env and secrets/ of this checkout.
files=$(mktemp -d) log=$(mktemp)
cp -r docker-compose.yml docker .env.example "$files"
compose+=(-p "$project" --project-directory "$files" -f "$files/docker-compose.yml")
failed=0 checks=0 load=()

say() { printf '%s\n' "$*"; }
# check WHAT COMMAND…: whether the command succeeds.
check() {
  local what=$1
  shift
  checks=$((checks + 1))
  if "$@" >/dev/null 2>&1; then say "  ok      $what"; else
    failed=$((failed + 1))
    say "  FAILED  $what"
  fi
}
refused() { ! "$@"; }
equal() { [ "$1" = "$2" ]; }

end() {
  local status=$?
  kill "${load[@]}" 2>/dev/null || true
  if [ $status -ne 0 ] || [ "$failed" -ne 0 ]; then "${compose[@]}" logs --tail 50 || true; fi
  "${compose[@]}" down --volumes --timeout 10 >/dev/null 2>&1 || true
  rm -rf "$files" "$log"
}
trap end EXIT

say 'Building the image.'
build=(--network host -t gatehouse)
[ ! -f "$HOME/.npmrc" ] || build+=(--secret "id=npmrc,src=$HOME/.npmrc")
DOCKER_BUILDKIT=1 "$docker" build "${build[@]}" . >"$log" 2>&1 || { tail -n 40 "$log" && exit 1; }
size=$("$docker" image inspect -f '{{.Size}}' gatehouse)
say "  $((size / 1000000)) MB with its base image, $("$docker" run --rm --entrypoint du gatehouse -sm /app | cut -f 1) MB of it Gatehouse"

say 'The load balancer.'
# Where the official image cannot be had: Debian's haproxy, on the base of our own image.
if ! "$docker" pull -q haproxy:3.2 >/dev/null 2>&1 && ! "$docker" image inspect haproxy:3.2 >/dev/null 2>&1; then
  export HAPROXY_IMAGE=gatehouse-smoke-haproxy
  printf '%s\n' 'FROM node:24-bookworm-slim' 'RUN apt-get update && apt-get install -y --no-install-recommends haproxy' \
    'CMD ["haproxy", "-W", "-db", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]' |
    DOCKER_BUILDKIT=1 "$docker" build --network host -t $HAPROXY_IMAGE - >"$log" 2>&1 || { tail -n 40 "$log" && exit 1; }
fi
say "  ${HAPROXY_IMAGE:-haproxy:3.2}"

say 'Compose before the secrets are made.'
(cd "$files" && cp .env.example .env)
check 'does not start' refused "${compose[@]}" up -d --no-build gateway-1
"${compose[@]}" down --volumes >/dev/null 2>&1 || true

say 'cp .env.example .env, docker/secrets.sh, docker compose up.'
(cd "$files" && docker/secrets.sh) >"$log"
check 'the secrets are private' equal "$(stat -c %a "$files/secrets")" 700
check 'making them again changes none' equal "$(cd "$files" && docker/secrets.sh | grep -c '^made ')" 0
# Any ports that are free.
export GATEWAY_PORT=0 GATEWAY_ADMIN_PORT=0
"${compose[@]}" up -d --no-build >"$log" 2>&1 || { tail -n 40 "$log" && exit 1; }
id=$("${compose[@]}" ps -q gateway-1)
health() { "$docker" inspect -f '{{.State.Health.Status}}' "$1"; }
wait_until_healthy() {
  for _ in $(seq 120); do
    [ "$(health "$1")" != healthy ] || break
    sleep 0.5
  done
}
wait_until_healthy "$id"
check 'is healthy within a minute' equal "$(health "$id")" healthy

balancer=$("${compose[@]}" ps -q haproxy)
port() { "$docker" port "$1" "$2/tcp" | sed -n '1s/.*://p'; }
api=http://127.0.0.1:$(port "$balancer" 8080)
admin=http://127.0.0.1:$(port "$id" 8081)
status() { curl -s -o /dev/null -w '%{http_code}' --max-time 10 "$@"; }
inside() { "$docker" exec "$id" "$@"; }
# What the processes of the container may do, as the kernel sees it.
fact() { inside sed -nE "s/^$1:[[:space:]]+([^[:space:]]+).*/\1/p" /proc/1/status; }

say 'The admin port.'
check '/livez answers 200' equal "$(status "$admin/livez")" 200
check '/readyz answers 200' equal "$(status "$admin/readyz")" 200
check '/metrics answers 200' equal "$(status "$admin/metrics")" 200
check 'is bound to loopback' equal "$("$docker" port "$id" 8081/tcp | sed 's/:.*//')" 127.0.0.1

say 'A client.'
created=$(inside gatehouse clients create --name Smoke --scopes tenants:read --tenants '*')
key=$(sed -nE 's/.*"key":"(gh_[^"]+)".*/\1/p' <<<"$created")
check 'is created inside the container' test -n "$key"
check 'is served with its key' equal "$(status -H "Authorization: Bearer $key" "$api/v1/tenants")" 200
tools=$(curl -s --max-time 10 -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' "$api/mcp")
check 'is told the tools of MCP' grep -q '"portal.generate_link.create"' <<<"$tools"
check 'is refused without one' equal "$(status "$api/v1/tenants")" 401
check 'is refused what its scopes lack' equal "$(status -X PUT -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -d '{"name":"Acme"}' "$api/v1/tenants/acme")" 403

say 'What travels beside the bundle.'
check '/openapi.yaml is the committed one' cmp <(curl -s "$api/openapi.yaml") openapi.yaml
for file in swagger-ui-bundle.js swagger-ui.css viewer.js viewer.css; do
  check "/docs has $file" equal "$(status "$api/docs/$file")" 200
done
check 'the list of components is there' inside grep -q '"bomFormat": "CycloneDX"' /app/sbom.cdx.json
check 'the licences are there' inside grep -q '^express ' /app/dist/LICENSES.txt
check '"gatehouse dev" says that it needs a checkout' grep -q checkout <<<"$(inside gatehouse dev 2>&1 || true)"

say 'The container.'
check 'keeps new objects in 16 MB' inside grep -q -e --max-semi-space-size=16 /proc/1/cmdline
check 'keeps compiled code in a pause' inside grep -q -e --no-memory-reducer /proc/1/cmdline
check 'is not root' equal "$(fact Uid)" 65534
check 'has no capability' equal "$(fact CapBnd)" 0000000000000000
check 'can gain no privilege' equal "$(fact NoNewPrivs)" 1
check 'cannot write its root' refused inside touch /app/x
check 'cannot write /tmp' refused inside touch /tmp/x
check 'does not own what it runs' refused inside test -O /app/dist/main.mjs

say 'Secrets.'
logs=$("${compose[@]}" logs 2>&1)
history=$("$docker" history --no-trunc gatehouse && "$docker" image inspect gatehouse)
secrets=(-e "$key")
for file in "$files"/secrets/*; do [ ! -s "$file" ] || secrets+=(-e "$(cat "$file")"); done
check 'are not in the logs' refused grep -qF "${secrets[@]}" <<<"$logs"
check 'are not in the environment of a container' refused grep -qF "${secrets[@]}" <<<"$("$docker" inspect "$id")"
check 'are not in the history of the image' refused grep -qE -e 'sk_|_authToken|_password|postgres://' <<<"$history"
check 'no npm settings of the builder in the image' refused "$docker" run --rm --user 0 --entrypoint ls gatehouse /root/.npmrc
check 'no source or node_modules in the image' refused "$docker" run --rm --entrypoint ls gatehouse /app/src /app/node_modules

say 'After a restore.'
# The made-up key ends it where it asks WorkOS, before it changes anything.
restored=$("${compose[@]}" run --rm restored 2>&1 || true)
check '"docker compose run restored" has its settings and asks WorkOS' grep -qE '^gatehouse restored: .*WorkOS' <<<"$restored"

say 'Any user, without a compile cache, nothing writable.'
check '"gatehouse --help" works' "$docker" run --rm --user 12345 --read-only --cap-drop ALL --security-opt no-new-privileges gatehouse --help

say 'Figures.'
started=$(date -d "$("$docker" inspect -f '{{.State.StartedAt}}' "$id")" +%s%3N)
ready_at=$(sed -nE 's/^.*gateway-1.*"time":"([^"]+)".*"msg":"ready".*/\1/p' <<<"$logs")
ready=$(date -d "$ready_at" +%s%3N)
say "  ready $((ready - started)) ms after its start, resident $(($(fact VmRSS) / 1024)) MB"

say 'The worker.'
check 'leads' grep -q '^.*worker.*"leading":true' <<<"$logs"
check 'is ready' grep -q '^.*worker.*"msg":"ready"' <<<"$logs"

say 'Both gateways replaced under load, one after the other.'
for one in 1 2 3 4; do
  # On one connection each; the fragment is not sent. A file, because a busy database may refuse for its own reasons.
  curl -s -o /dev/null -w '%{stderr}%{http_code}\n' --rate 25/s "$api/docs/viewer.css#[1-100000]" 2>"$files/answers.$one" &
  load+=($!)
done
"$docker" stop --time 30 "$id" >/dev/null
check 'SIGTERM ends one with 0' equal "$("$docker" inspect -f '{{.State.ExitCode}}' "$id")" 0
"$docker" start "$id" >/dev/null
wait_until_healthy "$id"
sleep 2 # haproxy asks twice a second
"$docker" stop --time 30 "$("${compose[@]}" ps -q gateway-2)" >/dev/null
sleep 1
kill "${load[@]}" && load=()
say "  $(cat "$files"/answers.* | sort | uniq -c | tr -s ' \n' ' ') (requests, status)"
check 'no request failed' equal "$(cat "$files"/answers.* | sort -u)" 200

say "$checks checks, $failed failed"
[ "$failed" -eq 0 ]
