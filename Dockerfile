# syntax=docker/dockerfile:1

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libcurl4-openssl-dev libgoogle-perftools-dev libmicrohttpd-dev librdkafka-dev libyaml-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --product integration-bridge --static-swift-stdlib -Xlinker -s \
    && install -D "$(swift build -c release --show-bin-path)/integration-bridge" /out/integration-bridge

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates libcurl4 libmicrohttpd12 librdkafka1 libstdc++6 libtcmalloc-minimal4 libyaml-0-2 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/integration-bridge /usr/local/bin/integration-bridge
COPY config/bridge.yaml /etc/integration-bridge/bridge.yaml
USER 65532:65532
# What runs in it is told by its exit code, and later by /healthz; there is no shell script to ask in between.
HEALTHCHECK NONE
# SIGTERM (the default) drains what is in flight, for `shutdown.gracePeriod` at most.
ENTRYPOINT ["integration-bridge"]
CMD ["run", "--config", "/etc/integration-bridge/bridge.yaml"]
