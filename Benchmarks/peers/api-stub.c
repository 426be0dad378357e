// Plays the API for as long as it is not killed: answers GET .../ID with a document, after a delay that is exact to some
// ten microseconds. Says how long it held each answer back, in the member `held_us`, so that it can be subtracted.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "arguments.h"
#include "text.h"

enum { CONNECTIONS = 4096, REQUEST = 4096 };

struct connection {
    char bytes[REQUEST];
    size_t length;
    struct slice id;
    int64_t arrived;
};

static struct connection *connections[CONNECTIONS];  // by descriptor
static int waiting[CONNECTIONS];                     // a ring of descriptors, the oldest first: the delay is one for all
static size_t first, last;
static struct slice document;
static struct buffer body, answer;
static int timer;
static int64_t delay;

// Replaces $id in the document.
static void write_body(struct slice id, int64_t held_us) {
    struct slice rest = document;
    const char *at;
    body.length = 0;
    while ((at = memmem(rest.bytes, rest.length, "$id", 3))) {
        buffer_append(&body, (struct slice){rest.bytes, (size_t)(at - rest.bytes)});
        buffer_append(&body, id);
        rest.length -= (size_t)(at - rest.bytes) + 3;
        rest.bytes = at + 3;
    }
    buffer_append(&body, (struct slice){rest.bytes, rest.length - 1});
    buffer_append(&body, SLICE(",\"held_us\":"));
    buffer_append_number(&body, held_us);
    buffer_append(&body, SLICE("}"));
}

static void close_connection(int fd) {
    free(connections[fd]);
    connections[fd] = NULL;
    for (size_t i = first; i < last; i++)
        if (waiting[i % CONNECTIONS] == fd) waiting[i % CONNECTIONS] = -1;
    close(fd);
}

static void respond(int fd) {
    struct connection *connection = connections[fd];
    static uint64_t number;
    write_body(connection->id, (clock_monotonic() - connection->arrived) / 1000);
    answer.length = 0;
    buffer_append(&answer, SLICE("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: stub-"));
    buffer_append_number(&answer, (int64_t)++number);
    buffer_append(&answer, SLICE("\r\nContent-Length: "));
    buffer_append_number(&answer, (int64_t)body.length);
    buffer_append(&answer, SLICE("\r\n\r\n"));
    buffer_append(&answer, buffer_slice(&body));
    connection->length = 0;
    if (write(fd, answer.bytes, answer.length) != (ssize_t)answer.length) close_connection(fd);
}

static void arm_timer(void) {
    while (first < last && waiting[first % CONNECTIONS] < 0) first++;
    if (first == last) return;
    int64_t due = connections[waiting[first % CONNECTIONS]]->arrived + delay;
    struct itimerspec spec = {.it_value = {due / 1000000000, due % 1000000000}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &spec, NULL);
}

static void respond_due(void) {
    uint64_t expired;
    (void)!read(timer, &expired, sizeof expired);
    int64_t now = clock_monotonic();
    while (first < last) {
        int fd = waiting[first % CONNECTIONS];
        if (fd >= 0 && connections[fd]->arrived + delay > now) break;
        first++;
        if (fd >= 0) respond(fd);
    }
    arm_timer();
}

static void receive(int fd) {
    struct connection *connection = connections[fd];
    ssize_t count = read(fd, connection->bytes + connection->length, REQUEST - connection->length);
    if (count <= 0) return close_connection(fd);
    connection->length += (size_t)count;
    if (connection->length < 4 || memcmp(connection->bytes + connection->length - 4, "\r\n\r\n", 4)) return;
    connection->arrived = clock_monotonic();
    const char *start = memchr(connection->bytes, ' ', connection->length);
    const char *end = start ? memchr(start + 1, ' ', connection->length - (size_t)(start + 1 - connection->bytes)) : NULL;
    if (!end) return close_connection(fd);
    const char *id = end;
    while (id[-1] != '/' && id > start + 1) id--;
    connection->id = (struct slice){id, (size_t)(end - id)};
    if (!delay) return respond(fd);
    bool was_empty = first == last;
    waiting[last++ % CONNECTIONS] = fd;
    if (was_empty) arm_timer();
}

int main(int argc, char **argv) {
    struct arguments arguments = arguments_parse(argc, argv);
    document = file_read(arguments_need(arguments.documents, "--documents"));
    delay = arguments.delay_us * 1000;
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1, epoll = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)arguments.port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) die("cannot listen on port %d", arguments.port);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[128];
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    event.data.fd = timer;
    epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event);
    while (true) {
        int count = epoll_wait(epoll, events, 128, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == timer) {
                respond_due();
            } else if (fd != listener) {
                receive(fd);
            } else if ((fd = accept(listener, NULL, NULL)) >= 0) {
                if (fd >= CONNECTIONS || !(connections[fd] = calloc(1, sizeof(struct connection)))) die("too many connections");
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                event.data.fd = fd;
                epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
            }
        }
    }
}
