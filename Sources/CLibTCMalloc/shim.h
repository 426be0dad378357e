// To be linked is enough for gperftools' allocator to take the place of the C library's. Where pkg-config does not find it,
// the C library's stays.
#include <stdlib.h>
#if __has_include(<gperftools/malloc_extension_c.h>)
#include <gperftools/malloc_extension_c.h>
#endif

// Limits what threads keep for themselves of freed memory, all of them together; the allocator's own variable goes first.
static inline void ib_limit_thread_caches(size_t bytes) {
#if __has_include(<gperftools/malloc_extension_c.h>)
    if (!getenv("TCMALLOC_MAX_TOTAL_THREAD_CACHE_BYTES"))
        MallocExtension_SetNumericProperty("tcmalloc.max_total_thread_cache_bytes", bytes);
#else
    (void)bytes;
#endif
}
