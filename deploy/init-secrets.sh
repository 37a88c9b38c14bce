#!/usr/bin/env bash
# Makes what docker-compose.yml needs and what no clone has: the master key, the administrator's password, and what Prometheus and
# Grafana ask for, in secrets/, and in .env the user that the containers run as, who owns them. What is there is kept: it can be run again at any time.
#
#   ./deploy/init-secrets.sh
#
# The owner is who runs it; run by root it is 10001, an id that usually has no login. To choose, set CSR_FOUNDRY_UID and
# CSR_FOUNDRY_GID (with rootless Docker: 0 and 0, which is yourself there).
set -euo pipefail
umask 077
cd "$(dirname "$0")/.."

owner() { # owner SETTING OWN_ID: as .env has it, else as the environment has it, else the caller's, but not root's
  local kept
  kept=$(sed -n "s/^$1=//p" .env 2>/dev/null | tail -n 1)
  if [[ -n $kept ]]; then echo "$kept"
  elif [[ -n ${!1:-} ]]; then echo "${!1}"
  elif [[ $(id -u) == 0 ]]; then echo 10001
  else echo "$2"; fi
}

keep_setting() { # keep_setting NAME VALUE
  if grep -q "^$1=" .env 2>/dev/null; then return; fi
  if [[ -s .env && -n $(tail -c 1 .env) ]]; then echo >>.env; fi
  echo "$1=$2" >>.env
}

keep_secret() { # keep_secret NAME: 32 random bytes in base64, on the disk before anything is sealed under them
  local file=secrets/$1
  if [[ -f $file && -s $file ]]; then echo "$file is kept as it is"; return; fi
  if [[ -e $file ]]; then echo "$file is there but is not a file with a secret: remove it and run this again" >&2; exit 1; fi
  local new; new=$(mktemp secrets/.new.XXXXXX)
  head -c 32 /dev/urandom | base64 >"$new"
  if [[ $(id -u) == 0 ]]; then chown "$uid:$gid" "$new"; fi
  sync
  mv -n "$new" "$file"
  echo "$file is made"
}

uid=$(owner CSR_FOUNDRY_UID "$(id -u)")
gid=$(owner CSR_FOUNDRY_GID "$(id -g)")
mkdir -p secrets
# The folder too: a rotation of the master key puts a new file into it.
if [[ $(id -u) == 0 ]]; then chown "$uid:$gid" secrets; fi
keep_secret master_key
keep_secret admin_password
keep_secret metrics_token
keep_secret grafana_password
keep_setting CSR_FOUNDRY_UID "$uid"
keep_setting CSR_FOUNDRY_GID "$gid"
echo "Copy secrets/master_key to a safe place: without it no stored private key can be opened again."
