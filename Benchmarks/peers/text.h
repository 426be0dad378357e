// Bytes with a length, and a buffer that grows: no terminators, no surprises.
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const char *bytes;
    size_t length;
};

#define SLICE(literal) ((struct slice){literal, sizeof(literal) - 1})

static inline bool slice_equal(struct slice a, struct slice b) {
    return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

struct buffer {
    char *bytes;
    size_t length, capacity;
};

void buffer_reserve(struct buffer *buffer, size_t more);

static inline void buffer_append(struct buffer *buffer, struct slice text) {
    if (buffer->capacity - buffer->length < text.length) buffer_reserve(buffer, text.length);
    if (text.length) memcpy(buffer->bytes + buffer->length, text.bytes, text.length);
    buffer->length += text.length;
}

void buffer_append_number(struct buffer *buffer, int64_t number);

static inline struct slice buffer_slice(const struct buffer *buffer) {
    return (struct slice){buffer->bytes, buffer->length};
}

// Text of a C string.
static inline struct slice slice_of(const char *string) { return (struct slice){string, strlen(string)}; }

// Multiplies and folds eight bytes at a time.
static inline uint64_t slice_hash(struct slice text, uint64_t seed) {
    uint64_t hash = seed ^ text.length ^ 0x9e3779b97f4a7c15u;
    for (size_t at = 0; at < text.length; at += 8) {
        uint64_t word = 0;
        memcpy(&word, text.bytes + at, text.length - at < 8 ? text.length - at : 8);
        hash = (hash ^ word) * 0xd6e8feb86659fd93u;
        hash ^= hash >> 32;
    }
    return hash;
}

// A whole file; ends the program where it cannot be read.
struct slice file_read(const char *path);

// Nanoseconds of CLOCK_MONOTONIC and CLOCK_REALTIME.
int64_t clock_monotonic(void);
int64_t clock_wall(void);

// The most memory that this process had resident, in KiB.
long peak_resident_kib(void);

#endif
