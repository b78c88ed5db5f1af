/* SPDX-License-Identifier: MIT */
#include "server.h"

#include "common/json.h"
#include "common/limits.h"
#include "connections.h"
#include "gzip.h"
#include "listen.h"
#include "routes.h"
#include "write_mediasoup/page/page.h"
#include "write_mediasoup/receive.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
  /* What RLIMIT_NOFILE usually leaves us half of. Before they are so many, some make room; the rest of the places is
     for those that are leaving. */
  CONNECTIONS_MAX = 512,
  CONNECTIONS_KEPT = 448,
  /* Without a byte in either direction: who asks, or reads an answer, may be busy for a while. */
  IDLE_SECONDS = 20,
  /* A view keeps its rows, and so the memory of a whole interval's, as long as somebody reads it: not many of them, and
     not forever. */
  ANSWERS_MAX = 32,
  ANSWER_SECONDS = 120,
  /* A request's line and headers: 431 to more. */
  HEADERS_MAX_BYTES = 32 * 1024,
  /* How much of a view is made at once: small, so that connections take turns. With 32 KiB an answer takes a fifth
     longer. */
  PIECE_BYTES = 128 * 1024,
  /* A piece passes through it whole, and what MHD keeps of the request. To headers that do not fit MHD answers 431. */
  CONNECTION_MEMORY = PIECE_BYTES + HEADERS_MAX_BYTES,
};

struct http {
  struct MHD_Daemon *daemon;
  store_t *store;
  char *socket;
  listener_t listener;
  connections_t connections;
  char *receive_path;
  char *token;
  char *user;
  char *password;
  void (*complain)(const char *complaint);
  unsigned refused; /* the status of the last POST that was refused; 0 after one that was taken */
};

/* A request under way: the body of a POST. */
typedef struct {
  buffer_t body;
} request_t;

static double seconds(clockid_t clock) {
  struct timespec now = {0};
  (void)clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const char *header(struct MHD_Connection *connection, const char *name) {
  const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value != NULL ? value : "";
}

/* --- answers as MHD's responses --- */

/* A view on its way. */
typedef struct {
  view_t *view;
  gzip_t *gzip; /* NULL: as it is. Has the view */
  double end;   /* in steady seconds */
} body_t;

static void body_free(void *context) {
  body_t *body = context;
  if (body->gzip != NULL)
    gzip_free(body->gzip);
  else
    view_free(body->view);
  free(body);
}

/* Takes over the view; NULL when out of memory. */
static body_t *body_new(view_t *view, bool compressed) {
  body_t *body = calloc(1, sizeof(*body));
  if (body == NULL) {
    view_free(view);
    return NULL;
  }
  *body = (body_t){.view = view, .end = seconds(CLOCK_MONOTONIC) + ANSWER_SECONDS};
  body->gzip = compressed ? gzip_new(view) : NULL;
  return body;
}

static ssize_t read_body(void *context, uint64_t position, char *bytes, size_t size) {
  body_t *body = context;
  (void)position;
  if (seconds(CLOCK_MONOTONIC) > body->end)
    return MHD_CONTENT_READER_END_WITH_ERROR;
  ssize_t length = body->gzip != NULL ? gzip_read(body->gzip, bytes, size) : view_read(body->view, bytes, size);
  return length > 0 ? length : length == 0 ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
}

/* Takes over the view. */
static struct MHD_Response *respond_with_view(struct MHD_Connection *connection, view_t *view, bool is_head) {
  if (is_head) { /* libmicrohttpd ends a body of unknown length even where there is none to send */
    view_free(view);
    return MHD_create_response_from_buffer(0, (char[]){""}, MHD_RESPMEM_MUST_COPY);
  }
  body_t *body = body_new(view, strstr(header(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING), "gzip") != NULL);
  struct MHD_Response *response =
      body != NULL ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE_BYTES, read_body, body, body_free)
                   : NULL;
  if (response == NULL && body != NULL)
    body_free(body);
  else if (body != NULL && body->gzip != NULL)
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
  return response;
}

static struct MHD_Response *respond_with_error(const char *error) {
  buffer_t body = BUFFER_INIT(8 * sizeof(((answer_t *)NULL)->error));
  buffer_append_text(&body, "{\"error\":");
  if (json_is_utf8(error, strlen(error)))
    json_append_string(&body, error, strlen(error));
  else
    buffer_append_text(&body, "\"the request is not UTF-8\"");
  buffer_append_text(&body, "}\n");
  struct MHD_Response *response = buffer_status(&body) == STATUS_OK
                                      ? MHD_create_response_from_buffer(body.length, body.data, MHD_RESPMEM_MUST_COPY)
                                      : NULL;
  buffer_done(&body);
  return response;
}

static struct MHD_Response *respond_with_text(const answer_t *answer) {
  if (answer->text == NULL)
    return MHD_create_response_from_buffer(strlen(answer->made), (char *)(uintptr_t)answer->made,
                                           MHD_RESPMEM_MUST_COPY);
  return MHD_create_response_from_buffer(answer->text_length, (char *)(uintptr_t)answer->text, MHD_RESPMEM_PERSISTENT);
}

/* Sends the answer; takes over its view. */
static enum MHD_Result send_answer(struct MHD_Connection *connection, answer_t *answer, bool is_head) {
  char tag[32] = "";
  if (answer->view != NULL)
    (void)snprintf(tag, sizeof(tag), "W/\"%016" PRIx64 "\"", view_version(answer->view));
  if (tag[0] != '\0' && strstr(header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH), tag) != NULL) {
    view_free(answer->view);
    *answer = (answer_t){.status = MHD_HTTP_NOT_MODIFIED, .content_type = answer->content_type, .text = ""};
  }
  struct MHD_Response *response = answer->view != NULL       ? respond_with_view(connection, answer->view, is_head)
                                  : answer->error[0] != '\0' ? respond_with_error(answer->error)
                                                             : respond_with_text(answer);
  if (response == NULL)
    return MHD_NO;
  (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type);
  (void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
  (void)MHD_add_response_header(response, MHD_HTTP_HEADER_VARY,
                                answer->by_accept ? "Accept, Accept-Encoding" : "Accept-Encoding");
  if (tag[0] != '\0')
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, tag);
  if (answer->is_page)
    (void)MHD_add_response_header(response, "Content-Security-Policy", page_policy);
  if (answer->status == MHD_HTTP_METHOD_NOT_ALLOWED)
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
  if (answer->status == MHD_HTTP_UNAUTHORIZED)
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Basic realm=\"write_mediasoup\"");
  enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
  MHD_destroy_response(response);
  return result;
}

/* --- requests --- */

static enum MHD_Result on_parameter(void *context, enum MHD_ValueKind kind, const char *key, const char *value) {
  (void)kind;
  asking_add(context, key, value != NULL ? value : "");
  return MHD_YES;
}

/* Takes as long whatever the two differ in, so that no secret is found letter by letter. */
static bool is_same_secret(const char *secret, const char *given) {
  size_t length = strlen(secret), given_length = strlen(given);
  unsigned char difference = length == given_length ? 0 : 1;
  for (size_t i = 0; i < given_length; i++)
    difference |= (unsigned char)(given[i] ^ secret[length > 0 ? i % length : 0]);
  return difference == 0;
}

static bool has_password(const http_t *http, struct MHD_Connection *connection) {
  char *password = NULL;
  char *user = http->user != NULL ? MHD_basic_auth_get_username_password(connection, &password) : NULL;
  bool same_user = user != NULL && is_same_secret(http->user, user);
  bool same_password = password != NULL && http->password != NULL && is_same_secret(http->password, password);
  MHD_free(user);
  MHD_free(password);
  return same_user && same_password;
}

static bool is_authorized(const http_t *http, struct MHD_Connection *connection) {
  static const char bearer[] = "Bearer ";
  const char *given = header(connection, MHD_HTTP_HEADER_AUTHORIZATION);
  bool has_token = http->token != NULL && strncmp(given, bearer, sizeof(bearer) - 1) == 0 &&
                   is_same_secret(http->token, given + sizeof(bearer) - 1);
  return has_token || has_password(http, connection);
}

/* Who posts seldom looks at the answer. */
static void tell_refusal(http_t *http, const answer_t *answer) {
  unsigned refused = answer->status == MHD_HTTP_OK ? 0 : answer->status;
  char complaint[sizeof(answer->error) + 40];
  bool is_new = refused != 0 && refused != http->refused;
  http->refused = refused;
  if (!is_new)
    return;
  (void)snprintf(complaint, sizeof(complaint), "a POST was refused: %s", answer->error);
  http->complain(complaint);
}

static void answer_post(http_t *http, struct MHD_Connection *connection, const request_t *request, answer_t *answer) {
  static const char taken_text[] = "{\"status\":\"ok\"}\n";
  failure_t failure = {0};
  size_t taken;
  if (!is_authorized(http, connection))
    answer_error(answer, MHD_HTTP_UNAUTHORIZED, "the token, or user and password, are missing or wrong");
  else if (buffer_status(&request->body) != STATUS_OK)
    answer_error(answer, MHD_HTTP_CONTENT_TOO_LARGE, "the body is larger than %d bytes: lower write_http's BufferSize",
                 (int)RECEIVE_MAX_BYTES);
  else if (receive(http->store, buffer_text(&request->body), request->body.length, seconds(CLOCK_REALTIME), &taken,
                   &failure) != STATUS_OK)
    answer_error(answer, MHD_HTTP_BAD_REQUEST, "%s", failure.cause);
  else
    *answer = (answer_t){.status = MHD_HTTP_OK,
                         .content_type = "application/json",
                         .text = taken_text,
                         .text_length = sizeof(taken_text) - 1};
  tell_refusal(http, answer);
}

static void answer_get(http_t *http, struct MHD_Connection *connection, const char *url, answer_t *answer) {
  asking_t asking;
  asking_begin(&asking, url, header(connection, MHD_HTTP_HEADER_ACCEPT));
  (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, on_parameter, &asking);
  asking_end(&asking, http->store, seconds(CLOCK_REALTIME));
  *answer = asking.answer;
}

static bool has_huge_headers(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return info != NULL && info->header_size > HEADERS_MAX_BYTES;
}

static bool is_reading(const char *method) {
  return strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
}

static connection_t *connection_of(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info != NULL ? info->socket_context : NULL;
}

static enum MHD_Result answer_request(http_t *http, struct MHD_Connection *connection, const char *url,
                                      const char *method, const request_t *request) {
  answer_t answer;
  connections_answer(&http->connections, connection_of(connection), ANSWERS_MAX, seconds(CLOCK_MONOTONIC));
  if (has_huge_headers(connection))
    answer_error(&answer, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers are larger than %d bytes",
                 (int)HEADERS_MAX_BYTES);
  else if (!listener_accepts(&http->listener, header(connection, MHD_HTTP_HEADER_HOST)))
    answer_error(&answer, MHD_HTTP_FORBIDDEN,
                 "this address is served by the names localhost, 127.0.0.1, [::1] and its own only, not \"%.100s\"",
                 header(connection, MHD_HTTP_HEADER_HOST));
  else if (is_reading(method))
    answer_get(http, connection, url, &answer);
  else if (strcmp(method, MHD_HTTP_METHOD_POST) == 0 && http->receive_path != NULL &&
           strcmp(url, http->receive_path) == 0)
    answer_post(http, connection, request, &answer);
  else
    answer_error(&answer, MHD_HTTP_METHOD_NOT_ALLOWED, "%.20s is not for this; use GET or HEAD", method);
  return send_answer(connection, &answer, strcmp(method, MHD_HTTP_METHOD_HEAD) == 0);
}

/* One that may not post, or not there, makes us keep nothing of what it sends. */
static bool may_post(const http_t *http, struct MHD_Connection *connection, const char *url, const char *method) {
  return http->receive_path != NULL && strcmp(method, MHD_HTTP_METHOD_POST) == 0 &&
         strcmp(url, http->receive_path) == 0 && is_authorized(http, connection);
}

/* Called with the headers, then with each piece of the body, then at its end. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *body, size_t *body_length, void **state) {
  http_t *http = context;
  request_t *request = *state;
  (void)version;
  if (request == NULL) {
    request = calloc(1, sizeof(*request));
    if (request == NULL)
      return MHD_NO;
    request->body = (buffer_t)BUFFER_INIT(may_post(http, connection, url, method) ? RECEIVE_MAX_BYTES : 0);
    *state = request;
    return MHD_YES;
  }
  if (*body_length == 0)
    return answer_request(http, connection, url, method, request);
  buffer_append(&request->body, body, *body_length);
  *body_length = 0;
  return MHD_YES;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code) {
  http_t *http = context;
  request_t *request = *state;
  connections_wait(&http->connections, connection_of(connection), seconds(CLOCK_MONOTONIC));
  (void)code;
  if (request != NULL)
    buffer_done(&request->body);
  free(request);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode code) {
  http_t *http = context;
  if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
    connections_remove(&http->connections, *state);
    *state = NULL;
    return;
  }
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (info != NULL)
    *state = connections_add(&http->connections, info->connect_fd, CONNECTIONS_KEPT, seconds(CLOCK_MONOTONIC));
}

/* --- life --- */

static char *copy(const char *text) { return text != NULL ? strdup(text) : NULL; }

/* Whether all that was given could be copied. */
static MUST_CHECK bool copy_options(http_t *http, const http_options_t *options) {
  http->complain = options->complain;
  http->socket = copy(options->socket);
  http->receive_path = copy(options->receive_path);
  http->token = copy(options->token);
  http->user = copy(options->user);
  http->password = copy(options->password);
  return (http->socket != NULL) == (options->socket != NULL) &&
         (http->receive_path != NULL) == (options->receive_path != NULL) &&
         (http->token != NULL) == (options->token != NULL) && (http->user != NULL) == (options->user != NULL) &&
         (http->password != NULL) == (options->password != NULL);
}

static MUST_CHECK status_t start_daemon(http_t *http, failure_t *failure) {
  http->daemon =
      MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, on_request, http, MHD_OPTION_LISTEN_SOCKET,
                       http->listener.descriptor, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                       MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                       (size_t)CONNECTION_MEMORY, MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
                       MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_END);
  if (http->daemon != NULL)
    return STATUS_OK;
  (void)close(http->listener.descriptor);
  return failure_set(failure, STATUS_LISTEN, "libmicrohttpd does not start");
}

status_t http_start(const http_options_t *options, store_t *store, http_t **result, failure_t *failure) {
  http_t *http = calloc(1, sizeof(*http));
  if (http == NULL)
    return failure_no_memory(failure);
  http->store = store;
  status_t status = copy_options(http, options)
                        ? listen_at(options->socket, options->address, options->port, &http->listener, failure)
                        : failure_no_memory(failure);
  if (status == STATUS_OK)
    status = start_daemon(http, failure);
  if (status == STATUS_OK)
    *result = http;
  else
    http_stop(http);
  return status;
}

void http_stop(http_t *http) {
  if (http == NULL)
    return;
  if (http->daemon != NULL)
    MHD_stop_daemon(http->daemon); /* closes the socket */
  if (http->daemon != NULL && http->socket != NULL)
    (void)unlink(http->socket);
  free(http->socket);
  free(http->receive_path);
  free(http->token);
  free(http->user);
  free(http->password);
  free(http);
}
