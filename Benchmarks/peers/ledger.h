// Which offsets may be committed: those of a prefix of the records taken in whose results were acknowledged.
#ifndef LEDGER_H
#define LEDGER_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdint.h>

enum { LEDGER_PARTITIONS = 64, LEDGER_WINDOW = 1 << 17 };

struct ledger_partition {
    int64_t *offsets;    // a ring by sequence; an offset's complement once it is acknowledged
    uint64_t next, low;  // sequences: of the next record, of the oldest one that is not acknowledged
    int64_t committed;   // the position that was committed last
    int64_t position;    // the one that may be committed
};

struct ledger {
    struct ledger_partition partitions[LEDGER_PARTITIONS];
    uint64_t acknowledged;
};

// Takes a record in. Its token comes back with the result's delivery report. False where the window is full: wait.
bool ledger_add(struct ledger *ledger, int32_t partition, int64_t offset, void **token);

void ledger_acknowledge(struct ledger *ledger, void *token);

// What has moved since the last call, with the partitions' positions; NULL where nothing has. The caller frees it.
rd_kafka_topic_partition_list_t *ledger_take_commit(struct ledger *ledger, const char *topic);

#endif
