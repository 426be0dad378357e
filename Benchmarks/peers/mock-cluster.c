// librdkafka's mock cluster in a process of its own, with a topic of requests filled: a broker that costs the measured
// process nothing. Prints its bootstrap servers when there is a request for each id; writes the others when it is sent a byte,
// so that a cache can be warm by then; and runs until its standard input ends.
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <unistd.h>

#include "kafka.h"

enum { PARTITIONS = 4 };

// Without ids, requests that name none.
static void fill(const struct arguments *arguments, rd_kafka_t *producer, rd_kafka_topic_t *topic, uint64_t from, uint64_t to) {
    for (uint64_t i = from; i < to; i++) {
        char key[32], value[128];
        unsigned long long number = i;
        int key_length = snprintf(key, sizeof key, "k%07llu", number);
        int length = arguments->ids ? snprintf(value, sizeof value, "{\"integration_id\":\"int-%07llu\",\"requested_by\":\"bench\"}",
                                               number % arguments->ids)
                                    : snprintf(value, sizeof value, "{\"number\":%llu,\"requested_by\":\"bench\"}", number);
        while (rd_kafka_produce(topic, (int32_t)(i % PARTITIONS), RD_KAFKA_MSG_F_COPY, value, (size_t)length, key, (size_t)key_length, NULL))
            rd_kafka_poll(producer, 10);
    }
    if (rd_kafka_flush(producer, 60000)) die("the requests were not taken");
}

int main(int argc, char **argv) {
    struct arguments arguments = arguments_parse(argc, argv);
    arguments.servers = "127.0.0.1:1";  // the mock's own handle needs nobody, and need not say that it finds nobody
    arguments.producer[arguments.producer_count++] = (struct property){"log_level", "2"};
    rd_kafka_t *owner = kafka_producer(&arguments, NULL, NULL);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(owner, 1);
    if (!cluster) die("no mock cluster");
    const char *topics[] = {arguments.requests, arguments.integrations, arguments.failures};
    for (size_t i = 0; i < 3; i++)
        if (rd_kafka_mock_topic_create(cluster, arguments_need(topics[i], "a topic"), PARTITIONS, 1)) die("no topic %s", topics[i]);
    arguments.servers = rd_kafka_mock_cluster_bootstraps(cluster);
    arguments.producer[arguments.producer_count++] = (struct property){"linger.ms", "1000"};
    arguments.producer[arguments.producer_count++] = (struct property){"batch.num.messages", "1000"};
    rd_kafka_t *producer = kafka_producer(&arguments, NULL, NULL);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(producer, arguments.requests, NULL);
    fill(&arguments, producer, topic, 0, arguments.ids);
    printf("%s\n", arguments.servers);
    fflush(stdout);
    char byte;
    if (read(STDIN_FILENO, &byte, 1) == 1) fill(&arguments, producer, topic, arguments.ids, arguments.count);
    while (read(STDIN_FILENO, &byte, 1) > 0) {}
}
