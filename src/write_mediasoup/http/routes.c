/* SPDX-License-Identifier: MIT */
#include "routes.h"

#include "write_mediasoup/events/ended.h"
#include "write_mediasoup/events/event.h"
#include "write_mediasoup/events/record_view.h"
#include "write_mediasoup/history/history_view.h"
#include "write_mediasoup/metrics/accept.h"
#include "write_mediasoup/metrics/metrics.h"
#include "write_mediasoup/page/page.h"
#include "write_mediasoup/receive.h"
#include "write_mediasoup/views/participants_view.h"
#include "write_mediasoup/views/status.h"
#include "write_mediasoup/views/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- what takes parameters, and what answers --- */

static MUST_CHECK status_t add_to_query(request_t *request, const char *key, const char *value) {
  return query_add(&request->query, request->match.class, key, value, &request->failure);
}

/* The JSON of a view that was made with this status, which it returns. */
static MUST_CHECK status_t answer_if_made(answer_t *answer, status_t status, body_t *body) {
  if (status == STATUS_OK)
    answer_body(answer, "application/json", body);
  return status;
}

static MUST_CHECK status_t answer_view(request_t *request, answer_t *answer) {
  body_t *body = NULL;
  request->query.id = request->match.id;
  status_t status =
      view_new(request->store, request->match.class, &request->query, request->now, &body, &request->failure);
  return answer_if_made(answer, status, body);
}

static MUST_CHECK status_t add_to_participants(request_t *request, const char *key, const char *value) {
  return query_add_for(&request->query, &participants_keys, key, value, &request->failure);
}

static MUST_CHECK status_t answer_participants(request_t *request, answer_t *answer) {
  body_t *body = NULL;
  status_t status = participants_view_new(request->store, &request->query, request->now, &body, &request->failure);
  return answer_if_made(answer, status, body);
}

static MUST_CHECK status_t add_to_scrape(request_t *request, const char *key, const char *value) {
  return scrape_add(&request->scrape, key, value, &request->failure);
}

static MUST_CHECK status_t answer_scrape(request_t *request, answer_t *answer) {
  body_t *body;
  scrape_t *scrape = &request->scrape;
  scrape->exposition.openmetrics = accept_prefers_openmetrics(request->accept);
  status_t status = scrape_check(scrape, &request->failure);
  if (status == STATUS_OK)
    status = metrics_new(request->store, scrape, request->now, &body, &request->failure);
  if (status == STATUS_OK)
    answer_body(answer, exposition_type(&scrape->exposition), body);
  return status;
}

static MUST_CHECK status_t add_to_history(request_t *request, const char *key, const char *value) {
  return history_query_add(&request->history_query, key, value, &request->failure);
}

static MUST_CHECK status_t answer_history(request_t *request, answer_t *answer) {
  history_asked_t asked;
  body_t *body = NULL;
  if (request->history == NULL)
    return failure_set(&request->failure, STATUS_NOT_FOUND, "nothing of the past is kept; set History above 0");
  status_t status =
      history_query_read(&request->history_query, request->history, request->now, &asked, &request->failure);
  if (status == STATUS_OK)
    status = history_view_new(request->history, &asked, request->now, &body, &request->failure);
  return answer_if_made(answer, status, body);
}

static MUST_CHECK status_t answer_page(request_t *request, answer_t *answer) {
  (void)request;
  answer_text(answer, "text/html; charset=utf-8", (const char *)page_html, page_html_length);
  answer->header = "Content-Security-Policy";
  answer->header_value = page_policy;
  return STATUS_OK;
}

/* A member of the answer to /healthz, with its comma; "" where nothing of the past is kept. */
static void tell_history(const request_t *request, char *text, size_t size) {
  text[0] = '\0';
  if (request->history == NULL)
    return;
  history_usage_t usage = history_usage(request->history, request->now);
  (void)snprintf(text, size,
                 ",\"history\":{\"seconds\":%zu,\"series\":%zu,\"samples\":%zu,\"bytes\":%zu,\"maxBytes\":%zu,"
                 "\"isShort\":%s}",
                 usage.seconds, usage.series, usage.samples, usage.bytes, usage.max_bytes,
                 usage.is_short ? "true" : "false");
}

static MUST_CHECK status_t answer_health(request_t *request, answer_t *answer) {
  char history[200];
  store_usage_t usage = store_usage(request->store);
  tell_history(request, history, sizeof(history));
  answer_json(answer, "{\"status\":\"ok\",\"objects\":%zu,\"maxObjects\":%zu,\"skipped\":%" PRIu64 "%s}\n",
              usage.objects, usage.max_objects, usage.skipped, history);
  return STATUS_OK;
}

static MUST_CHECK status_t answer_status(request_t *request, answer_t *answer) {
  body_t *body = NULL;
  status_t status = status_new(request->store, request->now, &body, &request->failure);
  return answer_if_made(answer, status, body);
}

static MUST_CHECK status_t answer_records(request_t *request, record_log_t *log, answer_t *answer) {
  body_t *body = NULL;
  if (log == NULL)
    return failure_set(&request->failure, STATUS_NOT_FOUND,
                       "nobody looks at what happens, for want of memory or threads; collectd's log says more");
  status_t status = record_view_new(log, &request->record_query, &body, &request->failure);
  return answer_if_made(answer, status, body);
}

static MUST_CHECK status_t add_to_events(request_t *request, const char *key, const char *value) {
  return record_query_add(&request->record_query, &event_type, key, value, &request->failure);
}

static MUST_CHECK status_t answer_events(request_t *request, answer_t *answer) {
  return answer_records(request, chronicle_events(request->chronicle), answer);
}

static MUST_CHECK status_t add_to_ended(request_t *request, const char *key, const char *value) {
  return record_query_add(&request->record_query, &ended_type, key, value, &request->failure);
}

static MUST_CHECK status_t answer_ended(request_t *request, answer_t *answer) {
  return answer_records(request, chronicle_ended(request->chronicle), answer);
}

static MUST_CHECK status_t answer_receive(request_t *request, answer_t *answer) {
  size_t taken;
  if (buffer_status(request->body) == STATUS_TOO_LARGE)
    return failure_set(&request->failure, STATUS_TOO_LARGE,
                       "the body is larger than %d bytes; lower BufferSize in write_http", (int)RECEIVE_MAX_BYTES);
  if (buffer_status(request->body) != STATUS_OK)
    return failure_no_memory(&request->failure);
  status_t status = receive(request->store, buffer_text(request->body), request->body->length, request->now, &taken,
                            &request->failure);
  if (status == STATUS_OK)
    answer_json(answer, "{\"status\":\"ok\"}\n");
  return status;
}

/* --- the table --- */

enum { READ = 1, POST = 2 }; /* READ: GET and HEAD */

#define CLASS "<class>" /* stands for the name of a class */
#define ID "<id>"       /* stands for the rest of the path */

/* Answers that hold rows, and with them the memory of an interval, are few. A flood of views leaves places for
 * Prometheus. */
enum { VIEWS_PLACES = 32, SCRAPE_PLACES = VIEWS_PLACES + 8 };

struct route {
  const char *path; /* NULL: the path of <Receive> */
  unsigned methods;
  status_t (*add)(request_t *request, const char *key, const char *value); /* a parameter; NULL: ignored */
  status_t (*answer)(request_t *request, answer_t *answer);
  const char *vary; /* see answer_t */
  bool needs_secret;
  size_t places; /* see route_places() */
};

static const route_t routes[] = {
    {"/", READ, NULL, answer_page, NULL, false, 0},
    {"/healthz", READ, NULL, answer_health, NULL, false, 0},
    {"/status", READ, NULL, answer_status, NULL, false, VIEWS_PLACES},
    {"/history", READ, add_to_history, answer_history, NULL, false, VIEWS_PLACES},
    {"/events", READ, add_to_events, answer_events, NULL, false, VIEWS_PLACES},
    {"/ended", READ, add_to_ended, answer_ended, NULL, false, VIEWS_PLACES},
    {"/metrics", READ, add_to_scrape, answer_scrape, "Accept, Accept-Encoding", false, SCRAPE_PLACES},
    {"/participants", READ, add_to_participants, answer_participants, NULL, false, VIEWS_PLACES},
    {"/" CLASS, READ, add_to_query, answer_view, NULL, false, VIEWS_PLACES},
    {"/" CLASS "/" ID, READ, add_to_query, answer_view, NULL, false, VIEWS_PLACES},
    {NULL, POST, NULL, answer_receive, NULL, true, 0},
};

/* PATH_LENGTH_MAX: no path without an id is longer, unless that of <Receive> is. */
enum { ROUTES_LENGTH = sizeof(routes) / sizeof(routes[0]), PATH_LENGTH_MAX = 255 };

/* --- finding --- */

static bool begins_with(const char *text, const char *beginning) {
  return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Whether the path is the pattern, with a class or an id in their places. */
static bool matches(const char *pattern, const char *path, route_match_t *match) {
  while (*pattern != '\0') {
    if (begins_with(pattern, ID)) {
      match->id = path;
      return *path != '\0';
    }
    if (begins_with(pattern, CLASS)) {
      size_t length = strcspn(path, "/");
      match->class = class_by_name(path, length);
      if (match->class == NULL)
        return false;
      pattern += strlen(CLASS);
      path += length;
    } else if (*pattern++ != *path++)
      return false;
  }
  return *path == '\0';
}

static bool is_at(const route_t *route, const char *path, const char *receive_path, route_match_t *match) {
  const char *pattern = route->path;
  *match = (route_match_t){.route = route};
  if (pattern == NULL)
    return receive_path != NULL && strcmp(path, receive_path) == 0;
  return matches(pattern, path, match);
}

/* The same without a slash at its end, which some clients add; `space` has as many bytes as the path. */
static const char *without_slash(const char *path, char *space) {
  size_t length = strlen(path);
  memcpy(space, path, length + 1);
  if (length > 1 && space[length - 1] == '/')
    space[length - 1] = '\0';
  return space;
}

/* 0 for a method that nothing here has. */
static unsigned method_bit(const char *method) {
  if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
    return READ;
  return strcmp(method, "POST") == 0 ? POST : 0;
}

static route_match_t find(unsigned methods, const char *path, const char *receive_path) {
  route_match_t match;
  for (size_t i = 0; i < ROUTES_LENGTH; i++)
    if ((routes[i].methods & methods) != 0 && is_at(&routes[i], path, receive_path, &match))
      return match;
  return (route_match_t){0};
}

/* A path with an id keeps its slash: it is the id's. So no id is lent by the copy. */
static route_match_t find_either(unsigned methods, const char *path, const char *receive_path) {
  char space[PATH_LENGTH_MAX + 1];
  route_match_t match = find(methods, path, receive_path);
  if (match.route != NULL || strlen(path) > PATH_LENGTH_MAX)
    return match;
  match = find(methods, without_slash(path, space), receive_path);
  return match.id == NULL ? match : (route_match_t){0};
}

route_match_t routes_find(const char *method, const char *path, const char *receive_path) {
  return find_either(method_bit(method), path, receive_path);
}

bool route_needs_secret(const route_t *route) { return route != NULL && route->needs_secret; }

size_t route_places(const route_t *route) { return route->places; }

/* --- answering --- */

void routes_add_parameter(request_t *request, const char *key, const char *value) {
  const route_t *route = request->match.route;
  if (route->add != NULL && request->failure.status == STATUS_OK)
    request->failure.status = route->add(request, key, value);
}

void routes_answer(request_t *request, answer_t *answer) {
  const route_t *route = request->match.route;
  status_t status = request->failure.status;
  if (status == STATUS_OK)
    status = route->answer(request, answer);
  if (status != STATUS_OK)
    answer_failure(answer, &request->failure);
  answer->vary = route->vary;
}

static void append_path(buffer_t *paths, const char *path, const char *class) {
  buffer_append_text(paths, paths->length > 0 ? ", " : "");
  buffer_append_text(paths, path);
  buffer_append_text(paths, class);
}

/* "/, /healthz, /endpoint, /usage, ..., /<class>/<id>" */
static void append_paths(buffer_t *paths) {
  for (size_t i = 0; i < ROUTES_LENGTH; i++) {
    const char *path = routes[i].path;
    if (path != NULL && strcmp(path, "/" CLASS) == 0)
      for (size_t class = 0; class < CLASS_COUNT; class ++)
        append_path(paths, "/", classes[class].name);
    else if (path != NULL)
      append_path(paths, path, "");
  }
}

static void answer_not_found(const char *path, answer_t *answer) {
  buffer_t paths = BUFFER_INIT(sizeof(answer->error));
  append_paths(&paths);
  answer_error(answer, HTTP_NOT_FOUND, "there is no %.100s; there are %s", path, buffer_text(&paths));
  buffer_done(&paths);
}

/* By the methods that the path has. */
static const char *const allowed[] = {[READ] = "GET, HEAD", [POST] = "POST", [READ | POST] = "GET, HEAD, POST"};
static const char *const advised[] = {[READ] = "GET or HEAD", [POST] = "POST", [READ | POST] = "GET, HEAD or POST"};

void routes_answer_unknown(const char *method, const char *path, const char *receive_path, answer_t *answer) {
  unsigned methods = 0;
  for (unsigned one = READ; one <= POST; one *= 2)
    methods |= find_either(one, path, receive_path).route != NULL ? one : 0;
  if (methods == 0 && method_bit(method) == READ) {
    answer_not_found(path, answer);
    return;
  }
  if (methods == 0)
    methods = READ; /* what paths have here */
  answer_error(answer, HTTP_METHOD_NOT_ALLOWED, "%.20s is not allowed here; use %s", method, advised[methods]);
  answer->header = "Allow";
  answer->header_value = allowed[methods];
}
