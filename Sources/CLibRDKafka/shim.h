#pragma once
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

// One record to librdkafka's queue. The union that produceva takes is filled here because Swift would clear its 64 bytes
// of padding for each of eight members of each record. Headers only as one list: the other form frees twice when the
// partition does not exist. Where an error is returned, the headers still belong to the caller.
static inline rd_kafka_error_t *rdkafka_shim_produce(
    rd_kafka_t *rk, rd_kafka_topic_t *topic, int32_t partition, const void *key, size_t keyLength, const void *value,
    size_t valueLength, rd_kafka_headers_t *headers, int64_t timestamp, uint64_t token) {
    rd_kafka_vu_t vus[8];
    size_t count = 0;
    vus[count].vtype = RD_KAFKA_VTYPE_RKT;
    vus[count++].u.rkt = topic;
    vus[count].vtype = RD_KAFKA_VTYPE_PARTITION;
    vus[count++].u.i32 = partition;
    vus[count].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    vus[count++].u.i = RD_KAFKA_MSG_F_COPY;
    vus[count].vtype = RD_KAFKA_VTYPE_KEY;
    vus[count].u.mem.ptr = (void *)key;
    vus[count++].u.mem.size = keyLength;
    vus[count].vtype = RD_KAFKA_VTYPE_VALUE;
    vus[count].u.mem.ptr = (void *)value;
    vus[count++].u.mem.size = valueLength;
    vus[count].vtype = RD_KAFKA_VTYPE_OPAQUE;
    vus[count++].u.ptr = (void *)(uintptr_t)token;
    if (timestamp > 0) {
        vus[count].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
        vus[count++].u.i64 = timestamp;
    }
    if (headers) {
        vus[count].vtype = RD_KAFKA_VTYPE_HEADERS;
        vus[count++].u.headers = headers;
    }
    return rd_kafka_produceva(rk, vus, count);
}

// Starts a detached thread. In C because Swift 6.3's checker of sendability crashes on pthread_create's arguments.
#include <pthread.h>
static inline int rdkafka_shim_start_thread(void *(*body)(void *), void *argument) {
    pthread_t thread;
    int code = pthread_create(&thread, NULL, body, argument);
    if (code == 0) pthread_detach(thread);
    return code;
}

// Names the calling thread, as tools show it: Linux hides pthread_setname_np behind _GNU_SOURCE.
#ifdef __linux__
#include <sys/prctl.h>
static inline void rdkafka_shim_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
#else
static inline void rdkafka_shim_name_thread(const char *name) { pthread_setname_np(name); }
#endif
