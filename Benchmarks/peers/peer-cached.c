// Answers requests from documents that it was given: finds the id in the request, looks it up, and produces the result.
// A request without an id becomes the failure that it was given.
#include "json.h"
#include "kafka.h"
#include "result.h"
#include "table.h"

static struct failure read_failure(const char *path) {
    if (!path) return (struct failure){{0}, {0}};
    struct slice text = file_read(path);
    const char *line = memchr(text.bytes, '\n', text.length);
    if (!line) die("%s has no second line", path);
    struct slice summary = {text.bytes, (size_t)(line - text.bytes)};
    return (struct failure){{line + 1, text.length - summary.length - 1}, summary};
}

int main(int argc, char **argv) {
    struct arguments arguments = arguments_parse(argc, argv);
    struct table table = {0};
    if (arguments.documents) table = table_read(arguments.documents);
    struct failure failure = read_failure(arguments.failure);
    struct result result;
    static struct peer peer;
    peer_open(&peer, arguments);
    result_open(&result, arguments.requests, arguments.group);

    static rd_kafka_message_t *messages[BATCH];
    while (!peer_is_done(&peer)) {
        size_t count = peer_receive(&peer, messages, BATCH, 10);
        for (size_t i = 0; i < count; i++) {
            rd_kafka_message_t *message = messages[i];
            void *token = peer_accept(&peer, message);
            int64_t timestamp = rd_kafka_message_timestamp(message, NULL);
            struct slice id = {0};
            if (json_string_member(message_value(message), SLICE("integration_id"), &id)) {
                const struct table_entry *entry = table.entries ? table_find(&table, id) : NULL;
                if (!entry) die("there is no document for %.*s", (int)id.length, id.bytes);
                result_write(&result, entry->head, SLICE("cache"), 0, message);
                peer_send(&peer, peer.integrations, message_key(message), buffer_slice(&result.value),
                          result_headers(&result, message, id, NULL), timestamp, token);
            } else {
                if (!failure.head.length) die("--failure is missing, and a request has no id");
                result_write(&result, failure.head, SLICE("api"), 0, message);
                peer_send(&peer, peer.failures, message_key(message), buffer_slice(&result.value),
                          result_headers(&result, message, id, &failure), timestamp, token);
            }
            rd_kafka_message_destroy(message);
        }
        peer_tick(&peer);
    }
    peer_close(&peer);
}
