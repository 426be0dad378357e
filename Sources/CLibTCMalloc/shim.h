// To be linked is enough for gperftools' allocator to take the place of the C library's. Where pkg-config does not find it,
// the C library's stays.
#include <stddef.h>
#include <stdlib.h>

#ifdef __linux__
// Of gperftools/malloc_extension_c.h; null where the allocator is not linked.
int MallocExtension_SetNumericProperty(const char *property, size_t value) __attribute__((weak));
#endif

// Limits what threads keep for themselves of freed memory, all of them together; the allocator's own variable goes first.
static inline void ib_limit_thread_caches(size_t bytes) {
#ifdef __linux__
    if (MallocExtension_SetNumericProperty && !getenv("TCMALLOC_MAX_TOTAL_THREAD_CACHE_BYTES"))
        MallocExtension_SetNumericProperty("tcmalloc.max_total_thread_cache_bytes", bytes);
#else
    (void)bytes;
#endif
}
