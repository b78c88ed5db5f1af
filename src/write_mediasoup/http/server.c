/* SPDX-License-Identifier: MIT */
#include "server.h"

#include "common/clock.h"
#include "connections.h"
#include "respond.h"
#include "routes.h"
#include "write_mediasoup/receive.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
  /* RLIMIT_NOFILE usually leaves at least twice as many. When CONNECTIONS_KEPT are there, old ones make room for new
     ones; the places beyond are for those that are on their way out. */
  CONNECTIONS_MAX = 512,
  CONNECTIONS_KEPT = 448,
  /* How long a connection may be silent in both directions. A client may be busy for a while. */
  IDLE_SECONDS = 20,
  /* The request's line and headers; a longer one is answered with 431. */
  HEADERS_MAX_BYTES = 32 * 1024,
  /* A whole piece of an answer passes through this memory, beside what libmicrohttpd keeps of the request.
     libmicrohttpd itself answers 431 to headers that do not fit. */
  CONNECTION_MEMORY = RESPOND_PIECE_BYTES + HEADERS_MAX_BYTES,
};

/* Longer than an answer takes that nobody hinders. */
#define RETRY_SECONDS "5"

struct http {
  http_options_t options;
  store_t *store;
  certificate_t certificate;
  listener_t listener;
  struct MHD_Daemon *daemon;
  connections_t connections;
  unsigned refused; /* the HTTP status of the last POST if it was refused; 0 if it was taken */
};

/* A request while it arrives. */
typedef struct {
  route_match_t match;
  buffer_t body;
} arrival_t;

static double epoch_seconds(void) {
  struct timespec now = {0};
  (void)clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* --- who may --- */

/* The secrets of which one must be sent, or NULL where everybody may. */
static const secrets_t *secrets_for(const http_t *http, const route_t *route) {
  const secrets_t *secrets = route_needs_secret(route) ? &http->options.secrets : &http->options.readers;
  return route_needs_secret(route) || auth_has_secret(secrets) ? secrets : NULL;
}

static bool has_secret(const secrets_t *secrets, struct MHD_Connection *connection) {
  if (auth_accepts_token(secrets, request_header(connection, MHD_HTTP_HEADER_AUTHORIZATION)))
    return true;
  char *password = NULL, *user = MHD_basic_auth_get_username_password(connection, &password);
  bool is_accepted = auth_accepts_user(secrets, user, password);
  MHD_free(user);
  MHD_free(password);
  return is_accepted;
}

/* No web page has the secret, so who has it may use any name. */
static bool is_for_us(const http_t *http, struct MHD_Connection *connection, const secrets_t *secrets,
                      const char *host) {
  return auth_accepts_host(&http->listener, &http->options.hosts, host) ||
         (secrets != NULL && has_secret(secrets, connection));
}

static bool has_huge_headers(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return info != NULL && info->header_size > HEADERS_MAX_BYTES;
}

/* --- answering --- */

static enum MHD_Result on_parameter(void *context, enum MHD_ValueKind kind, const char *key, const char *value) {
  (void)kind;
  routes_add_parameter(context, key, value != NULL ? value : "");
  return MHD_YES;
}

static void answer_by_route(http_t *http, struct MHD_Connection *connection, const arrival_t *arrival,
                            answer_t *answer) {
  request_t request = {.match = arrival->match,
                       .accept = request_header(connection, MHD_HTTP_HEADER_ACCEPT),
                       .body = &arrival->body,
                       .store = http->store,
                       .history = http->options.history,
                       .chronicle = http->options.chronicle,
                       .now = epoch_seconds()};
  (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, on_parameter, &request);
  routes_answer(&request, answer);
}

static void answer_without_secret(const http_t *http, const secrets_t *secrets, answer_t *answer) {
  answer_error(answer, HTTP_UNAUTHORIZED,
               "the secret is missing or wrong; send the Token, or the User and Password, of %s",
               secrets == &http->options.readers ? "<Readers>" : "<Receive>");
  answer->header = MHD_HTTP_HEADER_WWW_AUTHENTICATE;
  answer->header_value = "Basic realm=\"write_mediasoup\"";
}

static void answer_busy(answer_t *answer) {
  answer_error(answer, HTTP_UNAVAILABLE, "too many answers are being sent; ask again in %s seconds", RETRY_SECONDS);
  answer->header = MHD_HTTP_HEADER_RETRY_AFTER;
  answer->header_value = RETRY_SECONDS;
}

static bool has_place(http_t *http, const route_t *route) {
  size_t places = route_places(route);
  return places == 0 || connections_may_answer(&http->connections, places, steady_seconds());
}

static void make_answer(http_t *http, struct MHD_Connection *connection, const char *url, const char *method,
                        const arrival_t *arrival, answer_t *answer) {
  const char *host = request_header(connection, MHD_HTTP_HEADER_HOST);
  const secrets_t *secrets = secrets_for(http, arrival->match.route);
  if (has_huge_headers(connection))
    answer_error(answer, HTTP_HEADERS_TOO_LARGE, "the headers are larger than %d bytes", (int)HEADERS_MAX_BYTES);
  else if (!is_for_us(http, connection, secrets, host))
    answer_error(
        answer, HTTP_FORBIDDEN,
        "\"%.100s\" is not a name of this server; use localhost or its address, or add the name to AllowedHost", host);
  else if (secrets != NULL && !has_secret(secrets, connection))
    answer_without_secret(http, secrets, answer);
  else if (arrival->match.route == NULL)
    routes_answer_unknown(method, url, http->options.receive_path, answer);
  else if (!has_place(http, arrival->match.route))
    answer_busy(answer);
  else
    answer_by_route(http, connection, arrival, answer);
}

/* The sender seldom looks at the answer, so the log of this host tells. */
static void tell_refusal(http_t *http, const answer_t *answer) {
  unsigned refused = answer->status == HTTP_OK ? 0 : answer->status;
  char complaint[sizeof(answer->error) + 40];
  bool is_new = refused != 0 && refused != http->refused;
  http->refused = refused;
  if (!is_new)
    return;
  (void)snprintf(complaint, sizeof(complaint), "a POST was refused: %s", answer->error);
  http->options.complain(complaint);
}

/* --- libmicrohttpd's callbacks --- */

static connection_t *connection_of(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info != NULL ? info->socket_context : NULL;
}

/* Nothing is kept of a body that nobody asked for, or from a sender without the secret. */
static arrival_t *new_arrival(const http_t *http, struct MHD_Connection *connection, const char *url,
                              const char *method) {
  arrival_t *arrival = calloc(1, sizeof(*arrival));
  if (arrival == NULL)
    return NULL;
  arrival->match = routes_find(method, url, http->options.receive_path);
  bool may_send = route_needs_secret(arrival->match.route) && has_secret(&http->options.secrets, connection);
  arrival->body = (buffer_t)BUFFER_INIT(may_send ? RECEIVE_MAX_BYTES : 0);
  return arrival;
}

/* Called with the headers, then with each piece of the body, then at its end. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *body, size_t *body_length, void **state) {
  http_t *http = context;
  arrival_t *arrival = *state;
  (void)version;
  if (arrival == NULL) {
    *state = new_arrival(http, connection, url, method);
    return *state != NULL ? MHD_YES : MHD_NO;
  }
  if (*body_length > 0) {
    buffer_append(&arrival->body, body, *body_length);
    *body_length = 0;
    return MHD_YES;
  }
  answer_t answer;
  make_answer(http, connection, url, method, arrival, &answer);
  if (answer.body != NULL)
    connections_answer(&http->connections, connection_of(connection), steady_seconds());
  if (route_needs_secret(arrival->match.route))
    tell_refusal(http, &answer);
  return respond(connection, &answer, strcmp(method, MHD_HTTP_METHOD_HEAD) == 0);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code) {
  http_t *http = context;
  arrival_t *arrival = *state;
  connections_wait(&http->connections, connection_of(connection), steady_seconds());
  (void)code;
  if (arrival != NULL)
    buffer_done(&arrival->body);
  free(arrival);
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
    *state = connections_add(&http->connections, info->connect_fd, CONNECTIONS_KEPT, steady_seconds());
}

/* --- life --- */

/* Nobody needs what is older than TLS 1.2. */
static const char tls_versions[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

static bool is_secure(const http_t *http) {
  return http->options.certificate.certificate != NULL || http->options.certificate.key != NULL;
}

static MUST_CHECK status_t read_certificate(http_t *http, failure_t *failure) {
  if (!is_secure(http))
    return STATUS_OK;
  if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
    return failure_set(failure, STATUS_CERTIFICATE, "this libmicrohttpd was built without TLS");
  status_t status = certificate_read(&http->options.certificate, &http->certificate, failure);
  if (status == STATUS_OK && http->certificate.warning[0] != '\0')
    http->options.complain(http->certificate.warning);
  return status;
}

static MUST_CHECK status_t start_daemon(http_t *http, failure_t *failure) {
  struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, http->certificate.certificate.data},
                                 {MHD_OPTION_HTTPS_MEM_KEY, 0, http->certificate.key.data},
                                 {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)tls_versions},
                                 {MHD_OPTION_END, 0, NULL}};
  size_t first = is_secure(http) ? 0 : sizeof(tls) / sizeof(tls[0]) - 1;
  http->daemon = MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD | (is_secure(http) ? (unsigned)MHD_USE_TLS : 0U), 0,
                                  NULL, NULL, on_request, http, MHD_OPTION_LISTEN_SOCKET, http->listener.descriptor,
                                  MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
                                  (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
                                  MHD_OPTION_NOTIFY_COMPLETED, on_completed, http, MHD_OPTION_NOTIFY_CONNECTION,
                                  on_connection, http, MHD_OPTION_ARRAY, &tls[first], MHD_OPTION_END);
  if (http->daemon != NULL)
    return STATUS_OK;
  (void)close(http->listener.descriptor);
  return failure_set(failure, STATUS_LISTEN, "libmicrohttpd cannot start its thread");
}

status_t http_start(const http_options_t *options, store_t *store, http_t **result, failure_t *failure) {
  http_t *http = calloc(1, sizeof(*http));
  if (http == NULL)
    return failure_no_memory(failure);
  http->options = *options;
  http->store = store;
  status_t status = read_certificate(http, failure);
  if (status == STATUS_OK)
    status = listen_at(&options->site, &http->listener, failure);
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
  if (http->daemon != NULL) {
    listen_end(&http->options.site, &http->listener);
    MHD_stop_daemon(http->daemon); /* closes the socket */
  }
  certificate_done(&http->certificate);
  free(http);
}
