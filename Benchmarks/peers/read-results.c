// Reads a topic of results from its start to its end and checks each: valid JSON, of the id that its request asked for, and
// named by one request. Writes a hash of each result by its request's place, so that what two programs made can be compared.
//
// The hash is of key, timestamp, value and headers, without what may differ: `source`, `resolved_at`, `attempts`,
// `request_id`, `ce_time` and the group's name in `ce_source`.
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "kafka.h"

enum { PARTITIONS = 4 };

struct place {
    int64_t partition, offset;
};

static struct arguments arguments;
static uint64_t *hashes;
static uint64_t rows, received, repeated;

static _Noreturn void refuse(const char *why, struct slice value) { die("%s: %.*s", why, (int)value.length, value.bytes); }

// What stands between two texts; the rest goes on behind the first of them.
static bool between(struct slice text, const char *before, const char *after, struct slice *found) {
    const char *start = memmem(text.bytes, text.length, before, strlen(before));
    if (!start) return false;
    start += strlen(before);
    const char *end = memmem(start, text.length - (size_t)(start - text.bytes), after, strlen(after));
    if (!end) return false;
    *found = (struct slice){start, (size_t)(end - start)};
    return true;
}

static struct slice tail_from(struct slice text, const char *at) {
    return (struct slice){at, text.length - (size_t)(at - text.bytes)};
}

static struct place check_value(struct slice value, struct slice lookup) {
    struct place place;
    struct slice partition, offset, id, asked, document;
    if (!json_valid(value)) refuse("not JSON", value);
    if (!between(lookup, "\"partition\":", ",", &partition) || !between(lookup, "\"offset\":", ",", &offset))
        refuse("names no request", value);
    const char *request = memmem(lookup.bytes, lookup.length, ",\"value\":", 9);
    if (!request) refuse("has no request value", value);
    struct slice request_value = tail_from(lookup, request + 9);
    request_value.length -= 3;
    if (json_string_member(request_value, SLICE("integration_id"), &asked)) {
        if (!json_string_member(value, SLICE("id"), &document) || !slice_equal(document, asked)
            || !between(lookup, "\"integration_id\":\"", "\"", &id) || !slice_equal(id, asked))
            refuse("another id than was asked for", value);
        if (!memmem(lookup.bytes, lookup.length, "\"outcome\":\"resolved\"", 20)) refuse("not resolved", value);
    } else if (!memmem(lookup.bytes, lookup.length, "\"outcome\":\"failed\"", 18)) {
        refuse("resolved without an id", value);
    }
    place.partition = strtoll(partition.bytes, NULL, 10);
    place.offset = strtoll(offset.bytes, NULL, 10);
    if (place.partition < 0 || place.partition >= PARTITIONS || place.offset < 0 || (uint64_t)place.offset >= rows)
        refuse("names a request that there is not", value);
    return place;
}

// The members of `lookup` that may differ are all before `request`.
static uint64_t hash_value(struct slice value, struct slice lookup) {
    static const char *const differing[][2] = {
        {",\"request_id\":\"", "\""}, {",\"source\":\"", "\""}, {",\"resolved_at\":\"", "\""}, {",\"attempts\":", ","}};
    uint64_t hash = slice_hash((struct slice){value.bytes, (size_t)(lookup.bytes - value.bytes)}, 1);
    struct slice rest = lookup;
    for (size_t i = 0; i < 4; i++) {
        struct slice found;
        if (!between(rest, differing[i][0], differing[i][1], &found)) {
            if (i == 0) continue;
            refuse("a member of lookup is missing", value);
        }
        size_t before = (size_t)(found.bytes - rest.bytes) - strlen(differing[i][0]);
        hash = slice_hash((struct slice){rest.bytes, before}, hash);
        rest = tail_from(rest, found.bytes + found.length);
    }
    return slice_hash(rest, hash);
}

static uint64_t hash_headers(const rd_kafka_message_t *message, uint64_t hash) {
    rd_kafka_headers_t *headers;
    if (rd_kafka_message_headers(message, &headers)) return hash;
    const char *name;
    const void *value;
    size_t length;
    for (size_t i = 0; !rd_kafka_header_get_all(headers, i, &name, &value, &length); i++) {
        hash = slice_hash(slice_of(name), hash);
        if (strcmp(name, "ce_time") && strcmp(name, "ce_source")) hash = slice_hash((struct slice){value, length}, hash);
    }
    return hash;
}

static void take(const rd_kafka_message_t *message) {
    struct slice value = message_value(message), lookup;
    const char *start = memmem(value.bytes, value.length, ",\"lookup\":{", 11);
    if (!start) refuse("has no lookup", value);
    lookup = tail_from(value, start);
    struct place place = check_value(value, lookup);
    uint64_t hash = hash_headers(message, slice_hash(message_key(message), hash_value(value, lookup)));
    hash += (uint64_t)rd_kafka_message_timestamp(message, NULL) * 0x9e3779b97f4a7c15u;
    uint64_t *seen = &hashes[(uint64_t)place.partition * rows + (uint64_t)place.offset];
    if (*seen) {
        repeated++;
        return;
    }
    *seen = hash ? hash : 1;
    received++;
}

int main(int argc, char **argv) {
    arguments = arguments_parse(argc, argv);
    const char *topic = arguments.integrations ? arguments.integrations : arguments.failures;
    arguments_need(topic, "--integrations or --failures");
    rows = (arguments.count + PARTITIONS - 1) / PARTITIONS;
    if (!rows || !(hashes = calloc(rows * PARTITIONS, sizeof *hashes))) die("--count is missing, or too much");
    arguments.group = "read-results";
    arguments.consumer[arguments.consumer_count++] = (struct property){"enable.partition.eof", "true"};
    rd_kafka_t *consumer = kafka_consumer(&arguments, NULL);
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(PARTITIONS);
    for (int32_t i = 0; i < PARTITIONS; i++) rd_kafka_topic_partition_list_add(partitions, topic, i)->offset = 0;
    if (rd_kafka_assign(consumer, partitions)) die("%s cannot be read", topic);
    rd_kafka_topic_partition_list_destroy(partitions);
    for (int ended = 0; ended < PARTITIONS;) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 30000);
        if (!message) die("%s: nothing came for 30 s", topic);
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) ended++;
        else if (message->err) die("%s: %s", topic, rd_kafka_message_errstr(message));
        else take(message);
        rd_kafka_message_destroy(message);
    }
    if (arguments.hashes) {
        FILE *file = fopen(arguments.hashes, "wb");
        if (!file || fwrite(hashes, sizeof *hashes, rows * PARTITIONS, file) != rows * PARTITIONS || fclose(file))
            die("cannot write %s", arguments.hashes);
    }
    printf("{\"requests_with_result\":%llu,\"repeated\":%llu}\n", (unsigned long long)received, (unsigned long long)repeated);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
}
