#include "http.h"

#include "answer.h"
#include "common/json.h"
#include "common/limits.h"
#include "gzip.h"
#include "page.h"
#include "receive.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
  /* Each waits for at most so long without a byte; more than so many wait in the kernel's queue for their turn. */
  CONNECTIONS_MAX = 512,
  IDLE_SECONDS = 5,
  /* A request's line and headers. MHD answers 431 to more. */
  CONNECTION_MEMORY = 32 * 1024,
  /* How much of a view is made at once: small, so that connections take turns. */
  PIECE_BYTES = 32 * 1024,
  SOCKET_BACKLOG = 1024,
  SOCKET_MODE = 0660,
};

struct http {
  struct MHD_Daemon *daemon;
  store_t *store;
  char *socket;
  bool loopback;
  char *receive_path;
  char *token;
  char *user;
  char *password;
};

/* A request under way: the body of a POST. */
typedef struct {
  buffer_t body;
  status_t status; /* of taking it */
} request_t;

static double now_seconds(void) {
  struct timespec now = {0};
  (void)clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const char *header(struct MHD_Connection *connection, const char *name) {
  const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value != NULL ? value : "";
}

/* --- answers as MHD's responses --- */

static ssize_t read_plain(void *context, uint64_t position, char *bytes, size_t size) {
  (void)position;
  ssize_t length = view_read(context, bytes, size);
  return length > 0 ? length : length == 0 ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void free_view(void *view) { view_free(view); }

static ssize_t read_gzip(void *context, uint64_t position, char *bytes, size_t size) {
  (void)position;
  ssize_t length = gzip_read(context, bytes, size);
  return length > 0 ? length : length == 0 ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void free_gzip(void *gzip) { gzip_free(gzip); }

/* Takes over the view. */
static struct MHD_Response *respond_with_view(struct MHD_Connection *connection, view_t *view, bool is_head) {
  if (is_head) { /* libmicrohttpd ends a body of unknown length even where there is none to send */
    view_free(view);
    return MHD_create_response_from_buffer(0, (char[]){""}, MHD_RESPMEM_MUST_COPY);
  }
  bool compressed = strstr(header(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING), "gzip") != NULL;
  gzip_t *gzip = compressed ? gzip_new(view) : NULL;
  struct MHD_Response *response =
      gzip != NULL ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE_BYTES, read_gzip, gzip, free_gzip)
                   : MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE_BYTES, read_plain, view, free_view);
  if (response == NULL && gzip != NULL)
    gzip_free(gzip);
  else if (response == NULL)
    view_free(view);
  else if (gzip != NULL)
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
  return response;
}

static struct MHD_Response *respond_with_error(const char *error) {
  buffer_t body = BUFFER_INIT(8 * sizeof(((answer_t *)NULL)->error));
  status_t status = buffer_append_text(&body, "{\"error\":");
  if (status == STATUS_OK && json_append_string(&body, error, strlen(error)) != STATUS_OK) {
    buffer_clear(&body); /* what was asked for is not UTF-8 */
    status = buffer_append_text(&body, "{\"error\":\"the request is not UTF-8\"");
  }
  if (status == STATUS_OK)
    status = buffer_append_text(&body, "}\n");
  struct MHD_Response *response =
      status == STATUS_OK ? MHD_create_response_from_buffer(body.length, body.data, MHD_RESPMEM_MUST_COPY) : NULL;
  buffer_done(&body);
  return response;
}

static struct MHD_Response *respond_with_text(const answer_t *answer) {
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

/* A page of somewhere else, whose name was made to resolve to this machine, sends that name. */
static bool names_loopback(const char *host) {
  static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    size_t length = strlen(names[i]);
    if (strncasecmp(host, names[i], length) == 0 && (host[length] == '\0' || host[length] == ':'))
      return true;
  }
  return false;
}

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

static void answer_post(http_t *http, struct MHD_Connection *connection, const request_t *request, answer_t *answer) {
  static const char taken_text[] = "{\"status\":\"ok\"}\n";
  failure_t failure = {0};
  size_t taken;
  if (!is_authorized(http, connection))
    answer_error(answer, MHD_HTTP_UNAUTHORIZED, "the token, or user and password, are missing or wrong");
  else if (request->status != STATUS_OK)
    answer_error(answer, MHD_HTTP_CONTENT_TOO_LARGE, "the body is larger than %d bytes: lower write_http's BufferSize",
                 (int)RECEIVE_MAX_BYTES);
  else if (receive(http->store, buffer_text(&request->body), request->body.length, &taken, &failure) != STATUS_OK)
    answer_error(answer, MHD_HTTP_BAD_REQUEST, "%s", failure.cause);
  else
    *answer = (answer_t){.status = MHD_HTTP_OK,
                         .content_type = "application/json",
                         .text = taken_text,
                         .text_length = sizeof(taken_text) - 1};
}

static void answer_get(http_t *http, struct MHD_Connection *connection, const char *url, answer_t *answer) {
  asking_t asking;
  asking_begin(&asking, url, header(connection, MHD_HTTP_HEADER_ACCEPT));
  (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, on_parameter, &asking);
  asking_end(&asking, http->store, now_seconds());
  *answer = asking.answer;
}

static bool is_reading(const char *method) {
  return strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
}

static enum MHD_Result answer_request(http_t *http, struct MHD_Connection *connection, const char *url,
                                      const char *method, const request_t *request) {
  answer_t answer;
  if (http->loopback && !names_loopback(header(connection, MHD_HTTP_HEADER_HOST)))
    answer_error(&answer, MHD_HTTP_FORBIDDEN,
                 "this address is served by the names localhost, 127.0.0.1 and [::1] only, not \"%.100s\"",
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
    /* Where nobody may post, nothing is kept. */
    request->body = (buffer_t)BUFFER_INIT(http->receive_path != NULL ? RECEIVE_MAX_BYTES : 0);
    *state = request;
    return MHD_YES;
  }
  if (*body_length == 0)
    return answer_request(http, connection, url, method, request);
  if (request->status == STATUS_OK)
    request->status = buffer_append(&request->body, body, *body_length);
  *body_length = 0;
  return MHD_YES;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code) {
  request_t *request = *state;
  (void)context, (void)connection, (void)code;
  if (request != NULL)
    buffer_done(&request->body);
  free(request);
}

/* --- listening --- */

static MUST_CHECK status_t bind_socket(int descriptor, const struct sockaddr *address, socklen_t length,
                                       const char *where, failure_t *failure) {
  char reason[128];
  int on = 1;
  if (address->sa_family != AF_UNIX)
    (void)setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(descriptor, address, length) == 0 && listen(descriptor, SOCKET_BACKLOG) == 0)
    return STATUS_OK;
  return failure_set(failure, STATUS_REFUSED, "cannot listen on %s: %s", where,
                     strerror_r(errno, reason, sizeof(reason)));
}

typedef union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
  struct sockaddr_un local;
} address_t;

static bool is_loopback(const address_t *address) {
  if (address->any.sa_family == AF_INET)
    return ntohl(address->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
  return address->any.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
}

static MUST_CHECK status_t read_address(const http_options_t *options, address_t *address, socklen_t *length,
                                        failure_t *failure) {
  *address = (address_t){0};
  if (options->socket != NULL) {
    address->local.sun_family = AF_UNIX;
    *length = sizeof(address->local);
    if (strlen(options->socket) >= sizeof(address->local.sun_path))
      return failure_set(failure, STATUS_OPTION, "the socket's path is longer than %zu bytes",
                         sizeof(address->local.sun_path) - 1);
    strcpy(address->local.sun_path, options->socket);
    return STATUS_OK;
  }
  if (inet_pton(AF_INET, options->address, &address->v4.sin_addr) == 1) {
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = htons(options->port);
    *length = sizeof(address->v4);
    return STATUS_OK;
  }
  address->v6.sin6_family = AF_INET6;
  address->v6.sin6_port = htons(options->port);
  *length = sizeof(address->v6);
  if (inet_pton(AF_INET6, options->address, &address->v6.sin6_addr) == 1)
    return STATUS_OK;
  return failure_set(failure, STATUS_OPTION, "\"%s\" is not an IP address", options->address);
}

/* A socket file that nobody listens on is what an earlier collectd left; any other file is not ours to remove. */
static void remove_stale(const address_t *address, socklen_t length) {
  struct stat status;
  if (stat(address->local.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
    return;
  int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe >= 0 && connect(probe, &address->any, length) != 0 && errno == ECONNREFUSED)
    (void)unlink(address->local.sun_path);
  if (probe >= 0)
    (void)close(probe);
}

static MUST_CHECK status_t open_listener(const http_options_t *options, http_t *http, int *descriptor,
                                         failure_t *failure) {
  address_t address;
  socklen_t length;
  status_t status = read_address(options, &address, &length, failure);
  if (status != STATUS_OK)
    return status;
  http->loopback = is_loopback(&address);
  if (options->socket != NULL)
    remove_stale(&address, length);
  *descriptor = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (*descriptor < 0)
    return failure_set(failure, STATUS_REFUSED, "no socket is to be had");
  char where[160];
  (void)snprintf(where, sizeof(where), options->socket != NULL ? "%s" : "%s, port %u",
                 options->socket != NULL ? options->socket : options->address, (unsigned)options->port);
  status = bind_socket(*descriptor, &address.any, length, where, failure);
  if (status != STATUS_OK)
    (void)close(*descriptor);
  else if (options->socket != NULL)
    (void)chmod(options->socket, SOCKET_MODE);
  return status;
}

static char *copy(const char *text) { return text != NULL ? strdup(text) : NULL; }

/* Whether all that was given could be copied. */
static MUST_CHECK bool copy_options(http_t *http, const http_options_t *options) {
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

status_t http_start(const http_options_t *options, store_t *store, http_t **result, failure_t *failure) {
  int descriptor;
  http_t *http = calloc(1, sizeof(*http));
  if (http == NULL)
    return failure_no_memory(failure);
  http->store = store;
  status_t status =
      copy_options(http, options) ? open_listener(options, http, &descriptor, failure) : failure_no_memory(failure);
  if (status == STATUS_OK) {
    http->daemon =
        MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, on_request, http, MHD_OPTION_LISTEN_SOCKET,
                         descriptor, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                         (size_t)CONNECTION_MEMORY, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
    if (http->daemon == NULL) {
      (void)close(descriptor);
      status = failure_set(failure, STATUS_REFUSED, "libmicrohttpd does not start");
    }
  }
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
