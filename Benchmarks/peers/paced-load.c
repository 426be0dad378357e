// Sends requests at an even pace and reads the results as they come. Prints, in microseconds, how long results took beyond
// the time that the API held its answer back, counted from when each request was *due*: a stall counts for all that it
// delayed. The first fifth is a warm-up and does not count.
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "kafka.h"
#include "result.h"

enum { PARTITIONS = 4, PATIENCE_S = 30 };

static struct arguments arguments;
static int64_t *latencies;  // by number, in nanoseconds; 0: not there yet
static uint64_t received, repeated;

static int64_t number_after(struct slice text, const char *name) {
    const char *at = memmem(text.bytes, text.length, name, strlen(name));
    if (!at) die("a result has no %s: %.*s", name, (int)text.length, text.bytes);
    return strtoll(at + strlen(name), NULL, 10);
}

// What the API has held back; nothing of a request that is read as it was sent, to see what the brokers alone take.
static int64_t held_back(struct slice value) {
    return strcmp(arguments.requests, arguments.integrations) ? number_after(value, "\"held_us\":") * 1000 : 0;
}

static void take(const rd_kafka_message_t *message) {
    int64_t now = clock_wall();
    struct slice value = message_value(message);
    int64_t number = number_after(value, "\"number\":");
    int64_t latency = now - number_after(value, "\"due_ns\":") - held_back(value);
    if (number < 0 || (uint64_t)number >= arguments.count) die("a result is of another run");
    if (latencies[number]) {
        repeated++;
    } else {
        received++;
        latencies[number] = latency;
    }
}

static void *read_results(void *consumer) {
    int64_t deadline = clock_monotonic() + (int64_t)(arguments.count / arguments.rate + PATIENCE_S) * 1000000000;
    while (received < arguments.count && clock_monotonic() < deadline) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 100);
        if (!message) continue;
        if (message->err) die("consuming: %s", rd_kafka_message_errstr(message));
        take(message);
        rd_kafka_message_destroy(message);
    }
    return NULL;
}

static void send_requests(void) {
    rd_kafka_t *producer = kafka_producer(&arguments, NULL, NULL);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(producer, arguments.requests, NULL);
    const struct rd_kafka_metadata *metadata;
    if (rd_kafka_metadata(producer, 0, topic, &metadata, 30000)) die("no metadata of %s", arguments.requests);
    rd_kafka_metadata_destroy(metadata);
    int64_t start = clock_wall();
    for (uint64_t i = 0; i < arguments.count; i++) {
        int64_t due = start + (int64_t)(i * 1000000000 / arguments.rate);
        struct timespec time = {due / 1000000000, due % 1000000000};
        while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL) == EINTR) {}
        char value[256];
        int length = snprintf(value, sizeof value, "{\"integration_id\":\"int-%07llu\",\"number\":%llu,\"due_ns\":%lld}",
                              (unsigned long long)i, (unsigned long long)i, (long long)due);
        if (rd_kafka_produce(topic, (int32_t)(i % PARTITIONS), RD_KAFKA_MSG_F_COPY, value, (size_t)length, NULL, 0, NULL))
            die("producing: %s", rd_kafka_err2str(rd_kafka_last_error()));
        rd_kafka_poll(producer, 0);
    }
    if (rd_kafka_flush(producer, 30000)) die("requests were not acknowledged");
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(producer);
}

static int compare(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static double quantile(const int64_t *sorted, uint64_t count, double share) {
    return (double)sorted[(uint64_t)(share * (double)(count - 1))] / 1000;
}

int main(int argc, char **argv) {
    arguments = arguments_parse(argc, argv);
    if (!arguments.count || !(latencies = calloc(arguments.count, sizeof *latencies))) die("--count is missing, or too much");
    arguments.producer[arguments.producer_count++] = (struct property){"linger.ms", "0"};
    rd_kafka_t *consumer = kafka_consumer(&arguments, NULL);
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(PARTITIONS);
    for (int32_t i = 0; i < PARTITIONS; i++) rd_kafka_topic_partition_list_add(partitions, arguments.integrations, i)->offset = 0;
    if (rd_kafka_assign(consumer, partitions)) die("the results cannot be read");
    rd_kafka_topic_partition_list_destroy(partitions);
    pthread_t reader;
    pthread_create(&reader, NULL, read_results, consumer);
    send_requests();
    pthread_join(reader, NULL);
    if (received < arguments.count) die("%llu of %llu results came", (unsigned long long)received, (unsigned long long)arguments.count);
    uint64_t warm = arguments.count / 5, count = arguments.count - warm;
    int64_t *sorted = latencies + warm;
    qsort(sorted, count, sizeof *sorted, compare);
    printf("{\"results\":%llu,\"repeated\":%llu,\"p50_us\":%.0f,\"p99_us\":%.0f,\"p999_us\":%.0f,\"max_us\":%.0f}\n",
           (unsigned long long)received, (unsigned long long)repeated, quantile(sorted, count, 0.5), quantile(sorted, count, 0.99),
           quantile(sorted, count, 0.999), quantile(sorted, count, 1));
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
}
