# Evenkeel. Every target sets up what it needs; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# The project's own Node (24, from an npm package) comes before the machine's.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export NODE_NO_WARNINGS := 1

EFFORT ?= quick
BASELINE ?= auto
OUT ?= out/experiment
SEED ?=
SEEDS ?=
ID ?=
PORT ?= 6379
FLAGS ?= default
A ?= ours:all
B ?= redis
MORE ?=
WORKLOAD ?=
TARGET ?= redis://127.0.0.1:$(PORT)
ARGS ?=

EVENKEEL := node src/main/evenkeel.ts

.PHONY: help experiment attribution gateway scorecard history compare load server flags test check tidy bench profile dashboard dashboards sim fuzz clean publish

help: ## list the targets
	@echo 'Evenkeel: a laboratory for tail latency. Targets:'
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 16
	@echo 'Variables: EFFORT=smoke|quick|full BASELINE=auto|none|PATH|URL OUT=DIR SEED=N ID="headline fast-path" PORT=N FLAGS=SET ARGS="..."'

# --- set-up -------------------------------------------------------------------------------------------------------------

node_modules/.setup: package.json package-lock.json
	@command -v npm >/dev/null || $(call apt,npm nodejs,npm installs the packages)
	@command -v npm >/dev/null || { echo 'npm is missing: run  apt-get install -y npm  as root, then make again.' >&2; exit 1; }
	@# npm ci would empty the folder behind a link, under the feet of whoever else uses it.
	@[ ! -L node_modules ] || { echo 'node_modules is a link; run make where it points to, or remove the link.' >&2; exit 1; }
	@echo 'Installing npm packages ...'
	@npm ci --no-fund --no-audit --loglevel=error
	@touch $@

# $(call apt,PACKAGES,REASON): installs Debian packages as root; otherwise prints the command and goes on.
define apt
{ if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
    echo 'Installing $(1) ($(2)) ...'; \
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1); } >/dev/null 2>&1 \
      || echo 'Could not install $(1); going on without ($(2)).'; \
  else \
    echo 'Missing: $(1) ($(2)). To have it run:  sudo apt-get install -y $(1)   Going on without.'; \
  fi; }
endef

.PHONY: baseline
# Debian starts redis-server as a service on installation where there is an init system; policy is the machine's, the tests use ports of their own.
baseline: node_modules/.setup
	@[ -n "$${REDIS_SERVER:-}" ] || command -v redis-server >/dev/null || $(call apt,redis-server redis-tools,a baseline to compare with)
	@command -v taskset >/dev/null || $(call apt,util-linux,pins server and generator to separate CPUs)

# --- the laboratory -----------------------------------------------------------------------------------------------------

experiment: baseline ## run experiments against a real Redis and write the report (EFFORT, BASELINE, ID, OUT, SEED)
	@$(EVENKEEL) experiment $(ID) --effort $(EFFORT) --baseline $(BASELINE) --out $(OUT) $(if $(SEED),--seed $(SEED)) $(ARGS)

gateway: node_modules/.setup ## what a GET costs over HTTP, driven by autocannon, beside RESP (ARGS="--pairs 4")
	@$(EVENKEEL) gateway $(ARGS)

attribution: node_modules/.setup ## inject faults with a known cause and say what tail attribution says they were (ARGS="--rounds 6")
	@$(EVENKEEL) attribution $(ARGS)

scorecard: node_modules/.setup ## write experiments/SCORECARD.md and .html from the published results
	@$(EVENKEEL) scorecard

history: node_modules/.setup ## how published results went over time, with points of change (ID="headline")
	@$(EVENKEEL) history $(ID) $(ARGS)

compare: baseline ## compare targets, Redis beside them (A=evenkeel:flags=none B=evenkeel:flags=all MORE="..." WORKLOAD=get-set)
	@$(EVENKEEL) compare '$(A)' '$(B)' $(MORE) $(if $(WORKLOAD),--workload $(WORKLOAD)) $(ARGS)

load: node_modules/.setup ## drive load at a target and print percentiles (TARGET=redis://host:port ARGS="--rate 40000")
	@$(EVENKEEL) load $(TARGET) $(ARGS)

server: node_modules/.setup ## run the server in the foreground (PORT, FLAGS)
	@$(EVENKEEL) server --port $(PORT) --flags $(FLAGS) $(ARGS)

flags: node_modules/.setup ## list the optimisation flags
	@$(EVENKEEL) flags

# --- the project --------------------------------------------------------------------------------------------------------

test: baseline ## everything CI runs: types, lint, tidy, unit, differential, client, fuzz and laboratory tests
	@test/run.sh

check: node_modules/.setup ## types, lint and tidy rules only
	@tsc --noEmit -p .
	@tsc --noEmit -p src/observability/live/page
	@tsc --noEmit -p src/lab/live/page
	@tsc --noEmit -p src/profiling/page
	@tsc --noEmit -p test/browser
	@biome check --error-on-warnings .
	@vitest run --project tidy

bench: node_modules/.setup ## microbenchmarks of the hot path (ARGS="--only hashing --tiny --json")
	@node test/bench/run.ts $(ARGS)

fuzz: node_modules/.setup ## fuzz the protocol (ARGS="--frames 1000000 --seed N")
	@node test/fuzz/run.ts $(ARGS)

sim: node_modules/.setup ## simulated replication under faults (SEEDS=N runs, SEED=N replays one)
	@SEEDS=$(SEEDS) SEED=$(SEED) node test/simulation/run.ts

SCENARIO ?= get-set
TOOL ?= cpu

profile: node_modules/.setup $(if $(filter 0x clinic-%,$(TOOL)),profiles/tools/node_modules) ## flamegraph of a load (SCENARIO, FLAGS, AGAINST=SET for the difference, TOOL=cpu|heap|0x|clinic-doctor|clinic-flame|clinic-heap, ARGS="--seconds 10")
	@$(EVENKEEL) profile --scenario $(SCENARIO) --flags $(FLAGS) --tool $(TOOL) $(if $(AGAINST),--against $(AGAINST)) $(ARGS)

# Profilers of others: heavy, so only for who asks for them.
profiles/tools/node_modules: profiles/tools/package-lock.json
	@echo 'Installing 0x and clinic ...'
	@npm ci --prefix profiles/tools --no-fund --no-audit --loglevel=error || { echo '0x and clinic could not be installed; TOOL=cpu and TOOL=heap need nothing.' >&2; exit 1; }
	@touch $@

dashboard: node_modules/.setup ## a server under a light load with its live page, and Prometheus where installed (PORT, FLAGS)
	@$(EVENKEEL) dashboard --port $(PORT) --flags $(FLAGS) $(ARGS)

dashboards: node_modules/.setup ## write the Grafana dashboards and rules from their definitions
	@node dashboards/generate.ts

clean: ## remove what builds and runs leave behind
	@rm -rf out coverage node_modules/.cache node_modules/.setup node_modules/.vite
