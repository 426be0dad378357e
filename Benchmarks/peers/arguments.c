#include "arguments.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void die(const char *format, ...) {
    va_list list;
    va_start(list, format);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    exit(1);
}

const char *arguments_need(const char *value, const char *option) {
    if (!value) die("%s is missing", option);
    return value;
}

static void add_property(struct property *list, size_t *count, char *text) {
    char *equals = strchr(text, '=');
    if (!equals || *count == 16) die("no name=value, or too many: %s", text);
    *equals = 0;
    list[(*count)++] = (struct property){text, equals + 1};
}

enum name {
    SERVERS = 1, GROUP, REQUESTS, INTEGRATIONS, FAILURES, DOCUMENTS, FAILURE, API, HASHES, COUNT, IDS, RATE, DELAY,
    IN_FLIGHT, PORT, CONSUMER, PRODUCER
};

struct arguments arguments_parse(int argc, char **argv) {
    static const struct option options[] = {
        {"servers", 1, 0, SERVERS}, {"group", 1, 0, GROUP}, {"requests", 1, 0, REQUESTS},
        {"integrations", 1, 0, INTEGRATIONS}, {"failures", 1, 0, FAILURES}, {"documents", 1, 0, DOCUMENTS},
        {"failure", 1, 0, FAILURE}, {"api", 1, 0, API}, {"hashes", 1, 0, HASHES}, {"count", 1, 0, COUNT},
        {"ids", 1, 0, IDS}, {"rate", 1, 0, RATE}, {"delay-us", 1, 0, DELAY}, {"in-flight", 1, 0, IN_FLIGHT},
        {"port", 1, 0, PORT}, {"consumer", 1, 0, CONSUMER}, {"producer", 1, 0, PRODUCER}, {0, 0, 0, 0},
    };
    struct arguments arguments = {.in_flight = 64, .rate = 1000, .ids = 1};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case SERVERS: arguments.servers = optarg; break;
        case GROUP: arguments.group = optarg; break;
        case REQUESTS: arguments.requests = optarg; break;
        case INTEGRATIONS: arguments.integrations = optarg; break;
        case FAILURES: arguments.failures = optarg; break;
        case DOCUMENTS: arguments.documents = optarg; break;
        case FAILURE: arguments.failure = optarg; break;
        case API: arguments.api = optarg; break;
        case HASHES: arguments.hashes = optarg; break;
        case COUNT: arguments.count = strtoull(optarg, NULL, 10); break;
        case IDS: arguments.ids = strtoull(optarg, NULL, 10); break;
        case RATE: arguments.rate = strtoull(optarg, NULL, 10); break;
        case DELAY: arguments.delay_us = strtoll(optarg, NULL, 10); break;
        case IN_FLIGHT: arguments.in_flight = atoi(optarg); break;
        case PORT: arguments.port = atoi(optarg); break;
        case CONSUMER: add_property(arguments.consumer, &arguments.consumer_count, optarg); break;
        case PRODUCER: add_property(arguments.producer, &arguments.producer_count, optarg); break;
        default: exit(64);
        }
    }
    if (optind != argc) die("unknown argument: %s", argv[optind]);
    return arguments;
}
