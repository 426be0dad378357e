#pragma once
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// Leaves escapes as they are: the path is handed over as it was sent.
static size_t ib_mhd_keep(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

// Variadic functions are not imported into Swift. `address` names host and port to bind.
static inline struct MHD_Daemon *ib_mhd_start(const struct sockaddr *address, unsigned threads, unsigned connections,
                                              unsigned timeout, MHD_AccessHandlerCallback handler, void *context,
                                              MHD_RequestCompletedCallback completed) {
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_CONNECTION_LIMIT, connections, 0},
        {MHD_OPTION_CONNECTION_TIMEOUT, timeout, 0},
        {MHD_OPTION_THREAD_POOL_SIZE, threads, 0},
        {MHD_OPTION_SOCK_ADDR, 0, (void *)address},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)completed, context},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)ib_mhd_keep, 0},
        {MHD_OPTION_END, 0, 0},
    };
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, 0, 0, handler, context,
                            MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}
static inline unsigned short ib_mhd_port(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}
static const enum MHD_Result ib_mhd_yes = MHD_YES;
static const enum MHD_Result ib_mhd_no = MHD_NO;
static inline struct MHD_Response *ib_mhd_response(const void *bytes, size_t count) {
    return MHD_create_response_from_buffer(count, (void *)bytes, MHD_RESPMEM_MUST_COPY);
}
static inline void ib_mhd_each_header(struct MHD_Connection *connection, MHD_KeyValueIterator each, void *context) {
    MHD_get_connection_values(connection, MHD_HEADER_KIND, each, context);
}
static inline void ib_mhd_each_query(struct MHD_Connection *connection, MHD_KeyValueIterator each, void *context) {
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, each, context);
}

// A body that ends, and its connection with it, after less than the length that was announced.
struct ib_mhd_cut {
    size_t count;
    char bytes[];
};
static ssize_t ib_mhd_read_cut(void *context, uint64_t position, char *buffer, size_t room) {
    struct ib_mhd_cut *cut = context;
    if (position >= cut->count) return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t left = cut->count - (size_t)position;
    size_t size = left < room ? left : room;
    memcpy(buffer, cut->bytes + position, size);
    return (ssize_t)size;
}
static inline struct MHD_Response *ib_mhd_response_cut(const void *bytes, size_t count, uint64_t announced) {
    struct ib_mhd_cut *cut = malloc(sizeof(struct ib_mhd_cut) + count);
    if (!cut) return 0;
    cut->count = count;
    memcpy(cut->bytes, bytes, count);
    return MHD_create_response_from_callback(announced, 4096, ib_mhd_read_cut, cut, free);
}

// Resets this connection; the library may then close it.
static inline void ib_mhd_reset(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (!info) return;
    struct linger linger = {1, 0};
    setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
#ifdef __linux__
    // The library shuts its side down before it closes, which a client would see first: dissolving the association
    // resets it at once.
    struct sockaddr none = {.sa_family = AF_UNSPEC};
    connect(info->connect_fd, &none, sizeof none);
#endif
}
