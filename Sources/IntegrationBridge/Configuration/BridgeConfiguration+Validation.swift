extension BridgeConfiguration {
    /// Says whether the configuration can be used: ranges, names, and what goes together.
    ///
    /// - Throws: ``BridgeConfigurationError`` with every problem found.
    public func validate() throws(BridgeConfigurationError) {
        let problems = problems(sources: [:])
        if !problems.isEmpty { throw BridgeConfigurationError(problems) }
    }

    /// Every problem there is, each with the place where its key was given.
    package func problems(sources: [String: ConfigurationSource]) -> [BridgeConfigurationError.Problem] {
        var check = ConfigurationCheck(sources: sources)
        checkKafka(&check)
        checkAPI(&check)
        checkNumbers(&check)
        checkDurations(&check)
        checkDelivery(&check)
        return check.problems
    }

    private func checkKafka(_ check: inout ConfigurationCheck) {
        if kafka.bootstrapServers.isEmpty {
            check.add(.missingValue, "kafka.bootstrapServers", "is required; give one or more host:port")
        }
        for server in kafka.bootstrapServers { check.server("kafka.bootstrapServers", server) }
        check.properties("kafka.properties", kafka.properties, for: [.consumer, .producer])
        check.properties("kafka.consumerProperties", kafka.consumerProperties, for: [.consumer])
        check.properties("kafka.producerProperties", kafka.producerProperties, for: [.producer])

        if requests.topics.isEmpty {
            check.add(.missingValue, "requests.topics", "names no topic; give at least one")
        }
        for topic in requests.topics { check.topic("requests.topics", topic) }
        if Set(requests.topics).count != requests.topics.count {
            check.add(.invalidValue, "requests.topics", "names a topic twice")
        }
        check.topic("integrations.topic", integrations.topic)
        check.topic("failures.topic", failures.topic)
        for (key, topic) in [("integrations.topic", integrations.topic), ("failures.topic", failures.topic)]
        where requests.topics.contains(topic) {
            check.add(
                .conflict, key,
                "\(QuotedText.of(topic)) is in requests.topics too: the bridge would read what it writes; name another")
        }
        check.plainText("requests.groupId", requests.groupID)
        if !JSONPointerText.isValid(requests.idPointer) {
            check.add(
                .invalidValue, "requests.idPointer",
                "\(QuotedText.of(requests.idPointer)) is no RFC 6901 pointer; it begins with '/' or is empty, "
                    + "and '~' stands only in '~0' and '~1'")
        }
    }

    private func checkAPI(_ check: inout ConfigurationCheck) {
        if let reason = APIAddress.refusal(of: api.baseURL, allowInsecure: api.allowInsecure) {
            check.add(.invalidValue, "api.baseUrl", reason)
        }
        if let proxy = api.proxyURL, let reason = APIAddress.refusal(ofProxy: proxy.reveal()) {
            check.add(.invalidValue, "api.proxyUrl", reason)
        }
        if let key = api.key, key.contains(":") {
            // It may be a whole "key:secret", so it is not shown.
            check.add(
                .invalidValue, "api.key", "holds a ':'; give the key's id alone, and its secret by api.secretFile")
        }
        for (key, value) in [
            ("api.key", api.key), ("api.secretFile", api.secretFile), ("api.tls.caFile", api.tls.caFile),
            ("api.sts.identityPoolId", api.sts.identityPoolID),
            ("api.sts.subjectTokenFile", api.sts.subjectTokenFile),
            ("delivery.transactionalId", delivery.transactionalID),
        ] {
            if let value { check.plainText(key, value) }
        }
        if let secret = api.secret { check.plainText("api.secret", secret.reveal()) }
        switch api.auth {
        case .apiKey:
            if api.key == nil {
                check.add(.missingValue, "api.key", "is required while api.auth is apiKey")
            }
            if api.secret == nil, api.secretFile == nil {
                check.add(
                    .missingValue, "api.secretFile",
                    "or api.secret is required while api.auth is apiKey; prefer the file")
            }
        case .sts:
            for (key, value) in [
                ("api.sts.identityPoolId", api.sts.identityPoolID),
                ("api.sts.subjectTokenFile", api.sts.subjectTokenFile),
            ] where value == nil {
                check.add(.missingValue, key, "is required while api.auth is sts")
            }
        case .none: break
        }
        if api.secret != nil, api.secretFile != nil {
            check.add(.conflict, "api.secret", "and api.secretFile are both given; keep one of them, best the file")
        }
    }

    private func checkNumbers(_ check: inout ConfigurationCheck) {
        check.range("lookup.maxInFlight", lookup.maxInFlight, 1...10_000)
        check.atLeast("lookup.maxHeldBytes", lookup.maxHeldBytes, 64 * 1_024, text: ByteSizeText.text)
        check.range("lookup.maxAttempts", lookup.maxAttempts, 1...1_000)
        if let rate = lookup.maxRequestsPerSecond, !(rate > 0 && rate.isFinite) {
            check.add(
                .invalidValue, "lookup.maxRequestsPerSecond", "\(rate) is not above 0; leave it out for no ceiling")
        }
        check.range("breaker.failureRatio", breaker.failureRatio, 0...1)
        check.range("breaker.minimumCalls", breaker.minimumCalls, 1...1_000_000)
        check.atLeast("cache.maxBytes", cache.maxBytes, 0, text: ByteSizeText.text)
        check.range("output.requestValueLimit", output.requestValueLimit, 0...1_048_576)
        if !(replay.quotaShare > 0 && replay.quotaShare <= 1) {
            check.add(.invalidValue, "replay.quotaShare", "\(replay.quotaShare) is not above 0 and up to 1")
        }
        check.plainText("operations.host", operations.host)
        if let port = operations.port { check.range("operations.port", port, 0...65_535) }
    }

    private func checkDurations(_ check: inout ConfigurationCheck) {
        let day = Duration.seconds(86_400)
        check.range("api.timeout", api.timeout, .milliseconds(1)...(.seconds(3_600)))
        if let expiresIn = api.sts.expiresIn {
            check.range("api.sts.expiresIn", expiresIn, .seconds(1)...(.seconds(900)))
        }
        check.range("lookup.retryFor", lookup.retryFor, .zero...day)
        check.range("lookup.backoff.initial", lookup.backoff.initial, .milliseconds(1)...day)
        check.range("lookup.backoff.max", lookup.backoff.max, .milliseconds(1)...day)
        if lookup.backoff.initial > lookup.backoff.max {
            check.add(
                .conflict, "lookup.backoff.initial",
                "\(DurationText.text(lookup.backoff.initial)) is more than lookup.backoff.max, "
                    + "\(DurationText.text(lookup.backoff.max))")
        }
        let year = Duration.seconds(366 * 86_400)
        check.range("breaker.window", breaker.window, .zero...day)
        check.range("breaker.openFor", breaker.openFor, .zero...day)
        check.range("cache.ttl", cache.ttl, .zero...year)
        check.range("cache.negativeTtl", cache.negativeTTL, .zero...year)
        check.range("cache.staleWhileRevalidate", cache.staleWhileRevalidate, .zero...year)
        check.range("cache.staleIfError", cache.staleIfError, .zero...year)
        if let interval = delivery.commitInterval {
            check.range("delivery.commitInterval", interval, .milliseconds(10)...(.seconds(60)))
        }
        check.range("shutdown.gracePeriod", shutdown.gracePeriod, .zero...(.seconds(3_600)))
    }

    private func checkDelivery(_ check: inout ConfigurationCheck) {
        if delivery.guarantee == .exactlyOnce, delivery.order == .unordered {
            check.add(
                .conflict, "delivery.order", "'unordered' contradicts delivery.guarantee exactlyOnce; leave the key out"
            )
        }
    }
}
