#include "result.h"

#include <time.h>

#include "arguments.h"

void result_open(struct result *result, const char *topic, const char *group) {
    struct buffer source = {0};
    buffer_append(&source, SLICE("/integration-bridge/"));
    buffer_append(&source, slice_of(group));
    *result = (struct result){.topic = slice_of(topic), .event_source = buffer_slice(&source), .millisecond = -1};
}

void result_head(struct buffer *head, struct slice document, struct slice id, struct slice request_id) {
    if (document.length < 2 || document.bytes[0] != '{' || document.bytes[document.length - 1] != '}') die("a document is no object");
    buffer_append(head, (struct slice){document.bytes, document.length - 1});
    buffer_append(head, SLICE(",\"lookup\":{\"integration_id\":\""));
    buffer_append(head, id);
    buffer_append(head, SLICE("\",\"outcome\":\"resolved\",\"status\":200,\"request_id\":\""));
    buffer_append(head, request_id);
    buffer_append(head, SLICE("\""));
}

static void two_digits(char *at, int number) {
    at[0] = (char)('0' + number / 10);
    at[1] = (char)('0' + number % 10);
}

// RFC 3339 in milliseconds, made anew only where the millisecond has changed.
static void set_time(struct result *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int milliseconds = (int)(now.tv_nsec / 1000000);
    int64_t millisecond = (int64_t)now.tv_sec * 1000 + milliseconds;
    if (millisecond == result->millisecond) return;
    if (result->millisecond < 0 || millisecond / 1000 != result->millisecond / 1000) {
        struct tm parts;
        gmtime_r(&now.tv_sec, &parts);
        int year = parts.tm_year + 1900;
        two_digits(result->time, year / 100);
        two_digits(result->time + 2, year % 100);
        two_digits(result->time + 5, parts.tm_mon + 1);
        two_digits(result->time + 8, parts.tm_mday);
        two_digits(result->time + 11, parts.tm_hour);
        two_digits(result->time + 14, parts.tm_min);
        two_digits(result->time + 17, parts.tm_sec);
        result->time[4] = result->time[7] = '-';
        result->time[10] = 'T';
        result->time[13] = result->time[16] = ':';
        result->time[19] = '.';
        result->time[23] = 'Z';
    }
    result->time[20] = (char)('0' + milliseconds / 100);
    two_digits(result->time + 21, milliseconds % 100);
    result->millisecond = millisecond;
}

static struct slice time_text(const struct result *result) { return (struct slice){result->time, sizeof result->time}; }

void result_write(struct result *result, struct slice head, struct slice source, int attempts, const rd_kafka_message_t *request) {
    struct buffer *value = &result->value;
    set_time(result);
    value->length = 0;
    buffer_append(value, head);
    buffer_append(value, SLICE(",\"source\":\""));
    buffer_append(value, source);
    buffer_append(value, SLICE("\",\"resolved_at\":\""));
    buffer_append(value, time_text(result));
    buffer_append(value, SLICE("\",\"attempts\":"));
    buffer_append_number(value, attempts);
    buffer_append(value, SLICE(",\"request\":{\"topic\":\""));
    buffer_append(value, result->topic);
    buffer_append(value, SLICE("\",\"partition\":"));
    buffer_append_number(value, request->partition);
    buffer_append(value, SLICE(",\"offset\":"));
    buffer_append_number(value, request->offset);
    buffer_append(value, SLICE(",\"timestamp\":"));
    buffer_append_number(value, rd_kafka_message_timestamp(request, NULL));
    buffer_append(value, SLICE(",\"value\":"));
    buffer_append(value, (struct slice){request->payload, request->len});
    buffer_append(value, SLICE("}}}"));
}

static void add(rd_kafka_headers_t *headers, struct slice name, struct slice value) {
    rd_kafka_header_add(headers, name.bytes, (ssize_t)name.length, value.bytes, (ssize_t)value.length);
}

static void add_number(struct result *result, rd_kafka_headers_t *headers, struct slice name, int64_t number) {
    result->scratch.length = 0;
    buffer_append_number(&result->scratch, number);
    add(headers, name, buffer_slice(&result->scratch));
}

static void add_connect_errors(struct result *result, rd_kafka_headers_t *headers, const rd_kafka_message_t *request,
                               const struct failure *failure) {
    add(headers, SLICE("__connect.errors.topic"), result->topic);
    add_number(result, headers, SLICE("__connect.errors.partition"), request->partition);
    add_number(result, headers, SLICE("__connect.errors.offset"), request->offset);
    add(headers, SLICE("__connect.errors.exception.class.name"), SLICE("integration-bridge.invalid_request"));
    add(headers, SLICE("__connect.errors.exception.message"), failure->summary);
}

rd_kafka_headers_t *result_headers(struct result *result, const rd_kafka_message_t *request, struct slice id,
                                   const struct failure *failure) {
    rd_kafka_headers_t *headers = rd_kafka_headers_new(16), *own;
    if (rd_kafka_message_headers(request, &own) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const char *name;
        const void *value;
        size_t length;
        for (size_t i = 0; !rd_kafka_header_get_all(own, i, &name, &value, &length); i++)
            rd_kafka_header_add(headers, name, -1, value, (ssize_t)length);
    }
    add(headers, SLICE("ce_specversion"), SLICE("1.0"));
    struct buffer *event = &result->scratch;
    event->length = 0;
    buffer_append(event, result->topic);
    buffer_append(event, SLICE("-"));
    buffer_append_number(event, request->partition);
    buffer_append(event, SLICE("-"));
    buffer_append_number(event, request->offset);
    add(headers, SLICE("ce_id"), buffer_slice(event));
    add(headers, SLICE("ce_source"), result->event_source);
    add(headers, SLICE("ce_type"),
        failure ? SLICE("integration-bridge.integration.failed.v1") : SLICE("integration-bridge.integration.resolved.v1"));
    if (id.length) add(headers, SLICE("ce_subject"), id);
    add(headers, SLICE("ce_time"), time_text(result));
    add(headers, SLICE("content-type"), SLICE("application/json"));
    if (failure) add_connect_errors(result, headers, request, failure);
    return headers;
}
