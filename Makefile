# eCabinet. `make demo` and `make test` need nothing before them.
.PHONY: demo test soak bench fuzz check audit sbom build typeset sample setup bindings fmt

MINUTES ?= 60
KILLS ?= 970

demo: ## Build, create the sample body, publish the sample session, open the app as a minister
	scripts/demo.sh

test: setup sample ## All tests
	scripts/test.sh

soak: setup ## The simulation goes on where it stopped: make soak MINUTES=60 KILLS=970
	scripts/soak.sh $(MINUTES) $(KILLS)

fuzz: ## Each fuzz target so long, and its corpus kept: make fuzz MINUTES=10 TARGET=header
	scripts/fuzz.sh $(if $(filter command line,$(origin MINUTES)),$(MINUTES),10) $(TARGET)

bench: ## The product's speed beside named peers' (docs/performance.md): make bench ONLY=first-sync
	scripts/setup.sh bench
	scripts/bench.sh $(ONLY)

check: setup ## The quick everyday check: form, lints, rules and record
	scripts/check.sh

audit: ## Known weaknesses of what we build on: needs the network, and says so where there is none
	scripts/deny.sh advisories

sbom: ## What the programs are made of, as CycloneDX, in target/sbom
	scripts/pdfium.sh >/dev/null
	scripts/materials.py sbom target/sbom/ecabinet.cdx.json

build: ## All programs, in target/release
	scripts/setup.sh
	cargo build --release --workspace

typeset: ## The program that sets documents, in target/typeset/release: put it beside `ecabinet` or name it in ECABINET_TYPESET
	scripts/typeset.sh

sample: ## Typeset the sample papers into target/sample
	scripts/sample.sh
	scripts/sample.sh --v2

setup: ## Install what this machine lacks
	scripts/setup.sh tests

bindings: ## Write the interface's types and commands as TypeScript
	TS_RS_EXPORT_DIR="$(CURDIR)/ui/src/lib/bindings" cargo test --quiet -p ecabinet-protocol bindings

fmt:
	cargo fmt --all
