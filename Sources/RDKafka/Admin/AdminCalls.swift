internal import CLibRDKafka

/// The admin calls themselves. They block: for threads of ours.
struct AdminCalls {
    private let client: NativeClient

    init(_ client: NativeClient) {
        self.client = client
    }

    func createTopics(_ topics: [NewTopic], until deadline: ContinuousClock.Instant) -> Result<Void, KafkaError> {
        var natives: [OpaquePointer?] = []
        defer { for native in natives { rd_kafka_NewTopic_destroy(native) } }
        for topic in topics {
            var text = [CChar](repeating: 0, count: 256)
            guard
                let native = rd_kafka_NewTopic_new(
                    topic.name, topic.partitions, topic.replicationFactor, &text, text.count)
            else {
                return .failure(
                    KafkaError(
                        .invalidArgument, "The topic '\(topic.name)' cannot be: \(String(nullTerminated: text))",
                        topic: topic.name))
            }
            natives.append(native)
            for (name, value) in topic.configuration { rd_kafka_NewTopic_set_config(native, name, value) }
        }
        return call(RD_KAFKA_ADMIN_OP_CREATETOPICS, "Creating topics", until: deadline) { options, queue in
            rd_kafka_CreateTopics(client.handle, &natives, natives.count, options, queue)
        } result: { event in
            var count = 0
            guard let result = rd_kafka_event_CreateTopics_result(event.pointer),
                let results = rd_kafka_CreateTopics_result_topics(result, &count)
            else { return nil }
            return Self.firstError("Creating the topic", results, count)
        }
    }

    func deleteTopics(_ names: [String], until deadline: ContinuousClock.Instant) -> Result<Void, KafkaError> {
        var natives: [OpaquePointer?] = names.map { rd_kafka_DeleteTopic_new($0) }
        defer { for native in natives { rd_kafka_DeleteTopic_destroy(native) } }
        return call(RD_KAFKA_ADMIN_OP_DELETETOPICS, "Deleting topics", until: deadline) { options, queue in
            rd_kafka_DeleteTopics(client.handle, &natives, natives.count, options, queue)
        } result: { event in
            var count = 0
            guard let result = rd_kafka_event_DeleteTopics_result(event.pointer),
                let results = rd_kafka_DeleteTopics_result_topics(result, &count)
            else { return nil }
            return Self.firstError("Deleting the topic", results, count)
        }
    }

    func brokers(until deadline: ContinuousClock.Instant) -> Result<[Broker], KafkaError> {
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let error = rd_kafka_metadata(client.handle, 0, nil, &metadata, deadline.remainingMilliseconds)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
            return .failure(KafkaError(error, during: "Reading the brokers"))
        }
        defer { rd_kafka_metadata_destroy(metadata) }
        return .success(
            (0..<Int(metadata.pointee.broker_cnt)).map { index in
                let broker = metadata.pointee.brokers[index]
                return Broker(id: broker.id, host: String(cString: broker.host), port: broker.port)
            })
    }

    /// A setting of each topic, where it has it.
    func setting(
        _ name: String, ofTopics topics: [String], until deadline: ContinuousClock.Instant
    ) -> Result<[String: String], KafkaError> {
        var natives: [OpaquePointer?] = topics.map { rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, $0) }
        defer { for native in natives { rd_kafka_ConfigResource_destroy(native) } }
        var settings: [String: String] = [:]
        let action = "Reading \(name) of \(topics.joined(separator: ", "))"
        return call(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, action, until: deadline) { options, queue in
            rd_kafka_DescribeConfigs(client.handle, &natives, natives.count, options, queue)
        } result: { event in
            var count = 0
            guard let result = rd_kafka_event_DescribeConfigs_result(event.pointer),
                let resources = rd_kafka_DescribeConfigs_result_resources(result, &count)
            else { return nil }
            for resource in UnsafeBufferPointer(start: resources, count: count) {
                let code = rd_kafka_ConfigResource_error(resource)
                guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return KafkaError(code, during: action) }
                if let value = Self.value(of: name, in: resource) {
                    settings[String(cString: rd_kafka_ConfigResource_name(resource))] = value
                }
            }
            return nil
        }.map { settings }
    }

    private static func value(of name: String, in resource: OpaquePointer?) -> String? {
        var count = 0
        guard let entries = rd_kafka_ConfigResource_configs(resource, &count) else { return nil }
        let entry = UnsafeBufferPointer(start: entries, count: count).first {
            String(cString: rd_kafka_ConfigEntry_name($0)) == name
        }
        return entry.flatMap { rd_kafka_ConfigEntry_value($0) }.map { String(cString: $0) }
    }

    private func call(
        _ operation: rd_kafka_admin_op_t, _ action: String, until deadline: ContinuousClock.Instant,
        start: (_ options: OpaquePointer?, _ queue: OpaquePointer) -> Void,
        result: (borrowing NativeEvent) -> KafkaError?
    ) -> Result<Void, KafkaError> {
        let options = rd_kafka_AdminOptions_new(client.handle, operation)
        defer { rd_kafka_AdminOptions_destroy(options) }
        let milliseconds = max(1, deadline.remainingMilliseconds)
        rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, nil, 0)
        rd_kafka_AdminOptions_set_operation_timeout(options, milliseconds, nil, 0)
        let queue = NativeQueue(temporaryFor: client)
        start(options, queue.pointer)
        // The call has this deadline of its own; a little more, so that its own answer is the one that comes.
        guard let event = queue.poll(milliseconds: milliseconds + 500) else {
            return .failure(.timedOut(action, after: .milliseconds(milliseconds)))
        }
        if event.errorCode != RD_KAFKA_RESP_ERR_NO_ERROR {
            return .failure(KafkaError(KafkaError.Code(event.errorCode), "\(action): \(event.errorText)"))
        }
        if let error = result(event) { return .failure(error) }
        return .success(())
    }

    private static func firstError(
        _ action: String, _ results: UnsafeMutablePointer<OpaquePointer?>, _ count: Int
    ) -> KafkaError? {
        for index in 0..<count {
            let code = rd_kafka_topic_result_error(results[index])
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
            let name = String(cString: rd_kafka_topic_result_name(results[index]))
            let text = rd_kafka_topic_result_error_string(results[index]).map { String(cString: $0) }
            return KafkaError(
                KafkaError.Code(code), "\(action) '\(name)': \(text ?? String(cString: rd_kafka_err2str(code)))",
                topic: name)
        }
        return nil
    }
}
