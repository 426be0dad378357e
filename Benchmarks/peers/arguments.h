// What the command line of a peer says; every program takes those that it needs.
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <stddef.h>
#include <stdint.h>

struct property {
    const char *name;
    const char *value;
};

struct arguments {
    const char *servers;       // --servers host:port,...
    const char *group;         // --group
    const char *requests;      // --requests TOPIC
    const char *integrations;  // --integrations TOPIC
    const char *failures;      // --failures TOPIC
    const char *documents;     // --documents FILE: lines of id, tab, request id, tab, document
    const char *failure;       // --failure FILE: the failure's summary, then a line with the value up to ,"source":
    const char *api;           // --api http://host:port
    const char *hashes;        // --hashes FILE
    uint64_t count;            // --count N: records
    uint64_t ids;              // --ids N: distinct ids
    uint64_t rate;             // --rate N: records a second
    int64_t delay_us;          // --delay-us N
    int in_flight;             // --in-flight N
    int port;                  // --port N
    struct property consumer[16];  // --consumer name=value, for librdkafka
    struct property producer[16];  // --producer name=value
    size_t consumer_count, producer_count;
};

// Ends the program where an option is unknown or has no value.
struct arguments arguments_parse(int argc, char **argv);

// The value of an option that the program cannot do without; ends it where it is missing.
const char *arguments_need(const char *value, const char *option);

// Prints a line to standard error and ends the program with 1.
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
