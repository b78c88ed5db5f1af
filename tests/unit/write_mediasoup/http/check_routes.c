/* SPDX-License-Identifier: MIT */
/* Routes: which path and method leads where, what parameters it takes, what it answers, and errors without a route. */
#include "support/rows.h"
#include "write_mediasoup/http/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 100, NOW = 20 };

/* --- finding --- */

typedef struct {
  const char *name; /* METHOD PATH */
  const char *receive_path;
  bool found;
  const char *class, *id;
  bool needs_secret;
} find_case_t;

static const find_case_t find_cases[] = {
    {"GET /", NULL, true, NULL, NULL, false},
    {"HEAD /", NULL, true, NULL, NULL, false},
    {"GET /healthz", NULL, true, NULL, NULL, false},
    {"GET /status", NULL, true, NULL, NULL, false},
    {"GET /history", NULL, true, NULL, NULL, false},
    {"GET /history/x", NULL, false, NULL, NULL, false},
    {"GET /events", NULL, true, NULL, NULL, false},
    {"GET /ended/", NULL, true, NULL, NULL, false},
    {"GET /metrics", NULL, true, NULL, NULL, false},
    {"GET /participants", NULL, true, NULL, NULL, false},
    {"GET /participants/", NULL, true, NULL, NULL, false},
    {"GET /participants/bob", NULL, false, NULL, NULL, false},
    {"GET /consumers", NULL, true, "consumers", NULL, false},
    {"GET /stream_score_bucket", NULL, true, "stream_score_bucket", NULL, false},
    {"GET /consumers/c1", NULL, true, "consumers", "c1", false},
    {"GET /consumers/a/b c", NULL, true, "consumers", "a/b c", false},
    {"GET /consumers/", NULL, true, "consumers", NULL, false},
    {"GET /consumer", NULL, false, NULL, NULL, false},
    {"GET /consumersx", NULL, false, NULL, NULL, false},
    {"GET /Consumers", NULL, false, NULL, NULL, false},
    {"GET /metrics/", NULL, true, NULL, NULL, false},
    {"GET /metrics//", NULL, false, NULL, NULL, false},
    {"GET /healthz/", NULL, true, NULL, NULL, false},
    {"GET /consumers/c1/", NULL, true, "consumers", "c1/", false},
    {"GET /metric", NULL, false, NULL, NULL, false},
    {"GET //consumers", NULL, false, NULL, NULL, false},
    {"GET ", NULL, false, NULL, NULL, false},
    {"get /", NULL, false, NULL, NULL, false},
    {"DELETE /", NULL, false, NULL, NULL, false},
    {"POST /", NULL, false, NULL, NULL, false},
    {"POST /", "/", true, NULL, NULL, true},
    {"GET /", "/", true, NULL, NULL, false},
    {"POST /in", "/in", true, NULL, NULL, true},
    {"GET /in", "/in", false, NULL, NULL, false},
    {"POST /in/", "/in", true, NULL, NULL, true},
    {"POST /in", "/in/", false, NULL, NULL, false},
    {"POST /consumers", "/", false, NULL, NULL, false},
    {"POST /consumers", "/consumers", true, NULL, NULL, true},
};

static void finds(void **state) {
  const find_case_t *one = *state;
  char method[20];
  size_t length = strcspn(one->name, " ");
  (void)snprintf(method, sizeof(method), "%.*s", (int)length, one->name);
  route_match_t match = routes_find(method, one->name + length + 1, one->receive_path);
  assert_int_equal(match.route != NULL, one->found);
  assert_int_equal(route_needs_secret(match.route), one->needs_secret);
  if (!one->found)
    return;
  assert_int_equal(match.class != NULL, one->class != NULL);
  assert_int_equal(match.id != NULL, one->id != NULL);
  if (one->class != NULL)
    assert_string_equal(match.class->name, one->class);
  if (one->id != NULL)
    assert_string_equal(match.id, one->id);
}

/* --- answering --- */

/* The bytes of an answer, for the caller to free. Frees its body. */
static char *bytes_of(answer_t *answer) {
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  char piece[500];
  ssize_t length;
  if (answer->body == NULL && answer->text != NULL)
    buffer_append(&text, answer->text, answer->text_length);
  else if (answer->body == NULL)
    buffer_append_text(&text, answer->error[0] != '\0' ? answer->error : answer->made);
  while (answer->body != NULL && (length = body_read(answer->body, piece, sizeof(piece))) > 0)
    buffer_append(&text, piece, (size_t)length);
  body_free(answer->body);
  char *copy = strdup(buffer_text(&text));
  buffer_done(&text);
  return copy;
}

typedef struct {
  const char *name;
  const char *path;
  const char *parameters[5];
  const char *accept;
  unsigned status;
  const char *type;
  const char *bytes; /* the beginning, with ' for " */
} answer_case_t;

#define OPENMETRICS "application/openmetrics-text"

static const answer_case_t answer_cases[] = {
    {"a view", "/data_producers", {"fields", "label"}, "", 200, "application/json", "[{'label':'x'}]"},
    {"an object", "/data_producers/d", {"fields", "label"}, "", 200, "application/json", "[{'label':'x'}]"},
    {"an object that is not there",
     "/data_producers/e",
     {NULL},
     "",
     404,
     "application/json",
     "there is no data_producers e"},
    {"a filter", "/data_producers", {"label", "y"}, "", 200, "application/json", "[]"},
    {"a wrong parameter", "/data_producers", {"limit", "x"}, "", 400, "application/json", "limit takes "},
    {"the first of two wrong parameters",
     "/data_producers",
     {"limit", "x", "offset", "y"},
     "",
     400,
     "application/json",
     "limit takes "},
    {"a wrong parameter before a right one",
     "/data_producers",
     {"limit", "x", "offset", "1"},
     "",
     400,
     "application/json",
     "limit takes "},
    {"a scrape",
     "/metrics",
     {"class", "data_producers"},
     "",
     200,
     "text/plain; version=0.0.4; charset=utf-8",
     "# HELP mediasoup_data_producers_messages_received_total messages received (messages)\n"},
    {"a scrape in OpenMetrics",
     "/metrics",
     {"class", "consumers"},
     OPENMETRICS,
     200,
     "application/openmetrics-text; version=1.0.0; charset=utf-8",
     "# EOF\n"},
    {"a scrape with a wrong parameter",
     "/metrics",
     {"limit", "1"},
     "",
     400,
     "application/json",
     "limit is for the views"},
    {"a scrape with parameters that do not fit",
     "/metrics",
     {"class", "workers", "kind", "video"},
     "",
     400,
     "application/json",
     "none of the classes asked for has 'kind'"},
    {"participants", "/participants", {"limit", "1"}, "", 200, "application/json", "[]"},
    {"participants with a wrong parameter",
     "/participants",
     {"limit", "0"},
     "",
     400,
     "application/json",
     "limit takes a whole number"},
    {"the page", "/", {NULL}, "", 200, "text/html; charset=utf-8", "<!"},
    {"a page takes no parameters", "/", {"nonsense", "1"}, "", 200, "text/html; charset=utf-8", "<!"},
    {"the status", "/status", {"nonsense", "1"}, "", 200, "application/json", "{'status':'trouble','problems':[{"},
    {"what happened", "/events", {"kind", "room_bad", "since", "5"}, "", 200, "application/json", "[]"},
    {"what happened, by a wrong parameter",
     "/events",
     {"colour", "red"},
     "",
     400,
     "application/json",
     "/events has no parameter "},
    {"what has ended", "/ended", {"kind", "room", "outcome", "lost"}, "", 200, "application/json", "[]"},
    {"health",
     "/healthz",
     {"nonsense", "1"},
     "",
     200,
     "application/json",
     "{'status':'ok','objects':1,'maxObjects':100,'skipped':0}\n"},
    {"a history that is not kept",
     "/history",
     {NULL},
     "",
     404,
     "application/json",
     "nothing of the past is kept; set History"},
};

static void answers(void **state) {
  const answer_case_t *one = *state;
  long before = allocations_live();
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_DATA_PRODUCERS, "id=d", NOW, 1, "dataProducerId=d label=x");
  chronicle_t *chronicle = chronicle_new(NULL, NULL);
  request_t request = {.match = routes_find("GET", one->path, NULL),
                       .accept = one->accept,
                       .store = store,
                       .chronicle = chronicle,
                       .now = NOW};
  answer_t answer;
  for (const char *const *parameter = one->parameters; parameter[0] != NULL; parameter += 2)
    routes_add_parameter(&request, parameter[0], parameter[1]);
  routes_answer(&request, &answer);
  assert_int_equal(answer.status, one->status);
  assert_string_equal(answer.content_type, one->type);
  char *bytes = bytes_of(&answer), *expected = json(one->bytes);
  if (strncmp(bytes, expected, strlen(expected)) != 0)
    fail_msg("\"%.200s\" does not begin with \"%s\"", bytes, expected);
  free(bytes);
  free(expected);
  chronicle_free(chronicle);
  store_free(store);
  assert_int_equal(allocations_live(), before);
}

static void on_full(void) {}

static answer_t answer_with_history(const char *path, const char *class, history_t *history, store_t *store) {
  request_t request = {
      .match = routes_find("GET", path, NULL), .accept = "", .store = store, .history = history, .now = NOW};
  answer_t answer;
  routes_add_parameter(&request, "class", class);
  routes_answer(&request, &answer);
  return answer;
}

static void tells_the_past(void **state) {
  (void)state;
  const history_options_t options = {.seconds = 60, .max_bytes = 1 << 20, .on_full = on_full};
  store_t *store = store_new(ROOM);
  history_t *history = history_new(&options);
  answer_t answer = answer_with_history("/history", "workers", history, store);
  assert_int_equal(answer.status, 200);
  assert_string_equal(answer.content_type, "application/json");
  char *bytes = bytes_of(&answer);
  assert_string_equal(bytes, "{\"class\":\"workers\",\"from\":-40000,\"to\":20000,\"series\":[]}");
  free(bytes);
  answer = answer_with_history("/history", "consumers", history, store);
  assert_int_equal(answer.status, 400);
  answer = answer_with_history("/healthz", "", history, store);
  assert_string_equal(answer.made, "{\"status\":\"ok\",\"objects\":0,\"maxObjects\":100,\"skipped\":0,\"history\":{"
                                   "\"seconds\":60,\"series\":0,\"samples\":0,\"bytes\":0,\"maxBytes\":1048576,"
                                   "\"isShort\":false}}\n");
  history_free(history);
  store_free(store);
}

static answer_t answer_of(const char *method, const char *path, store_t *store, const buffer_t *body) {
  request_t request = {
      .match = routes_find(method, path, "/in"), .accept = "", .body = body, .store = store, .now = NOW};
  answer_t answer;
  routes_answer(&request, &answer);
  return answer;
}

static void says_what_an_answer_depends_on(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  answer_t answer = answer_of("GET", "/metrics", store, NULL);
  assert_string_equal(answer.vary, "Accept, Accept-Encoding");
  body_free(answer.body);
  answer = answer_of("GET", "/consumers", store, NULL);
  assert_null(answer.vary);
  body_free(answer.body);
  answer = answer_of("GET", "/", store, NULL);
  assert_string_equal(answer.header, "Content-Security-Policy");
  assert_non_null(strstr(answer.header_value, "default-src 'none'"));
  store_free(store);
}

static void knows_nothing_without_a_chronicle(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  answer_t answer = answer_of("GET", "/events", store, NULL);
  assert_int_equal(answer.status, 404);
  assert_non_null(strstr(answer.error, "nobody looks at what happens"));
  answer = answer_of("GET", "/ended", store, NULL);
  assert_int_equal(answer.status, 404);
  store_free(store);
}

static void receives(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  buffer_t body = BUFFER_INIT(1000);
  char *text = json("[{'values':[7,700],'dsnames':['messages_received','bytes_received'],'time':20,'interval':10,"
                    "'host':'far','plugin':'mediasoup','type':'data_producers','type_instance':'id=d'}]");
  buffer_append_text(&body, text);
  answer_t answer = answer_of("POST", "/in", store, &body);
  assert_int_equal(answer.status, 200);
  assert_string_equal(answer.made, "{\"status\":\"ok\"}\n");
  assert_int_equal(store_usage(store).objects, 1);
  buffer_clear(&body);
  buffer_append_text(&body, "{}");
  answer = answer_of("POST", "/in", store, &body);
  assert_int_equal(answer.status, 400);
  buffer_fail(&body, STATUS_TOO_LARGE);
  answer = answer_of("POST", "/in", store, &body);
  assert_int_equal(answer.status, 413);
  assert_string_equal(answer.error, "the body is larger than 4194304 bytes; lower BufferSize in write_http");
  buffer_clear(&body);
  buffer_fail(&body, STATUS_NO_MEMORY);
  answer = answer_of("POST", "/in", store, &body);
  assert_int_equal(answer.status, 500);
  assert_string_equal(answer.error, "out of memory");
  buffer_done(&body);
  free(text);
  store_free(store);
}

/* --- without a route --- */

static void names_all_paths(void **state) {
  (void)state;
  answer_t answer;
  routes_answer_unknown("GET", "/nothing", NULL, &answer);
  assert_int_equal(answer.status, 404);
  const char beginning[] = "there is no /nothing; there are /, /healthz, /status, /history, /events, /ended, /metrics, "
                           "/participants, /endpoint, /usage, ";
  const char end[] = ", /transport_connect_time_seconds, /transport_connect_time_seconds_bucket, /<class>/<id>";
  assert_memory_equal(answer.error, beginning, strlen(beginning));
  assert_string_equal(answer.error + strlen(answer.error) - strlen(end), end);
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    char path[100];
    (void)snprintf(path, sizeof(path), " /%s,", classes[i].name);
    assert_non_null(strstr(answer.error, path));
  }
}

static void names_the_methods(void **state) {
  (void)state;
  answer_t answer;
  routes_answer_unknown("POST", "/consumers", "/in", &answer);
  assert_int_equal(answer.status, 405);
  assert_string_equal(answer.error, "POST is not allowed here; use GET or HEAD");
  assert_string_equal(answer.header, "Allow");
  assert_string_equal(answer.header_value, "GET, HEAD");
  routes_answer_unknown("DELETE", "/in", "/in", &answer);
  assert_int_equal(answer.status, 405);
  assert_string_equal(answer.error, "DELETE is not allowed here; use POST");
  assert_string_equal(answer.header_value, "POST");
  routes_answer_unknown("GET", "/in/", "/in", &answer);
  assert_int_equal(answer.status, 405);
  assert_string_equal(answer.header_value, "POST");
  routes_answer_unknown("PUT", "/", "/", &answer);
  assert_int_equal(answer.status, 405);
  assert_string_equal(answer.error, "PUT is not allowed here; use GET, HEAD or POST");
  assert_string_equal(answer.header_value, "GET, HEAD, POST");
  routes_answer_unknown("POST", "/", NULL, &answer);
  assert_string_equal(answer.header_value, "GET, HEAD");
  routes_answer_unknown("DELETE", "/nothing", NULL, &answer);
  assert_int_equal(answer.status, 405);
  assert_string_equal(answer.header_value, "GET, HEAD");
}

/* --- memory --- */

static bool fails_at(store_t *store, const char *path, unsigned long number) {
  long before = allocations_live();
  request_t request = {.match = routes_find("GET", path, NULL), .accept = "", .store = store, .now = NOW};
  answer_t answer;
  allocations_fail_at(number);
  routes_answer(&request, &answer);
  bool failed = allocations_failed();
  allocations_fail_at(0);
  if (answer.status != 200) {
    assert_int_equal(answer.status, 500);
    assert_string_equal(answer.error, "out of memory");
    assert_null(answer.body);
  }
  body_free(answer.body);
  assert_int_equal(allocations_live(), before);
  return failed;
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  static const char *const paths[] = {"/data_producers", "/metrics", "/participants", "/healthz"};
  static const unsigned long least[] = {3, 20, 9, 0};
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_DATA_PRODUCERS, "id=d", NOW, 1, "dataProducerId=d");
  for (size_t i = 0; i < LENGTH(paths); i++) {
    unsigned long number = 1;
    while (fails_at(store, paths[i], number))
      number++;
    assert_true(number > least[i]);
  }
  store_free(store);
  answer_t answer;
  allocations_fail_at(1); /* then the paths are missing */
  routes_answer_unknown("GET", "/nothing", NULL, &answer);
  allocations_fail_at(0);
  assert_int_equal(answer.status, 404);
}

int main(void) {
  TEST_CASES(finds, find_cases);
  TEST_CASES(answers, answer_cases);
  TEST(tells_the_past);
  TEST(says_what_an_answer_depends_on);
  TEST(knows_nothing_without_a_chronicle);
  TEST(receives);
  TEST(names_all_paths);
  TEST(names_the_methods);
  TEST(bears_each_allocation_that_fails);
  return tests_run("routes");
}
