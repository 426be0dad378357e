// To be linked is enough for gperftools' allocator to take the place of the C library's. Where pkg-config does not find it,
// the C library's stays.
