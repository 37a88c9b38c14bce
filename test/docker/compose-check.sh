#!/usr/bin/env bash
# Proves the Docker deployment against the engine at hand: docker-compose.yml as it is, in a copy of this tree, under a
# project name and a port of its own. Removes all of it afterwards.
#
#   test/docker/compose-check.sh            COMPOSE_CHECK_PORT: its port on 127.0.0.1 (18080)
#
# Needs Docker on this machine with `docker compose` or `docker-compose`, curl and openssl. Exit code 3: no engine answers.
set -euo pipefail

say() { echo "compose-check: $*"; }
fail() { say "FAILED: $*" >&2; exit 1; }

docker version >/dev/null 2>&1 || { say "no Docker engine answers, so nothing was checked"; exit 3; }
if docker compose version >/dev/null 2>&1; then program=(docker compose); else program=(docker-compose); fi
command -v "${program[0]}" >/dev/null || fail "neither docker compose nor docker-compose is here"

root=$(cd "$(dirname "$0")/../.." && pwd)
copy=$(mktemp -d)
project=csr-foundry-check-$$
port=${COMPOSE_CHECK_PORT:-18080}
url=http://127.0.0.1:$port
files=(-f docker-compose.yml)
done_so_far=()
# The caller's own settings stay out of it.
unset COMPOSE_FILE COMPOSE_PROJECT_NAME CSR_FOUNDRY_UID CSR_FOUNDRY_GID ADMIN_USERNAME API_ADDRESS SHARDS LOG_LEVEL
export API_PORT=$port WORKER_PROCESSES=1

compose() { "${program[@]}" -p "$project" "${files[@]}" "$@"; }
quietly() { # quietly ARGUMENTS OF COMPOSE...: what it says is shown only when it fails
  compose "$@" >compose.log 2>&1 || { tail -n 40 compose.log >&2; fail "${program[*]} $*"; }
}
passed() { say "$1"; done_so_far+=("$1"); }

clean_up() {
  local code=$?
  cd "$copy"
  if [[ $code != 0 ]]; then compose logs --tail=40 >&2 || true; fi
  compose down --volumes --rmi local --remove-orphans >/dev/null 2>&1 || true
  cd / && rm -rf "$copy"
}
trap clean_up EXIT

call() { curl --silent --show-error --config "$copy/curl.conf" "$@"; }

wait_until() { # wait_until SECONDS WHAT COMMAND...
  local deadline=$((SECONDS + $1)) what=$2; shift 2
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= deadline)); then fail "$what: not within the time"; fi
    sleep 0.5
  done
}

is_ready() { call "$url/readyz" | grep '"ready":true'; }
containers() { compose ps -a -q "$@"; }

new_csr() { # prints the path id
  local answer path
  answer=$(call -H 'Content-Type: application/json' -d '{}' "$url/certificateSigningRequest")
  path=$(sed -n 's/.*"path":"\([0-9]*\)".*/\1/p' <<<"$answer")
  [[ -n $path ]] || fail "no path in the answer: $answer"
  echo "$path"
}

fetch_csr() { # fetch_csr PATH FILE: 202 means that it is still being made
  [[ $(call -o "$2" -w '%{http_code}' "$url/certificateSigningRequest?path=$1") == 200 ]]
}

check_csr() { # check_csr PATH: prints the hash of its public key
  wait_until 90 "the CSR $1" fetch_csr "$1" "$copy/$1.pem"
  # Its words, not its exit code: some versions end with 0 either way.
  openssl req -in "$copy/$1.pem" -verify -noout 2>&1 | grep 'verify OK' >/dev/null || fail "the signature of CSR $1 does not verify"
  openssl req -in "$copy/$1.pem" -noout -pubkey | openssl dgst -sha256
}

# Docker gives a new volume the owner that the image has at /data. An image of that name in which it is another's, as
# images imported by hand may be, is helped here; the official one needs no help.
own_volume() {
  local redis api volume
  redis=$(containers redis); api=$(containers api); volume=${project}_redis-data
  if docker run --rm --user 999:1000 --entrypoint sh -v "$volume:/data" "$(docker inspect -f '{{.Image}}' "$redis")" -c '[ -w /data ]'; then return; fi
  say "the redis image at hand is not the official one: its volume is given to user 999"
  docker run --rm --user 0 -v "$volume:/data" "$(docker inspect -f '{{.Image}}' "$api")" \
    node -e "require('node:fs').chownSync('/data', 999, 1000)"
}

check_hardening() { # check_hardening CONTAINER
  local id=$1 name refusal users status
  name=$(docker inspect -f '{{.Name}}' "$id")
  # As root, so that it is the file system that refuses.
  refusal=$(docker exec --user 0 "$id" sh -c ': >/probe' 2>&1) && fail "$name: its root file system can be written"
  [[ $refusal == *ead-only* ]] || fail "$name: $refusal"
  users=$(docker top "$id" -o uid,pid | awk 'NR > 1 { print $1 }')
  [[ -n $users ]] || fail "$name: its processes cannot be listed"
  if grep -x -e 0 -e root <<<"$users" >/dev/null; then fail "$name: a process runs as root"; fi
  status=$(docker exec "$id" sh -c 'while read -r line; do echo "$line"; done </proc/1/status; while read -r line; do echo "$line"; done </proc/1/limits')
  grep -Eq '^CapBnd:\s+0+$' <<<"$status" || fail "$name: it has capabilities"
  grep -Eq '^NoNewPrivs:\s+1$' <<<"$status" || fail "$name: it may gain privileges"
  grep -Eq '^Max core file size\s+0\s+0\s' <<<"$status" || fail "$name: core dumps are on"
}

tar -C "$root" -c --exclude=./node_modules --exclude=./.git --exclude=./secrets --exclude=./.env . | tar -C "$copy" -x
cd "$copy"
./deploy/init-secrets.sh >/dev/null
before=$(cksum secrets/* .env)
./deploy/init-secrets.sh >/dev/null
[[ $(cksum secrets/* .env) == "$before" ]] || fail "init-secrets.sh changed what was there"
(umask 077 && printf 'user = "admin:%s"\n' "$(cat secrets/admin_password)" >curl.conf)

say "building with ${program[*]}"
quietly build
quietly up --no-start
own_volume
quietly up -d
wait_until 120 readyz is_ready
passed "up and ready"

first=$(new_csr)
check_csr "$first" >keys
passed "a CSR verifies"

quietly up -d --scale worker=3
for id in $(containers worker); do
  wait_until 60 "the worker $id" eval "docker logs $id 2>&1 | grep 'taking lots'"
done
(($(containers worker | wc -l) == 3)) || fail "there are not three workers"
for _ in {1..30}; do new_csr; done >paths
for path in $(cat paths); do check_csr "$path"; done >>keys
(($(sort -u keys | wc -l) == 31)) || fail "31 CSRs do not have 31 keys"
passed "30 more from 3 workers, each with a key of its own"

for id in $(containers); do check_hardening "$id"; done
passed "all containers read-only, without root, capabilities and core dumps"

[[ $(compose exec -T api ls /run/secrets) == admin_password ]] || fail "the API has other secrets than the password"
if docker inspect -f '{{json .Mounts}}{{json .Config.Env}}' "$(containers api)" | grep -i 'master' >/dev/null; then fail "the API's container knows of a master key"; fi
docker top "$(containers api)" -o pid,args | grep -e '--permission' >/dev/null || fail "the API runs without Node's permission model"
compose exec -T api sh -c ': >/run/vault/probe' 2>/dev/null && fail "the API can write where the vault's public key is"
passed "the API has no master key, and can only read the vault's public key"

import_key() { # import_key FILE: prints the status
  awk 'BEGIN { printf "{\"privateKey\":\"" } { printf "%s\\n", $0 } END { print "\"}" }' "$1" >import.json
  call -o import.answer -w '%{http_code}' -H 'Content-Type: application/json' --data-binary @import.json "$url/v1/keys"
}
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out import.pem 2>/dev/null
[[ $(import_key import.pem) == 201 ]] || fail "a private key is not taken: $(cat import.answer)"
[[ $(import_key import.pem) == 409 ]] || fail "the same private key is taken twice: $(cat import.answer)"
passed "a private key is imported"

for id in $(containers redis) $(containers worker); do
  [[ -z $(docker port "$id") ]] || fail "$id publishes a port"
  for network in $(docker inspect -f '{{range .NetworkSettings.Networks}}{{.NetworkID}} {{end}}' "$id"); do
    [[ $(docker network inspect -f '{{.Internal}}' "$network") == true ]] || fail "$id is on a network that leads out"
  done
done
passed "Redis and the workers publish nothing and are on an internal network only"

for _ in {1..20}; do new_csr; done >paths
started=$SECONDS
quietly stop
for id in $(containers); do
  [[ $(docker inspect -f '{{.State.ExitCode}}' "$id") == 0 ]] || fail "$(docker inspect -f '{{.Name}} ended with {{.State.ExitCode}}' "$id")"
done
quietly down
passed "stopped clean under work in $((SECONDS - started)) s"

cp "$first.pem" kept.pem
quietly up -d
wait_until 120 readyz is_ready
check_csr "$first" >/dev/null
cmp -s "$first.pem" kept.pem || fail "the first CSR is another after the restart"
for path in $(cat paths); do check_csr "$path" >/dev/null; done
next=$(new_csr)
((next > path)) || fail "path $next was given after $path"
check_csr "$next" >/dev/null
passed "all there after down and up, the next path is $next"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
  -keyout secrets/tls_key -out secrets/tls_cert -days 2 >/dev/null 2>&1
if [[ $(id -u) == 0 ]]; then
  owner=$(sed -n 's/^CSR_FOUNDRY_UID=//p' .env):$(sed -n 's/^CSR_FOUNDRY_GID=//p' .env)
  chown "$owner" secrets/tls_*
fi
chmod 600 secrets/tls_*
files+=(-f deploy/docker-compose.tls.yml)
url=https://127.0.0.1:$port
echo "cacert = $copy/secrets/tls_cert" >>curl.conf
quietly up -d
wait_until 120 "readyz by HTTPS" is_ready
check_csr "$next" >/dev/null
healthy() { [[ $(docker inspect -f '{{.State.Health.Status}}' "$(containers api)") == healthy ]]; }
wait_until 60 "the health check by HTTPS" healthy
passed "HTTPS with the overlay"

printf -v list '; %s' "${done_so_far[@]}"
say "passed: ${list:2}"
