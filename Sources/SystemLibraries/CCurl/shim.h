#ifndef MIXPACK_CCurl_SHIM_H
#define MIXPACK_CCurl_SHIM_H
#include <curl/curl.h>
#include <fcntl.h>

// curl_easy_setopt takes any type, which Swift cannot call: one function for each type that is needed.

static inline CURLcode mixpack_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode mixpack_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode mixpack_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode mixpack_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode mixpack_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*mixpack_curl_data)(char *bytes, size_t size, size_t count, void *context);
typedef int (*mixpack_curl_progress)(
    void *context, curl_off_t total_down, curl_off_t down, curl_off_t total_up, curl_off_t up);

static inline CURLcode mixpack_curl_set_data(CURL *handle, CURLoption option, mixpack_curl_data callback) {
    return curl_easy_setopt(handle, option, callback);
}

static inline CURLcode mixpack_curl_set_progress(CURL *handle, mixpack_curl_progress callback) {
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, callback);
}

static inline int mixpack_curl_hide(void *context, curl_socket_t socket, curlsocktype purpose) {
    fcntl(socket, F_SETFD, FD_CLOEXEC);
    return CURL_SOCKOPT_OK;
}

// Keeps a connection from programs that are started meanwhile: with a copy of it they would hold it open.
static inline CURLcode mixpack_curl_hide_sockets(CURL *handle) {
    return curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, mixpack_curl_hide);
}

static inline long mixpack_curl_status(CURL *handle) {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
}
#endif
