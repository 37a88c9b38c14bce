# What the checks of this folder share: docker-compose.yml as it is, in a copy of this tree, under a project name and ports of its
# own, removed at the end. Sourced. Needs Docker on this machine with `docker compose` or `docker-compose`, curl and openssl.
#
# COMPOSE_CHECK_PORT: the API's port on 127.0.0.1 (18080); the two after it are Prometheus' and Grafana's.
# Exit code 3: no engine answers.
set -euo pipefail

check=$(basename "$0" .sh)
say() { echo "$check: $*"; }
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
node_image=node:24-bookworm-slim
done_so_far=()
# The caller's own settings stay out of it.
unset COMPOSE_FILE COMPOSE_PROFILES COMPOSE_PROJECT_NAME CSR_FOUNDRY_UID CSR_FOUNDRY_GID ADMIN_USERNAME API_ADDRESS SHARDS LOG_LEVEL
export API_PORT=$port PROMETHEUS_PORT=$((port + 1)) GRAFANA_PORT=$((port + 2)) WORKER_PROCESSES=1

compose() { command "${program[@]}" -p "$project" "${files[@]}" "$@"; }
quietly() { # quietly ARGUMENTS OF COMPOSE...: what it says is shown only when it fails
  compose "$@" >compose.log 2>&1 || { tail -n 40 compose.log >&2; fail "${program[*]} $*"; }
}
passed() { say "$1"; done_so_far+=("$1"); }
finish() {
  local list
  printf -v list '; %s' "${done_so_far[@]}"
  say "passed: ${list:2}"
}

clean_up() {
  local code=$?
  cd "$copy"
  if [[ $code != 0 ]]; then compose logs --tail=40 >&2 || true; fi
  compose --profile metrics down --volumes --rmi local --remove-orphans >/dev/null 2>&1 || true
  docker rmi "$project-redis" >/dev/null 2>&1 || true
  cd / && rm -rf "$copy"
}
trap clean_up EXIT

call() { curl --silent --show-error --config "$copy/curl.conf" "$@"; }
post() { call -H 'Content-Type: application/json' -d "$2" "${@:3}" "$url$1"; } # post PATH BODY...

wait_until() { # wait_until SECONDS WHAT COMMAND...
  local deadline=$((SECONDS + $1)) what=$2; shift 2
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= deadline)); then fail "$what: not within the time"; fi
    sleep 0.5
  done
}

is_ready() { call "$url/readyz" | grep '"ready":true'; }
containers() { compose ps -a -q "$@"; }
healthy() { [[ $(docker inspect -f '{{.State.Health.Status}}' "$1") == healthy ]]; } # healthy CONTAINER
has_image() { docker image inspect "$1" >/dev/null 2>&1 || timeout 300 docker pull --quiet "$1" >/dev/null 2>&1; }

new_csr() { # prints the path id
  local answer path
  answer=$(post /certificateSigningRequest '{}')
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

# The official image has tar, mv, and a /data that is user 999's. An image of that name without them, as one imported by hand
# may be, gets them here.
complete_redis_image() {
  local image=${REDIS_IMAGE:-redis:8-alpine}
  if docker run --rm --user 999:1000 -v /data --entrypoint sh "$image" -c '[ -w /data ] && command -v tar && command -v mv' >/dev/null 2>&1; then return; fi
  say "the redis image at hand is not the official one: it gets tar, mv, and a /data of user 999"
  docker build -q -t "$project-redis" - >/dev/null 2>compose.log <<EOF || { cat compose.log >&2; fail "no stand-in for $image"; }
FROM $node_image AS tools
FROM $image
COPY --from=tools /lib/x86_64-linux-gnu /lib/x86_64-linux-gnu
COPY --from=tools /bin/tar /bin/mv /bin/chown /bin/
RUN ["chown", "999:1000", "/data"]
EOF
  export REDIS_IMAGE=$project-redis
}

tar -C "$root" -c --exclude=./node_modules --exclude=./.git --exclude=./secrets --exclude=./.env . | tar -C "$copy" -x
cd "$copy"
./deploy/init-secrets.sh >/dev/null
(umask 077 && printf 'user = "admin:%s"\n' "$(cat secrets/admin_password)" >curl.conf)
complete_redis_image
say "building with ${program[*]}"
quietly build
