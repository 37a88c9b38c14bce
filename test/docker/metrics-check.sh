#!/usr/bin/env bash
# Proves the profile `metrics` of docker-compose.yml: what Prometheus scrapes, the alert rules, every panel of the dashboard, and
# the two alerts that only Prometheus itself can raise. See deployment.sh.
#
#   test/docker/metrics-check.sh
#
# Where the image of Prometheus cannot be had, the machine's own `prometheus` runs in its place (Debian's package). Where Grafana's
# cannot, Grafana itself is not proved, only what it is given and what it would ask.
. "$(dirname "$0")/deployment.sh"

image_of() { compose --profile metrics config | grep -Eo "image: .*/$1[:@].*" | cut -d' ' -f2; }
prometheus=http://127.0.0.1:$PROMETHEUS_PORT
parts=(redis worker api prometheus)

if ! has_image "$(image_of prometheus)"; then
  own=$(command -v prometheus) || fail "there is neither Prometheus' image nor prometheus here"
  say "Prometheus' image is not to be had: $own runs in its place"
  cat >own-prometheus.yml <<EOF
services:
  prometheus:
    image: $node_image
    entrypoint: [/usr/local/bin/prometheus]
    volumes: ["$own:/usr/local/bin/prometheus:ro"]
EOF
  files+=(-f own-prometheus.yml)
fi
if has_image "$(image_of grafana)"; then parts+=(grafana); else say "Grafana's image is not to be had: Grafana itself is not proved"; fi

value() { # value EXPRESSION: of its first series
  curl -sS -G --data-urlencode "query=$1" "$prometheus/api/v1/query" | sed -n 's/.*"value":\[[^"]*"\([^"]*\)".*/\1/p'
}
is() { [[ $(value "$1") == "$2" ]]; } # is EXPRESSION VALUE
load() { # of each kind of key, and an export
  local key
  for key in rsa-2048 ecdsa-p256; do
    post /v1/requests "{\"subject\": {\"commonName\": \"load\"}, \"custody\": \"exportable\", \"key\": {\"algorithm\": \"$key\"}}" -H 'Prefer: wait=30' >made
    key=$(sed -n 's/^{"id":"\([0-9]*\)".*"state":"ready".*/\1/p' made)
    [[ $(post "/v1/keys/$key/export" '{"password": "correct horse battery staple"}') == *ENCRYPTED* ]] || fail "no export: $(cat made)"
  done
}

quietly --profile metrics up -d "${parts[@]}"
wait_until 120 readyz is_ready
wait_until 60 "Prometheus and its targets" is 'count(up{job="csr-foundry-api"} == 1) + count(up{job="csr-foundry-workers"} == 1)' 2
for id in $(containers prometheus); do check_hardening "$id"; done
passed "Prometheus scrapes the API and the workers"

# What a series begins with is no rise: twice, with a scrape of the first in between.
load
wait_until 30 "a scrape" is 'sum(max without (instance) (csr_foundry_request_work_duration_seconds_count)) >= bool 2' 1
wait_until 30 "a scrape of the workers" is 'sum(csr_foundry_vault_operation_duration_seconds_count{operation="export"}) >= bool 2' 1
load
wait_until 30 "a rise" is 'sum(increase(csr_foundry_vault_operation_duration_seconds_count{operation="export"}[1m])) > bool 0' 1
wait_until 30 "another" is 'sum(max without (instance) (increase(csr_foundry_request_work_duration_seconds_count[1m]))) > bool 0' 1
rules=$(grep -c '^ *- alert: ' deploy/prometheus/alerts.yml)
GRAFANA_IMAGE=$node_image compose --profile metrics run --rm --no-deps -T -v "$copy/test/docker/probe-metrics.ts:/probe-metrics.ts:ro" \
  --entrypoint node grafana /probe-metrics.ts "$rules" >problems 2>compose.log || { cat problems compose.log >&2; fail "metrics"; }
passed "$rules rules and all panels have what they ask for, from where Grafana is"

if [[ ${parts[*]} == *grafana* ]]; then
  grafana() { curl -sS --user "admin:$(cat secrets/grafana_password)" "http://127.0.0.1:$GRAFANA_PORT/api/$1"; }
  has_dashboard() { grafana dashboards/uid/csr-foundry | grep '"panels"'; }
  wait_until 60 "the dashboard" has_dashboard
  [[ $(grafana datasources/proxy/uid/prometheus/api/v1/query?query=up) == *success* ]] || fail "Grafana does not reach Prometheus"
  check_hardening "$(containers grafana)"
  passed "Grafana has the dashboard and reaches Prometheus"
fi

docker restart "$(containers prometheus)" >/dev/null
wait_until 30 "Prometheus, restarted" is 'count(up == 1)' 2
quietly stop api worker
down='count(ALERTS{alertstate="firing", alertname=~"CsrFoundry(ApiDown|SupervisorDown)"})'
wait_until 30 "the alerts for what is stopped" is "$down" 2
# By now neither has an address any more.
sleep 15
is "$down" 2 || fail "an alert ended, and what it was about did not"
passed "what is stopped is alerted, and stays so"

finish
