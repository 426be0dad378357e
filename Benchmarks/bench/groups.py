"""Which group of functions an instruction belongs to: by library, then by name, then by the source file it comes from."""

import re

LIBRARIES = [("librdkafka", "librdkafka"), ("liblz4", "lz4"), ("libcurl", "libcurl"), ("libcrypto", "OpenSSL"), ("libssl", "OpenSSL"),
             ("libz.", "zlib"), ("libtcmalloc", "allocation"), ("libdispatch", "dispatch"), ("libBlocksRuntime", "dispatch"),
             ("libswift_Concurrency", "Swift concurrency"), ("libFoundation", "Foundation"), ("lib_Foundation", "Foundation"),
             ("ld-linux", "dynamic linker")]
ALLOCATION = re.compile(r"^(_int_)?(malloc|free|calloc|realloc|memalign|posix_memalign|cfree)|^_int_|^malloc_|^sysmalloc|^unlink_chunk|^tcache_"
                        r"|^arena_|^swift_(slow|)(Alloc|Dealloc)|^swift_(alloc|dealloc|slow)|^operator (new|delete)|^alloc_perturb")
COUNTING = re.compile(r"swift_(retain|release|bridgeObject|unknownObject|nonatomic|isUniquely|weak|unowned|initStackObject|setDealloc)"
                      r"|RefCount|_swift_release|_swift_retain|outlined (copy|destroy|retain|release|consume)")
COPYING = re.compile(r"^_*mem(cpy|move|set|cmp|chr|mem)|^__mem|^str|^__str|^_*str(len|cmp|chr)")
LOCKING = re.compile(r"pthread_|^__lll|^___pthread|cnd_|mtx_|futex")
MODULES = ["RDKafka", "CURLTransport", "JSONText", "NotificationsAPI"]
# What depends on the size of batches, and so a little on the clock. The rest comes out the same to the instruction.
BORROWED = {"librdkafka", "lz4", "zlib", "libcurl", "OpenSSL", "allocation", "memory and strings (libc)", "locks", "libc, the rest",
            "dynamic linker", "dispatch"}
OWN = re.compile(r"Sources/(\w+)/(?:(\w+)/)?")


def group_of(file, function, library):
    name = function.split("'")[0]
    if library.startswith(("libc.", "libc-", "libm.", "libpthread")) or (not library and file.endswith((".c", ".S"))):
        for pattern, group in ((ALLOCATION, "allocation"), (COPYING, "memory and strings (libc)"), (LOCKING, "locks")):
            if pattern.search(name):
                return group
        return "libc, the rest"
    for prefix, group in LIBRARIES:
        if library.startswith(prefix):
            return group
    if COUNTING.search(name):
        return "retain and release"
    if ALLOCATION.search(name):
        return "allocation"
    if library.startswith("libswift"):
        return "Swift's library and runtime"
    return own_group(file, function, library)


def own_group(file, function, library):
    """Of the program itself: inlined code counts where it was written."""
    match = OWN.search(file)
    if match:
        module, part = match.groups()
        return f"{module}/{part}" if module == "IntegrationBridge" and part else module
    if library.startswith("peer-"):
        return "the peer itself"
    for module in MODULES + ["IntegrationBridge"]:
        if f"{module}." in function:
            return f"{module} (no file)"
    return "Swift, generated and inlined"
