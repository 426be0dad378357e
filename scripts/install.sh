#!/usr/bin/env bash
# Installs what is missing to build (`build`), to check schemas (`schema-tools`), to run a local Kafka (`java`) or to measure (`bench-tools`).
# Changes nothing where all is there. Without apt-get, or without the right to use it, names what to install and ends with 69.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly swift_minimum=6.2
readonly unavailable=69

stop() {
    printf '%s\n' "$@" >&2
    exit "$unavailable"
}

# apt_get ARGUMENTS...: apt-get as root, or through sudo; fails where neither is possible.
apt_get() {
    local command=(env DEBIAN_FRONTEND=noninteractive apt-get "$@")
    if [ "$(id -u)" -ne 0 ]; then
        # A password can only be asked for on a terminal.
        if [ -t 0 ]; then command=(sudo "${command[@]}"); else command=(sudo -n "${command[@]}"); fi
    fi
    "${command[@]}" </dev/null
}

can_use_apt() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null
}

has_recent_package_lists() {
    [ -n "$(find "${APT_LISTS:-/var/lib/apt/lists}" -maxdepth 1 -name '*_Packages*' -mtime -7 -print -quit 2>/dev/null)" ]
}

# install WHAT BREW PACKAGE...: installs Debian packages, or names them and their Homebrew formulae and stops.
install() {
    local purpose=$1 formulae=$2
    shift 2
    if [ "$(uname -s)" = Darwin ]; then
        stop "Missing for $purpose. Install it and try again:" "    brew install $formulae"
    fi
    can_use_apt || stop "Missing for $purpose. Install it and try again; by Debian's names:" "    apt-get install $*"
    echo "Installing for $purpose: $*" >&2
    local log
    log=$(mktemp)
    if ! { has_recent_package_lists || apt_get update; } >"$log" 2>&1 \
        || ! { apt_get install -y --no-install-recommends "$@" \
            || { apt_get update && apt_get install -y --no-install-recommends "$@"; }; } >>"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        stop "apt-get failed (above). Install this and try again:" "    apt-get install $*"
    fi
    rm -f "$log"
}

require_swift() {
    command -v swift >/dev/null || stop \
        "Swift is missing. Install a toolchain, $swift_minimum or later, from https://swift.org/install and try again."
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1) || true
    [ -n "$version" ] || stop "'swift --version' names no version. Install a toolchain, $swift_minimum or later, from https://swift.org/install."
    local major=${version%%.*} minor=${version#*.}
    if [ "$major" -lt "${swift_minimum%%.*}" ] \
        || { [ "$major" -eq "${swift_minimum%%.*}" ] && [ "$minor" -lt "${swift_minimum#*.}" ]; }; then
        stop "Swift $version is too old. Install a toolchain, $swift_minimum or later, from https://swift.org/install."
    fi
}

# Sets `missing` to the Debian packages of what is missing.
find_missing_libraries() {
    missing=()
    command -v pkg-config >/dev/null || missing+=(pkg-config)
    local library
    for library in rdkafka:librdkafka-dev libcurl:libcurl4-openssl-dev yaml-0.1:libyaml-dev libmicrohttpd:libmicrohttpd-dev \
        libtcmalloc_minimal:libgoogle-perftools-dev; do
        pkg-config --exists "${library%%:*}" 2>/dev/null || missing+=("${library#*:}")
    done
}

install_libraries() {
    local missing
    find_missing_libraries
    [ "${#missing[@]}" -eq 0 ] && return
    install "the build" "librdkafka curl libyaml libmicrohttpd gperftools pkgconf" "${missing[@]}"
    find_missing_libraries
    [ "${#missing[@]}" -eq 0 ] || stop "Installed, but pkg-config does not find what these hold: ${missing[*]}"
}

has_schema_tools() {
    command -v python3 >/dev/null && python3 scripts/check_schemas.py --tools >/dev/null 2>&1
}

# Debian's packages where apt-get can be used; else PyPI's, in a virtual environment of this checkout.
install_schema_tools() {
    has_schema_tools && return
    if [ "$(uname -s)" != Darwin ] && can_use_apt; then
        install "checking schemas" "python" python3 python3-jsonschema python3-yaml
    elif command -v python3 >/dev/null; then
        echo "Installing for checking schemas, into .build/venv: jsonschema, PyYAML" >&2
        mkdir -p .build
        if ! { python3 -m venv .build/venv && .build/venv/bin/python3 -m pip install --quiet 'jsonschema>=4' PyYAML; } >&2; then
            stop "That failed (above). Install the Python packages jsonschema (4 or later) and PyYAML, and try again."
        fi
    fi
    has_schema_tools || stop "Missing for checking schemas: python3 with the packages jsonschema (4 or later) and PyYAML."
}

has_java() {
    command -v java >/dev/null || return 1
    local major
    major=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1) || true
    [ "${major:-0}" -ge 17 ]
}

install_java() {
    has_java && return
    install "a local Kafka" "openjdk@17" openjdk-17-jre-headless
    has_java || stop "Installed, but 'java' is no Java 17 or later: a local Kafka needs one, first in PATH."
}

# nginx plays the API; a C compiler builds the programs to compare with; valgrind counts instructions; a Kafka client that is
# not ours fills the topics.
install_bench_tools() {
    local missing=()
    PATH=$PATH:/usr/sbin command -v nginx >/dev/null || missing+=(nginx-light)
    command -v cc >/dev/null || missing+=(gcc libc6-dev)
    command -v valgrind >/dev/null || missing+=(valgrind)
    [ "${#missing[@]}" -eq 0 ] || install "the benchmark" "nginx valgrind" "${missing[@]}"
    [ -n "${KAFKA_HOME:-}" ] && install_java
    .build/venv-bench/bin/python3 -c 'import confluent_kafka' 2>/dev/null && return
    python3 -c 'import ensurepip' 2>/dev/null || install "the benchmark" "python" python3 python3-venv
    mkdir -p .build
    if ! { python3 -m venv .build/venv-bench && .build/venv-bench/bin/python3 -m pip install --quiet -r Benchmarks/requirements.txt; } >&2; then
        stop "That failed (above). Install the Python package confluent-kafka, and try again."
    fi
}

case "${1:-}" in
build)
    require_swift
    install_libraries
    ;;
schema-tools) install_schema_tools ;;
java) install_java ;;
bench-tools) install_bench_tools ;;
*)
    echo "usage: scripts/install.sh build | schema-tools | java | bench-tools" >&2
    exit 64
    ;;
esac
