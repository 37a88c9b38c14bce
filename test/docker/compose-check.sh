#!/usr/bin/env bash
# Proves the Docker deployment against the engine at hand. See deployment.sh.
#
#   test/docker/compose-check.sh
. "$(dirname "$0")/deployment.sh"

before=$(cksum secrets/* .env)
./deploy/init-secrets.sh >/dev/null
[[ $(cksum secrets/* .env) == "$before" ]] || fail "init-secrets.sh changed what was there"

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
for id in $(containers worker) $(containers api); do wait_until 60 "the health check of $id" healthy "$id"; done
passed "30 more from 3 workers, each with a key of its own"

for id in $(containers); do check_hardening "$id"; done
passed "all containers read-only, without root, capabilities and core dumps"

[[ $(compose exec -T api ls /run/secrets | xargs) == 'admin_password metrics_token' ]] || fail "the API has other secrets than the password and the metrics' token"
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
wait_until 60 "the health check by HTTPS" healthy "$(containers api)"
passed "HTTPS with the overlay"

finish
