#include "kafka.h"

#include <stdio.h>

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char error[256];
    if (rd_kafka_conf_set(conf, name, value, error, sizeof error) != RD_KAFKA_CONF_OK) die("%s", error);
}

static rd_kafka_conf_t *common_settings(const struct arguments *arguments) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", arguments_need(arguments->servers, "--servers"));
    set(conf, "socket.nagle.disable", "true");
    set(conf, "client.id", "peer");
    return conf;
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
    char error[256];
    rd_kafka_t *client = rd_kafka_new(type, conf, error, sizeof error);
    if (!client) die("%s", error);
    return client;
}

rd_kafka_t *kafka_consumer(const struct arguments *arguments, void *opaque) {
    rd_kafka_conf_t *conf = common_settings(arguments);
    set(conf, "group.id", arguments_need(arguments->group, "--group"));
    set(conf, "enable.auto.commit", "false");
    set(conf, "enable.auto.offset.store", "false");
    set(conf, "auto.offset.reset", "earliest");
    set(conf, "isolation.level", "read_committed");
    set(conf, "check.crcs", "true");
    // What cost the least here: with longer queues memory is touched that the caches do not hold; with shorter ones librdkafka
    // before 2.2.0 idles, for it looks once a second whether a full queue has room again.
    set(conf, "queued.min.messages", "100000");
    for (size_t i = 0; i < arguments->consumer_count; i++) set(conf, arguments->consumer[i].name, arguments->consumer[i].value);
    rd_kafka_conf_set_opaque(conf, opaque);
    rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER, conf);
    rd_kafka_poll_set_consumer(consumer);
    return consumer;
}

rd_kafka_t *kafka_producer(const struct arguments *arguments, void *opaque,
                           void (*on_delivery)(rd_kafka_t *, const rd_kafka_message_t *, void *)) {
    rd_kafka_conf_t *conf = common_settings(arguments);
    set(conf, "enable.idempotence", "true");
    set(conf, "compression.type", "lz4");
    set(conf, "linger.ms", "5");
    set(conf, "queue.buffering.max.messages", "20000");
    for (size_t i = 0; i < arguments->producer_count; i++) set(conf, arguments->producer[i].name, arguments->producer[i].value);
    rd_kafka_conf_set_opaque(conf, opaque);
    if (on_delivery) rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    return client(RD_KAFKA_PRODUCER, conf);
}

static void on_delivery(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque) {
    (void)producer;
    if (message->err) die("a record was not delivered: %s", rd_kafka_err2str(message->err));
    ledger_acknowledge(&((struct peer *)opaque)->ledger, message->_private);
}

static rd_kafka_topic_t *topic(rd_kafka_t *producer, const char *name) {
    if (!name) return NULL;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(producer, name, NULL);
    const struct rd_kafka_metadata *metadata;
    rd_kafka_resp_err_t error = rd_kafka_metadata(producer, 0, topic, &metadata, 30000);
    if (error) die("topic %s: %s", name, rd_kafka_err2str(error));
    rd_kafka_metadata_destroy(metadata);
    return topic;
}

void peer_open(struct peer *peer, struct arguments arguments) {
    *peer = (struct peer){.arguments = arguments, .committed_at = clock_monotonic()};
    arguments_need(arguments.requests, "--requests");
    if (!arguments.count) die("--count is missing");
    peer->producer = kafka_producer(&arguments, peer, on_delivery);
    peer->integrations = topic(peer->producer, arguments.integrations);
    peer->failures = topic(peer->producer, arguments.failures);
    peer->consumer = kafka_consumer(&arguments, peer);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, arguments.requests, RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t error = rd_kafka_subscribe(peer->consumer, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    if (error) die("subscribing: %s", rd_kafka_err2str(error));
    peer->queue = rd_kafka_queue_get_consumer(peer->consumer);
}

bool peer_is_done(const struct peer *peer) { return peer->ledger.acknowledged >= peer->arguments.count; }

size_t peer_receive(struct peer *peer, rd_kafka_message_t **messages, size_t limit, int timeout_ms) {
    size_t count = 0;
    while (count < limit) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(peer->consumer, count ? 0 : timeout_ms);
        if (!message) break;
        if (message->err) die("consuming: %s", rd_kafka_message_errstr(message));
        messages[count++] = message;
    }
    return count;
}

void *peer_accept(struct peer *peer, const rd_kafka_message_t *message) {
    void *token;
    while (!ledger_add(&peer->ledger, message->partition, message->offset, &token)) rd_kafka_poll(peer->producer, 10);
    return token;
}

void peer_send(struct peer *peer, rd_kafka_topic_t *topic, struct slice key, struct slice value, rd_kafka_headers_t *headers,
               int64_t timestamp, void *token) {
    rd_kafka_vu_t items[8] = {
        {.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = topic},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {(void *)key.bytes, key.length}},
        {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {(void *)value.bytes, value.length}},
        {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = token},
        {.vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u.i64 = timestamp},
        {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
    };
    rd_kafka_error_t *error;
    while ((error = rd_kafka_produceva(peer->producer, items, headers ? 7 : 6))) {
        if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR__QUEUE_FULL) die("producing: %s", rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
        rd_kafka_poll(peer->producer, 10);
    }
}

static void commit(struct peer *peer, bool waits) {
    rd_kafka_topic_partition_list_t *list = ledger_take_commit(&peer->ledger, peer->arguments.requests);
    peer->committed_at = clock_monotonic();
    if (!list) return;
    rd_kafka_resp_err_t error = rd_kafka_commit(peer->consumer, list, !waits);
    rd_kafka_topic_partition_list_destroy(list);
    if (error) die("committing: %s", rd_kafka_err2str(error));
}

void peer_tick(struct peer *peer) {
    rd_kafka_poll(peer->producer, 0);
    if (clock_monotonic() - peer->committed_at >= 1000000000) commit(peer, false);
}

void peer_close(struct peer *peer) {
    commit(peer, true);
    if (peer->integrations) rd_kafka_topic_destroy(peer->integrations);
    if (peer->failures) rd_kafka_topic_destroy(peer->failures);
    rd_kafka_queue_destroy(peer->queue);
    rd_kafka_consumer_close(peer->consumer);
    rd_kafka_destroy(peer->consumer);
    rd_kafka_destroy(peer->producer);
    printf("{\"acknowledged\":%llu,\"peak_rss_kib\":%ld}\n", (unsigned long long)peer->ledger.acknowledged, peak_resident_kib());
}
