#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "arguments.h"

void buffer_reserve(struct buffer *buffer, size_t more) {
    size_t capacity = buffer->capacity ? buffer->capacity : 1024;
    while (capacity - buffer->length < more) capacity *= 2;
    buffer->bytes = realloc(buffer->bytes, capacity);
    if (!buffer->bytes) die("out of memory");
    buffer->capacity = capacity;
}

void buffer_append_number(struct buffer *buffer, int64_t number) {
    char digits[20];
    size_t start = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--start] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0) digits[--start] = '-';
    buffer_append(buffer, (struct slice){digits + start, sizeof digits - start});
}

struct slice file_read(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) die("cannot read %s", path);
    struct buffer buffer = {0};
    while (!feof(file)) {
        buffer_reserve(&buffer, 65536);
        buffer.length += fread(buffer.bytes + buffer.length, 1, 65536, file);
        if (ferror(file)) die("cannot read %s", path);
    }
    fclose(file);
    return buffer_slice(&buffer);
}

static int64_t nanoseconds(clockid_t id) {
    struct timespec time;
    clock_gettime(id, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t clock_monotonic(void) { return nanoseconds(CLOCK_MONOTONIC); }

int64_t clock_wall(void) { return nanoseconds(CLOCK_REALTIME); }

long peak_resident_kib(void) {
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kib = 0;
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1) break;
    if (file) fclose(file);
    return kib;
}
