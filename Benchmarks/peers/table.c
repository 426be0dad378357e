#include "table.h"

#include <stdlib.h>

#include "arguments.h"
#include "result.h"

static struct slice next_field(struct slice *rest, char end) {
    const char *at = memchr(rest->bytes, end, rest->length);
    if (!at) die("the documents' file has a line with a field missing");
    struct slice field = {rest->bytes, (size_t)(at - rest->bytes)};
    rest->length -= field.length + 1;
    rest->bytes = at + 1;
    return field;
}

struct table table_read(const char *path) {
    struct slice rest = file_read(path);
    size_t lines = 0, size = 16;
    for (size_t i = 0; i < rest.length; i++) lines += rest.bytes[i] == '\n';
    while (size < lines * 2) size *= 2;
    struct table table = {calloc(size, sizeof(struct table_entry)), size - 1, 0};
    if (!table.entries) die("out of memory");
    while (rest.length) {
        struct slice id = next_field(&rest, '\t'), request_id = next_field(&rest, '\t'), document = next_field(&rest, '\n');
        struct buffer head = {0};
        result_head(&head, document, id, request_id);
        uint64_t hash = slice_hash(id, 0);
        size_t index = hash & table.mask;
        while (table.entries[index].head.bytes) index = (index + 1) & table.mask;
        table.entries[index] = (struct table_entry){hash, id, buffer_slice(&head)};
        table.count++;
    }
    return table;
}

const struct table_entry *table_find(const struct table *table, struct slice id) {
    uint64_t hash = slice_hash(id, 0);
    for (size_t index = hash & table->mask; table->entries[index].head.bytes; index = (index + 1) & table->mask) {
        const struct table_entry *entry = &table->entries[index];
        if (entry->hash == hash && slice_equal(entry->id, id)) return entry;
    }
    return NULL;
}
