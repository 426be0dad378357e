// Passes records on as they are, with their key, headers and timestamp: the least that a bridge can cost.
#include "kafka.h"

int main(int argc, char **argv) {
    static struct peer peer;
    peer_open(&peer, arguments_parse(argc, argv));
    if (!peer.failures) die("--failures is missing");
    static rd_kafka_message_t *messages[BATCH];
    while (!peer_is_done(&peer)) {
        size_t count = peer_receive(&peer, messages, BATCH, 10);
        for (size_t i = 0; i < count; i++) {
            rd_kafka_message_t *message = messages[i];
            void *token = peer_accept(&peer, message);
            rd_kafka_headers_t *headers = NULL;
            rd_kafka_message_detach_headers(message, &headers);
            peer_send(&peer, peer.failures, message_key(message), message_value(message), headers,
                      rd_kafka_message_timestamp(message, NULL), token);
            rd_kafka_message_destroy(message);
        }
        peer_tick(&peer);
    }
    peer_close(&peer);
}
