#include "ledger.h"

#include <stdlib.h>

#include "arguments.h"

enum { SEQUENCE_BITS = 48 };

bool ledger_add(struct ledger *ledger, int32_t partition, int64_t offset, void **token) {
    if (partition < 0 || partition >= LEDGER_PARTITIONS) die("partition %d is beyond what a peer can hold", partition);
    struct ledger_partition *at = &ledger->partitions[partition];
    if (!at->offsets && !(at->offsets = calloc(LEDGER_WINDOW, sizeof *at->offsets))) die("out of memory");
    if (at->next - at->low == LEDGER_WINDOW) return false;
    *token = (void *)(uintptr_t)((uint64_t)partition << SEQUENCE_BITS | at->next);
    at->offsets[at->next++ % LEDGER_WINDOW] = offset;
    return true;
}

void ledger_acknowledge(struct ledger *ledger, void *token) {
    uint64_t value = (uint64_t)(uintptr_t)token, sequence = value & ((1ull << SEQUENCE_BITS) - 1);
    struct ledger_partition *at = &ledger->partitions[value >> SEQUENCE_BITS];
    at->offsets[sequence % LEDGER_WINDOW] = ~at->offsets[sequence % LEDGER_WINDOW];
    ledger->acknowledged++;
    while (at->low < at->next && at->offsets[at->low % LEDGER_WINDOW] < 0)
        at->position = ~at->offsets[at->low++ % LEDGER_WINDOW] + 1;
}

rd_kafka_topic_partition_list_t *ledger_take_commit(struct ledger *ledger, const char *topic) {
    rd_kafka_topic_partition_list_t *list = NULL;
    for (int32_t partition = 0; partition < LEDGER_PARTITIONS; partition++) {
        struct ledger_partition *at = &ledger->partitions[partition];
        if (at->position == at->committed) continue;
        if (!list) list = rd_kafka_topic_partition_list_new(8);
        rd_kafka_topic_partition_list_add(list, topic, partition)->offset = at->committed = at->position;
    }
    return list;
}
