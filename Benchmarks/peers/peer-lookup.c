// Asks the API for every request, over libcurl's multi interface on epoll, and produces the results. One thread.
//
// What makes libcurl quick here: easy handles that are kept, a URL that is parsed once (CURLOPT_REQUEST_TARGET names the
// path), no look at the environment for proxies, room for all connections, sockets that stay registered, and all fields in one list.
#include <curl/curl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "kafka.h"
#include "result.h"

enum { PATH_LENGTH = 1024, SOCKETS = 4096 };

struct call {
    CURL *easy;
    rd_kafka_message_t *message;  // the request, which is kept until it is answered
    void *token;
    struct slice id;  // in the message
    struct buffer body;
};

// What libcurl wants to know of a socket, and what epoll was told.
struct watch {
    uint32_t wanted, registered;
};

static struct peer peer;
static struct result result;
static CURLM *multi;
static int epoll;
static struct watch watches[SOCKETS];
static int64_t timer = -1;  // when libcurl wants to be called, in nanoseconds
static struct call **idle;
static int idle_count;

static void check(CURLcode code) {
    if (code != CURLE_OK) die("%s", curl_easy_strerror(code));
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
    (void)size;
    buffer_append(&((struct call *)context)->body, (struct slice){bytes, count});
    return count;
}

static void watch_socket(curl_socket_t socket, uint32_t events) {
    struct watch *watch = &watches[socket];
    // A socket that was watched is not taken off: it is wanted again for the next request.
    if ((watch->registered & events) == events && !(watch->registered & ~events & EPOLLOUT)) return;
    struct epoll_event event = {.events = events, .data.fd = socket};
    if (epoll_ctl(epoll, watch->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event)) die("epoll_ctl failed");
    watch->registered = events;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *unused) {
    (void)easy, (void)context, (void)unused;
    if (socket >= SOCKETS) die("too many sockets");
    watches[socket].wanted = what == CURL_POLL_REMOVE ? 0 : (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
    if (watches[socket].wanted) watch_socket(socket, watches[socket].wanted);
    return 0;
}

static int on_close(void *context, curl_socket_t socket) {
    (void)context;
    watches[socket] = (struct watch){0};
    return close(socket);
}

static int on_timer(CURLM *handle, long milliseconds, void *context) {
    (void)handle, (void)context;
    timer = milliseconds < 0 ? -1 : clock_monotonic() + milliseconds * 1000000ll;
    return 0;
}

static struct call *make_call(const char *api) {
    struct call *call = calloc(1, sizeof *call);
    CURL *easy = call->easy = curl_easy_init();
    CURLU *url = curl_url();
    // What has an option of its own (CURLOPT_USERAGENT) is formatted twice for each request.
    struct curl_slist *headers = curl_slist_append(NULL, "User-Agent: peer-lookup");
    headers = curl_slist_append(headers, "Accept-Encoding: gzip");
    headers = curl_slist_append(headers, "Accept: application/json");
    if (!easy || !url || curl_url_set(url, CURLUPART_URL, api, 0)) die("no handle, or a bad --api");
    check(curl_easy_setopt(easy, CURLOPT_CURLU, url));
    check(curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L));
    check(curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L));
    check(curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L));
    check(curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1));
    check(curl_easy_setopt(easy, CURLOPT_PROXY, ""));
    check(curl_easy_setopt(easy, CURLOPT_NOPROXY, "*"));
    check(curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ""));
    check(curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers));
    check(curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 5000L));
    check(curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 10000L));
    check(curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body));
    check(curl_easy_setopt(easy, CURLOPT_WRITEDATA, call));
    check(curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close));
    check(curl_easy_setopt(easy, CURLOPT_PRIVATE, call));
    return call;
}

static void start(rd_kafka_message_t *message) {
    static const char prefix[] = "/notifications/v1/integrations/";
    struct call *call = idle[--idle_count];
    call->message = message;
    call->token = peer_accept(&peer, message);
    call->body.length = 0;
    char target[PATH_LENGTH];
    // Ids of unreserved characters only: nothing is to be escaped.
    if (!json_string_member(message_value(message), SLICE("integration_id"), &call->id)) die("a request has no id");
    if (call->id.length + sizeof prefix > sizeof target) die("an id is too long");
    memcpy(target, prefix, sizeof prefix - 1);
    memcpy(target + sizeof prefix - 1, call->id.bytes, call->id.length);
    target[sizeof prefix - 1 + call->id.length] = 0;
    check(curl_easy_setopt(call->easy, CURLOPT_REQUEST_TARGET, target));
    if (curl_multi_add_handle(multi, call->easy)) die("libcurl takes no further transfer");
}

static void finish(struct call *call, CURLcode code) {
    long status = 0;
    check(code);
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    struct slice id = {0}, document = buffer_slice(&call->body);
    if (status != 200) die("the API answered %ld", status);
    if (!json_string_member(document, SLICE("id"), &id) || !slice_equal(id, call->id)) die("not the document that was asked for");
    struct curl_header *header;
    struct slice request_id = SLICE("");
    if (!curl_easy_header(call->easy, "x-request-id", 0, CURLH_HEADER, -1, &header)) request_id = slice_of(header->value);
    static struct buffer head;
    head.length = 0;
    result_head(&head, document, call->id, request_id);
    curl_multi_remove_handle(multi, call->easy);
    result_write(&result, buffer_slice(&head), SLICE("api"), 1, call->message);
    peer_send(&peer, peer.integrations, message_key(call->message), buffer_slice(&result.value),
              result_headers(&result, call->message, call->id, NULL), rd_kafka_message_timestamp(call->message, NULL), call->token);
    rd_kafka_message_destroy(call->message);
    idle[idle_count++] = call;
}

static void collect(void) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg != CURLMSG_DONE) continue;
        struct call *call;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
        finish(call, message->data.result);
    }
}

// Starts what there is room for.
static void fill(void) {
    rd_kafka_message_t *messages[BATCH];
    while (idle_count) {
        size_t count = peer_receive(&peer, messages, idle_count < BATCH ? (size_t)idle_count : BATCH, 0);
        if (!count) return;
        for (size_t i = 0; i < count; i++) start(messages[i]);
    }
}

static void serve(int wake, struct epoll_event *events, int count) {
    int running;
    for (int i = 0; i < count; i++) {
        int fd = events[i].data.fd;
        if (fd == wake) {
            uint64_t value;
            (void)!read(wake, &value, sizeof value);
        } else if (watches[fd].wanted) {
            int what = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0)
                | (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
            curl_multi_socket_action(multi, fd, what, &running);
        } else {
            // Nobody waits for it: its other end has closed it. libcurl sees that when it wants to use it.
            epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
            watches[fd].registered = 0;
        }
    }
    if (timer >= 0 && timer <= clock_monotonic()) {
        timer = -1;
        curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

// At most 100 ms: the producer's reports and the commits want their turn.
static int wait_ms(void) {
    if (timer < 0) return 100;
    int64_t left = (timer - clock_monotonic() + 999999) / 1000000;
    return left < 0 ? 0 : left > 100 ? 100 : (int)left;
}

int main(int argc, char **argv) {
    struct arguments arguments = arguments_parse(argc, argv);
    arguments_need(arguments.api, "--api");
    curl_global_init(CURL_GLOBAL_ALL);
    multi = curl_multi_init();
    epoll = epoll_create1(EPOLL_CLOEXEC);
    int wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)arguments.in_flight + 8);
    idle = calloc((size_t)arguments.in_flight, sizeof *idle);
    while (idle_count < arguments.in_flight) idle[idle_count++] = make_call(arguments.api);
    peer_open(&peer, arguments);
    result_open(&result, arguments.requests, arguments.group);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = wake}, events[128];
    epoll_ctl(epoll, EPOLL_CTL_ADD, wake, &event);
    uint64_t one = 1;
    rd_kafka_queue_io_event_enable(peer.queue, wake, &one, sizeof one);
    while (!peer_is_done(&peer)) {
        fill();
        serve(wake, events, epoll_wait(epoll, events, 128, wait_ms()));
        collect();
        peer_tick(&peer);
    }
    curl_multi_cleanup(multi);
    peer_close(&peer);
}
