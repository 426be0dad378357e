#pragma once
#include <curl/curl.h>

// Variadic functions are not imported: one function for each type of argument.
static inline CURLcode ib_curl_set_long(CURL *e, CURLoption o, long v) { return curl_easy_setopt(e, o, v); }
static inline CURLcode ib_curl_set_offset(CURL *e, CURLoption o, curl_off_t v) { return curl_easy_setopt(e, o, v); }
static inline CURLcode ib_curl_set_string(CURL *e, CURLoption o, const char *v) { return curl_easy_setopt(e, o, v); }
static inline CURLcode ib_curl_set_pointer(CURL *e, CURLoption o, const void *v) { return curl_easy_setopt(e, o, v); }
typedef size_t (*ib_curl_write)(char *, size_t, size_t, void *);
static inline CURLcode ib_curl_set_write(CURL *e, ib_curl_write f) {
    return curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, f);
}
static inline CURLcode ib_curl_set_header(CURL *e, ib_curl_write f) {
    return curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, f);
}
static inline CURLcode ib_curl_set_curlu(CURL *e, CURLU *u) { return curl_easy_setopt(e, CURLOPT_CURLU, u); }
static inline long ib_curl_status(CURL *e) {
    long v = 0;
    curl_easy_getinfo(e, CURLINFO_RESPONSE_CODE, &v);
    return v;
}
static inline void *ib_curl_private(CURL *e) {
    char *v = 0;
    curl_easy_getinfo(e, CURLINFO_PRIVATE, &v);
    return v;
}
static inline CURLMcode ib_curl_multi_set_long(CURLM *m, CURLMoption o, long v) { return curl_multi_setopt(m, o, v); }
static inline CURLcode ib_curl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
static inline CURL *ib_curl_next_done(CURLM *m, CURLcode *result) {
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(m, &left))) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return 0;
}
