/* SPDX-License-Identifier: MIT */
#include "fetch.h"

#include "common/buffer.h"
#include "common/limits.h"
#include "common/secret_file.h"
#include "tls_failure.h"
#include "url.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  POLL_MILLISECONDS = 1000,
  HTTP_OK = 200,
  HTTP_UNAUTHORIZED = 401,
  /* Bytes that are read at once: about what the kernel buffers for a Unix socket. */
  RECEIVE_BYTES = 256 * 1024
};

struct fetch {
  CURL *curl;
  char *where;                /* the socket's path or the URL, for messages */
  char *token_file, *ca_file; /* see trust_t */
  long timeout_milliseconds;
  fetch_body_t on_body;
  void *context;

  /* of the last fetch, or the one under way */
  bool ended;
  size_t taken;               /* bytes of the body */
  char said[CURL_ERROR_SIZE]; /* by libcurl, of a failure */
  buffer_t error_body;        /* the beginning of the body of an HTTP error */
  failure_t failure;
};

/* --- while it runs --- */

static MUST_CHECK status_t take(fetch_t *fetch, const char *bytes, size_t length) {
  fetch->taken += length;
  if (fetch->taken > SNAPSHOT_MAX_BYTES)
    return failure_set(&fetch->failure, STATUS_TOO_LARGE, "the answer is larger than %d bytes", SNAPSHOT_MAX_BYTES);
  return fetch->on_body(fetch->context, bytes, length, &fetch->failure);
}

static size_t on_write(char *bytes, size_t size, size_t count, void *context) {
  fetch_t *fetch = context;
  size_t length = size * count;
  long code = 0;
  (void)curl_easy_getinfo(fetch->curl, CURLINFO_RESPONSE_CODE, &code);
  if (code != HTTP_OK) {
    size_t room = fetch->error_body.maximum - fetch->error_body.length;
    buffer_append(&fetch->error_body, bytes, length < room ? length : room);
    return length;
  }
  status_t status = take(fetch, bytes, length);
  if (status == STATUS_OK)
    return length;
  fetch->failure.status = status; /* the receiver may fail without a cause */
  return CURL_WRITEFUNC_ERROR;
}

/* --- what became of it --- */

/* A server of TLS that is spoken to in clear text says nothing. */
static void set_closed(fetch_t *fetch) {
  bool may_want_tls = fetch->taken == 0 && url_is_http(fetch->where);
  failure_set(&fetch->failure, STATUS_CLOSED, "%s closed the connection after %zu bytes of its answer%s", fetch->where,
              fetch->taken, may_want_tls ? " (where it speaks TLS, URL begins with https://)" : "");
}

/* Who can open no more files closes a connection as soon as it is there, or before; and curl may find it closed without
 * an error of the system's. */
static void set_connect_failure(fetch_t *fetch, CURLcode code) {
  long number = 0;
  char text[128];
  (void)curl_easy_getinfo(fetch->curl, CURLINFO_OS_ERRNO, &number);
  if (number == ECONNRESET || (number == 0 && code == CURLE_COULDNT_CONNECT)) {
    set_closed(fetch);
    return;
  }
  failure_set(&fetch->failure, number == ENOENT ? STATUS_NO_SOCKET : STATUS_REFUSED, "cannot connect to %s: %s",
              fetch->where, number != 0 ? strerror_r((int)number, text, sizeof(text)) : curl_easy_strerror(code));
}

static bool set_tls_failure(fetch_t *fetch, CURLcode code) {
  tls_outcome_t outcome = {.code = code, .said = fetch->said, .where = fetch->where, .ca_file = fetch->ca_file};
  (void)curl_easy_getinfo(fetch->curl, CURLINFO_SSL_VERIFYRESULT, &outcome.verification);
  return tls_failure_set(&fetch->failure, &outcome);
}

static void set_transfer_failure(fetch_t *fetch, CURLcode code) {
  if (set_tls_failure(fetch, code))
    return;
  switch (code) {
  case CURLE_COULDNT_CONNECT:
  case CURLE_COULDNT_RESOLVE_HOST:
    set_connect_failure(fetch, code);
    break;
  case CURLE_OPERATION_TIMEDOUT:
    failure_set(&fetch->failure, STATUS_TIMEOUT, "%s did not answer within %g s; %zu bytes came", fetch->where,
                (double)fetch->timeout_milliseconds / 1000, fetch->taken);
    break;
  case CURLE_GOT_NOTHING:
  case CURLE_PARTIAL_FILE:
  case CURLE_RECV_ERROR:
  case CURLE_SEND_ERROR:
    set_closed(fetch);
    break;
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_WEIRD_SERVER_REPLY:
    failure_set(&fetch->failure, STATUS_NOT_HTTP, "the program that listens at %s does not speak HTTP", fetch->where);
    break;
  case CURLE_OUT_OF_MEMORY:
    (void)failure_no_memory(&fetch->failure);
    break;
  default:
    failure_set(&fetch->failure, STATUS_CLOSED, "%s: %s", fetch->where, curl_easy_strerror(code));
  }
}

static void set_http_failure(fetch_t *fetch, long code) {
  failure_set(&fetch->failure, code == HTTP_UNAUTHORIZED ? STATUS_REJECTED : STATUS_HTTP,
              "%s answered with HTTP status %ld%s%s", fetch->where, code, fetch->error_body.length > 0 ? ": " : "",
              buffer_text(&fetch->error_body));
}

static void conclude(fetch_t *fetch, CURLcode code) {
  long http = 0;
  fetch->ended = true;
  if (fetch->failure.status != STATUS_OK)
    return; /* the receiver said why */
  if (code != CURLE_OK) {
    set_transfer_failure(fetch, code);
    return;
  }
  (void)curl_easy_getinfo(fetch->curl, CURLINFO_RESPONSE_CODE, &http);
  if (http != HTTP_OK)
    set_http_failure(fetch, http);
}

/* --- making one --- */

static bool set_trust(fetch_t *fetch, const trust_t *trust) {
  CURL *curl = fetch->curl;
  fetch->token_file = trust->token_file != NULL ? strdup(trust->token_file) : NULL;
  fetch->ca_file = trust->ca_file != NULL ? strdup(trust->ca_file) : NULL;
  return (fetch->token_file != NULL) == (trust->token_file != NULL) &&
         (fetch->ca_file != NULL) == (trust->ca_file != NULL) &&
         (fetch->ca_file == NULL || curl_easy_setopt(curl, CURLOPT_CAINFO, fetch->ca_file) == CURLE_OK) &&
         curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, trust->takes_any_signature ? 0L : 1L) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, trust->takes_any_name ? 0L : 2L) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fetch->said) == CURLE_OK;
}

static bool set_options(fetch_t *fetch, const fetch_options_t *options) {
  CURL *curl = fetch->curl;
  return curl_easy_setopt(curl, CURLOPT_URL, options->url) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, options->socket) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, options->timeout_milliseconds) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
         /* Signals belong to the host process. */
         curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
         /* A host name that takes long to resolve must not hold up the end of the fetch beyond its timeout. */
         curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
         /* A new connection takes microseconds. An old one may lead to an application that has restarted since. */
         curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, (long)RECEIVE_BYTES) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_USERAGENT, "collectd-mediasoup") == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_write) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetch) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_PRIVATE, fetch) == CURLE_OK;
}

/* For messages: the socket's path, or the URL without its query. */
static char *name_of(const fetch_options_t *options) {
  return options->socket != NULL ? strdup(options->socket) : strndup(options->url, strcspn(options->url, "?"));
}

fetch_t *fetch_new(const fetch_options_t *options) {
  fetch_t *fetch = calloc(1, sizeof(*fetch));
  if (fetch == NULL)
    return NULL;
  fetch->timeout_milliseconds = options->timeout_milliseconds;
  fetch->on_body = options->on_body;
  fetch->context = options->context;
  fetch->error_body = (buffer_t)BUFFER_INIT(HTTP_ERROR_SHOWN);
  fetch->where = name_of(options);
  fetch->curl = curl_easy_init();
  if (fetch->where != NULL && fetch->curl != NULL && set_options(fetch, options) && set_trust(fetch, &options->trust))
    return fetch;
  fetch_free(fetch);
  return NULL;
}

void fetch_free(fetch_t *fetch) {
  if (fetch == NULL)
    return;
  if (fetch->curl != NULL)
    curl_easy_cleanup(fetch->curl);
  buffer_done(&fetch->error_body);
  free(fetch->where);
  free(fetch->token_file);
  free(fetch->ca_file);
  free(fetch);
}

status_t fetch_set_url(fetch_t *fetch, const char *url) {
  return curl_easy_setopt(fetch->curl, CURLOPT_URL, url) == CURLE_OK ? STATUS_OK : STATUS_NO_MEMORY;
}

/* --- running them --- */

/* The token is read anew for each fetch, so that it can be changed while collectd runs. */
static MUST_CHECK status_t set_token(fetch_t *fetch) {
  char token[SECRET_MAX + 1];
  if (fetch->token_file == NULL)
    return STATUS_OK;
  status_t status = secret_file_read("TokenFile", fetch->token_file, token, &fetch->failure);
  if (status == STATUS_OK && (curl_easy_setopt(fetch->curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER) != CURLE_OK ||
                              curl_easy_setopt(fetch->curl, CURLOPT_XOAUTH2_BEARER, token) != CURLE_OK))
    status = failure_no_memory(&fetch->failure);
  explicit_bzero(token, sizeof(token));
  return status;
}

static void begin(CURLM *multi, fetch_t *fetch) {
  fetch->ended = false;
  fetch->taken = 0;
  buffer_clear(&fetch->error_body);
  fetch->said[0] = '\0';
  fetch->failure = (failure_t){.status = STATUS_OK};
  if (set_token(fetch) != STATUS_OK)
    return;
  if (multi == NULL || curl_multi_add_handle(multi, fetch->curl) != CURLM_OK)
    (void)failure_no_memory(&fetch->failure);
}

static void collect_results(CURLM *multi) {
  int left;
  for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
    char *fetch = NULL;
    if (message->msg == CURLMSG_DONE && curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &fetch) == CURLE_OK)
      conclude((fetch_t *)(void *)fetch, message->data.result);
  }
}

static bool is_stopped(const volatile sig_atomic_t *stop) { return stop != NULL && *stop != 0; }

/* Runs until all have ended, at their timeouts at the latest, or until it is stopped. */
static CURLMcode run(CURLM *multi, const volatile sig_atomic_t *stop) {
  int running = 1;
  CURLMcode code = CURLM_OK;
  while (code == CURLM_OK && running > 0 && !is_stopped(stop)) {
    code = curl_multi_perform(multi, &running);
    collect_results(multi);
    if (code == CURLM_OK && running > 0)
      code = curl_multi_poll(multi, NULL, 0, POLL_MILLISECONDS, NULL);
  }
  return code;
}

/* What became of a fetch that has no result of its own. */
static void conclude_without_result(fetch_t *fetch, CURLMcode code) {
  if (fetch->failure.status != STATUS_OK)
    return;
  if (code != CURLM_OK)
    failure_set(&fetch->failure, STATUS_CLOSED, "%s: %s", fetch->where, curl_multi_strerror(code));
  else if (!fetch->ended)
    failure_set(&fetch->failure, STATUS_CLOSED, "collectd stopped before %s answered", fetch->where);
}

void fetch_all(fetch_t *const *fetches, size_t length, const volatile sig_atomic_t *stop) {
  CURLM *multi = curl_multi_init();
  for (size_t i = 0; i < length; i++)
    begin(multi, fetches[i]);
  CURLMcode code = multi != NULL ? run(multi, stop) : CURLM_OUT_OF_MEMORY;
  for (size_t i = 0; i < length; i++) {
    conclude_without_result(fetches[i], code);
    if (multi != NULL)
      (void)curl_multi_remove_handle(multi, fetches[i]->curl);
  }
  if (multi != NULL)
    (void)curl_multi_cleanup(multi);
}

status_t fetch_status(const fetch_t *fetch, const failure_t **failure) {
  *failure = &fetch->failure;
  return fetch->failure.status;
}

double fetch_seconds(const fetch_t *fetch) {
  double seconds = 0;
  (void)curl_easy_getinfo(fetch->curl, CURLINFO_TOTAL_TIME, &seconds);
  return seconds;
}
