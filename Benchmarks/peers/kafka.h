// The Kafka side of a peer: batches in, results out, offsets committed once their results were acknowledged.
#ifndef KAFKA_H
#define KAFKA_H

#include <librdkafka/rdkafka.h>

#include "arguments.h"
#include "ledger.h"
#include "text.h"

enum { BATCH = 1000 };

struct peer {
    struct arguments arguments;
    rd_kafka_t *consumer, *producer;
    rd_kafka_queue_t *queue;  // of the consumer
    rd_kafka_topic_t *integrations, *failures;
    struct ledger ledger;
    int64_t committed_at;
};

// A client with the settings that both sides of the comparison have, and with those of the command line over them.
rd_kafka_t *kafka_consumer(const struct arguments *arguments, void *opaque);
rd_kafka_t *kafka_producer(const struct arguments *arguments, void *opaque,
                           void (*on_delivery)(rd_kafka_t *, const rd_kafka_message_t *, void *));

void peer_open(struct peer *peer, struct arguments arguments);

// Whether all records that were asked for are acknowledged.
bool peer_is_done(const struct peer *peer);

// Up to BATCH messages, which the caller destroys; waits for the first one at most.
size_t peer_receive(struct peer *peer, rd_kafka_message_t **messages, size_t limit, int timeout_ms);

// Takes a message into the ledger; waits while too much is unacknowledged.
void *peer_accept(struct peer *peer, const rd_kafka_message_t *message);

// Produces a copy; waits while the queue is full. Takes the headers over.
void peer_send(struct peer *peer, rd_kafka_topic_t *topic, struct slice key, struct slice value, rd_kafka_headers_t *headers,
               int64_t timestamp, void *token);

// Serves delivery reports, and commits once a second.
void peer_tick(struct peer *peer);

// Commits what is left, leaves the group and says what was done.
void peer_close(struct peer *peer);

static inline struct slice message_key(const rd_kafka_message_t *message) {
    return (struct slice){message->key, message->key_len};
}

static inline struct slice message_value(const rd_kafka_message_t *message) {
    return (struct slice){message->payload, message->len};
}

#endif
