#!/usr/bin/env bash
# Checks the configuration and the alert rules, and runs the rules' unit tests. Needs promtool, of Debian's package prometheus.
set -euo pipefail
cd "$(dirname "$0")"
promtool check rules alerts.yml
# Without the token's file, which only the container has.
promtool check config --syntax-only prometheus.yml
promtool test rules alerts.test.yml
