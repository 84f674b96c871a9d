#!/usr/bin/env bash
# `make test`: static checks, then tests that may share the CPUs, then tests that measure and must not. Ends with one line of totals.
set -u
cd "$(dirname "$0")/.."
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
status=0
started=$(date +%s)

step() {
  local name=$1
  shift
  echo "== $name"
  "$@" || { echo "== $name FAILED"; status=1; }
}

step types tsc --noEmit -p .
step "types of the server's page" tsc --noEmit -p src/observability/live/page
step "types of the session's page" tsc --noEmit -p src/lab/live/page
step 'types of the flamegraph' tsc --noEmit -p src/profiling/page
step 'types of the browser tests' tsc --noEmit -p test/browser
step lint biome check --error-on-warnings .
step 'tidy, unit and system tests' vitest run --project tidy --project unit --project system --reporter=default --reporter=json --outputFile.json="$results/parallel.json"
step 'laboratory tests (one at a time)' vitest run --project lab --no-file-parallelism --reporter=default --reporter=json --outputFile.json="$results/serial.json"
node test/closingLine.ts "$results" "$(( $(date +%s) - started ))" || status=1
exit $status
