// A hash table from ids to documents: open addressing, filled before the run.
#ifndef TABLE_H
#define TABLE_H

#include "text.h"

struct table_entry {
    uint64_t hash;
    struct slice id;
    struct slice head;  // the result's value up to ,"source":
};

struct table {
    struct table_entry *entries;
    size_t mask, count;
};

// Reads lines of id, tab, the answer's X-Request-Id, tab, document.
struct table table_read(const char *path);

// NULL where there is none.
const struct table_entry *table_find(const struct table *table, struct slice id);

#endif
