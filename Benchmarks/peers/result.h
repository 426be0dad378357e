// Results as the bridge makes them: the document with `lookup` spliced in, and the headers.
#ifndef RESULT_H
#define RESULT_H

#include <librdkafka/rdkafka.h>

#include "text.h"

// What all results of a run have in common, and buffers that are used again.
struct result {
    struct slice topic;         // of the requests
    struct slice event_source;  // ce_source
    struct buffer value;
    struct buffer scratch;
    int64_t millisecond;  // which `time` says
    char time[24];        // of `resolved_at` and `ce_time`, not terminated
};

struct failure {
    struct slice head;     // the value up to ,"source":
    struct slice summary;  // for __connect.errors.exception.message
};

void result_open(struct result *result, const char *topic, const char *group);

// The document up to its closing brace, and what is the same in `lookup` for every result.
void result_head(struct buffer *head, struct slice document, struct slice id, struct slice request_id);

// Fills `result->value`.
void result_write(struct result *result, struct slice head, struct slice source, int attempts, const rd_kafka_message_t *request);

// The headers of the result that was written last. `failure` is NULL where it is an Integration.
rd_kafka_headers_t *result_headers(struct result *result, const rd_kafka_message_t *request, struct slice id,
                                   const struct failure *failure);

#endif
