# What can be done here: `make help`. Every target is safe to run again.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

.PHONY: help deps schema-tools bench-tools build demo test simulate broker-test bench bench-instructions bench-quota peers chaos format lint clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-20s%s\n", $$1, $$2 }' Makefile

demo: deps ## Install what is missing, build, and see the whole job on an embedded Kafka
	@scripts/demo.sh

test: deps schema-tools ## Build and run every test
	swift build --build-tests
	swift test --skip-build

SEEDS ?= 100000
simulate: deps ## Simulate delivery SEEDS times, in a release build; MUTATION_TABLE=1000 prints how planted bugs are found
	DELIVERY_SEEDS=$(SEEDS) swift test -c release -Xswiftc -enable-testing --scratch-path .build/simulate \
		--filter DeliverySimulationTests

broker-test: deps schema-tools ## Tests against a real Kafka: KAFKA_HOME or KAFKA_BOOTSTRAP_SERVERS names it
	@[ -z "$${KAFKA_HOME:-}" ] || scripts/install.sh java
	swift build --build-tests
	@scripts/broker_tests.sh

build: deps ## A release build of the executable: .build/release/integration-bridge
	swift build -c release --product integration-bridge

bench: build bench-tools peers ## Measure beside C programs: KAFKA_HOME or KAFKA_BOOTSTRAP_SERVERS; BENCH="--help" lists options
	@.build/venv-bench/bin/python3 Benchmarks/bench $(BENCH)

bench-instructions: build bench-tools peers ## Count the instructions of a cached record; fails where they grew
	@.build/venv-bench/bin/python3 Benchmarks/bench/instructions.py $(BENCH)

peers: deps
	@$(MAKE) --no-print-directory --silent -C Benchmarks/peers

bench-quota: build bench-tools ## Measure how an API's quota is used and shared: as above, some 4 minutes; BENCH holds options
	@.build/venv-bench/bin/python3 Benchmarks/quota.py $(BENCH)

CYCLES ?= 20
chaos: build bench-tools ## Break bridges, brokers and the API, CYCLES times, and count what was lost: KAFKA_HOME; CHAOS holds options
	@.build/venv-bench/bin/python3 -m unittest discover --quiet --start-directory Chaos
	@.build/venv-bench/bin/python3 Chaos/chaos.py --cycles $(CYCLES) $(CHAOS)

format: deps ## Format the Swift sources
	@for path in Package.swift Sources Tests Examples Benchmarks; do \
		[ ! -e "$$path" ] || swift format --in-place --parallel --recursive "$$path"; \
	done

lint: deps schema-tools ## Format, shell scripts, schemas and what they describe
	@scripts/lint.sh

deps: ## Install the libraries that are missing
	@scripts/install.sh build

schema-tools: ## Install what checks schemas, where it is missing
	@scripts/install.sh schema-tools

bench-tools:
	@scripts/install.sh bench-tools

clean: ## Remove what was built
	rm -rf .build
