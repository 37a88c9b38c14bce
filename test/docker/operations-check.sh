#!/usr/bin/env bash
# Proves what docs/operations.md tells an operator to do with Docker, by its own commands: the rotation of the master key while
# requests are made, a backup, and its restore. See deployment.sh.
#
#   test/docker/operations-check.sh
. "$(dirname "$0")/deployment.sh"

# The commands of the page go to the deployment of this check, and leave standard input alone unless they name it.
docker() { if [[ $1 == compose ]]; then shift; compose "$@"; else command docker "$@"; fi; }
shopt -s expand_aliases

commands() { # commands HEADING FIRST: the block under that heading whose first line begins so; with the folders of this check
  awk -v heading="$1" -v first="$2" '
    /^##/ { inside = ($0 ~ "^##+ " heading "$") }
    inside && block && /^```$/ { exit }
    inside && block { print; next }
    inside && open && index($0, first) == 1 { block = 1; print }
    { open = /^```text$/ }
  ' "$root/docs/operations.md" | sed -e "s#/backup/#$copy/backup/#g; s#/elsewhere/#$copy/elsewhere/#g" \
    -e "s#2026-07-16#$(date +%F)#g; s#API_PORT=8090#API_PORT=$((port + 1))#"
}
run() { # run HEADING FIRST: each line must succeed
  local line lines
  mapfile -t lines < <(commands "$1" "$2")
  ((${#lines[@]} > 3)) || fail "docs/operations.md has no such block under $1"
  for line in "${lines[@]}"; do
    eval "$line" >>compose.log 2>&1 </dev/null || { tail -n 20 compose.log >&2; fail "$1: $line"; }
  done
}

make() { # make BODY FILE: a request that is awaited; prints its status
  post /v1/requests "$1" -H 'Prefer: wait=50' -o "$2" -w '%{http_code}'
}
id_of() { sed -n 's/^{"id":"\([0-9]*\)".*"state":"ready".*/\1/p' "$1"; }
opens() { # opens KEY: it signs, and it can be exported
  [[ $(make "{\"subject\": {\"commonName\": \"again\"}, \"key\": {\"id\": \"$1\"}}" again) == 201 ]] || fail "key $1 does not sign: $(cat again)"
  [[ $(post "/v1/keys/$1/export" '{"password": "correct horse battery staple"}') == *ENCRYPTED* ]] || fail "key $1 is not exported"
}
new_key() { # prints its id
  [[ $(make '{"subject": {"commonName": "kept"}, "custody": "exportable"}' made) == 201 ]] || fail "no key: $(cat made)"
  id_of made
}
master_key_ids() { compose exec -T redis redis-cli --raw HGET vault:masters current; }
keep_making() { until [[ -e enough ]]; do make '{"subject": {"commonName": "load"}}' loaded >>statuses; echo >>statuses; sleep 0.2; done; }

mkdir -m 700 backup elsewhere
quietly up -d
wait_until 120 readyz is_ready
kept=$(new_key)

before=$(master_key_ids)
cp -p secrets/master_key elsewhere/master_key-before
keep_making & making=$!
run 'Rotate the master key' "alias rotate="
touch enough && wait "$making"
after=$(master_key_ids)
[[ $after != "$before" ]] || fail "the master key is the one before"
(($(grep -c '^[^#]' secrets/master_key) == 1)) || fail "the file holds two keys"
[[ $(sort -u statuses) == 201 ]] || fail "while the master key was rotated: $(sort statuses | uniq -c)"
opens "$kept"
passed "the master key is rotated while $(wc -l <statuses) requests are made, none fails, and the keys before open"

run Backup "docker compose exec -T redis redis-cli CONFIG"
# What is made after it is gone, and its path ids are not given again, though Redis was started anew meanwhile.
quietly restart redis
wait_until 120 readyz is_ready
lost=$(new_key)
run 'With Docker' "docker compose stop"
url=http://127.0.0.1:$((port + 1))
wait_until 120 readyz is_ready
opens "$kept"
[[ $(call -o /dev/null -w '%{http_code}' "$url/v1/requests/$lost") == 404 ]] || fail "what was made after the backup is there"
next=$(new_key)
((next > lost + 1000000)) || fail "path $next was given after $lost"
passed "a backup is restored: its keys open, and paths go on from $next"

finish
