#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension KafkaStatistics {
    /// Reads librdkafka's statistics document (its STATISTICS.md); what it does not know is 0. Nil where it is no JSON.
    package init?(json: UnsafeRawBufferPointer) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(json)) else { return nil }
        self.init(document)
    }

    private init(_ document: Document) {
        clientName = document.name ?? ""
        kind = document.type ?? ""
        requestsSent = document.tx ?? 0
        bytesSent = document.tx_bytes ?? 0
        responsesReceived = document.rx ?? 0
        bytesReceived = document.rx_bytes ?? 0
        messagesSent = document.txmsgs ?? 0
        messageBytesSent = document.txmsg_bytes ?? 0
        messagesReceived = document.rxmsgs ?? 0
        messageBytesReceived = document.rxmsg_bytes ?? 0
        queuedMessages = document.msg_cnt ?? 0
        queuedMessageBytes = document.msg_size ?? 0
        brokers = (document.brokers ?? [:]).values.map(Broker.init).sorted { $0.name < $1.name }
        partitions = (document.topics ?? [:]).values.flatMap { topic in
            (topic.partitions ?? [:]).values.compactMap { partition in
                // -1 is where the library keeps what has no partition yet.
                partition.partition < 0 ? nil : Partition(topic: topic.topic, partition)
            }
        }.sorted { $0.topicPartition < $1.topicPartition }
        group = document.cgrp.map(Group.init)
    }

    // The names are the document's.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    fileprivate struct Document: Decodable {
        struct Latency: Decodable {
            let avg: Int64?
            let p99: Int64?
        }

        struct Broker: Decodable {
            let name: String?
            let nodeid: Int32?
            let state: String?
            let rtt: Latency?
            let outbuf_cnt: Int64?
            let waitresp_cnt: Int64?
            let connects: Int64?
            let disconnects: Int64?
        }

        struct Partition: Decodable {
            let partition: Int32
            let consumer_lag: Int64?
            let consumer_lag_stored: Int64?
            let lo_offset: Int64?
            let hi_offset: Int64?
            let committed_offset: Int64?
            let app_offset: Int64?
            let fetchq_cnt: Int64?
            let fetchq_size: Int64?
            let msgq_cnt: Int64?
            let xmit_msgq_cnt: Int64?
        }

        struct Topic: Decodable {
            let topic: String
            let partitions: [String: Partition]?
        }

        struct Group: Decodable {
            let state: String?
            let join_state: String?
            let rebalance_cnt: Int64?
            let rebalance_age: Int64?
            let assignment_size: Int64?
        }

        let name: String?
        let type: String?
        let tx: Int64?
        let tx_bytes: Int64?
        let rx: Int64?
        let rx_bytes: Int64?
        let txmsgs: Int64?
        let txmsg_bytes: Int64?
        let rxmsgs: Int64?
        let rxmsg_bytes: Int64?
        let msg_cnt: Int64?
        let msg_size: Int64?
        let brokers: [String: Broker]?
        let topics: [String: Topic]?
        let cgrp: Group?
    }
}

extension KafkaStatistics.Broker {
    fileprivate init(_ broker: KafkaStatistics.Document.Broker) {
        name = broker.name ?? ""
        nodeID = broker.nodeid ?? -1
        state = broker.state ?? ""
        roundTripAverage = broker.rtt?.avg ?? 0
        roundTrip99 = broker.rtt?.p99 ?? 0
        queuedRequests = broker.outbuf_cnt ?? 0
        awaitedResponses = broker.waitresp_cnt ?? 0
        connects = broker.connects ?? 0
        disconnects = broker.disconnects ?? 0
    }
}

extension KafkaStatistics.Partition {
    fileprivate init(topic: String, _ partition: KafkaStatistics.Document.Partition) {
        topicPartition = TopicPartition(topic: topic, partition: partition.partition)
        consumerLag = partition.consumer_lag ?? -1
        lowOffset = partition.lo_offset ?? -1_001
        highOffset = partition.hi_offset ?? -1_001
        committedOffset = partition.committed_offset ?? -1_001
        applicationOffset = partition.app_offset ?? -1_001
        fetchQueueCount = partition.fetchq_cnt ?? 0
        fetchQueueBytes = partition.fetchq_size ?? 0
        messageCount = (partition.msgq_cnt ?? 0) + (partition.xmit_msgq_cnt ?? 0)
    }
}

extension KafkaStatistics.Group {
    fileprivate init(_ group: KafkaStatistics.Document.Group) {
        state = group.state ?? ""
        joinState = group.join_state ?? ""
        rebalanceCount = group.rebalance_cnt ?? 0
        rebalanceAge = group.rebalance_age ?? 0
        assignmentSize = group.assignment_size ?? 0
    }
}
