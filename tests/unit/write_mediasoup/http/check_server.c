/* SPDX-License-Identifier: MIT */
/* The server as a whole, at a Unix socket: what is asked, posted, refused and told; its start and its end. */
#include "support/requests.h"
#include "support/rows.h"
#include "support/server.h"
#include "write_mediasoup/http/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 100 };

static char folder[64], path[100];
static char complaints[2000]; /* written by the server's thread between a request and its answer */

static void complain(const char *complaint) {
  size_t length = strlen(complaints);
  (void)snprintf(complaints + length, sizeof(complaints) - length, "%s\n", complaint);
}

typedef struct {
  store_t *store;
  http_t *http;
} rig_t;

static rig_t begin(void) {
  rig_t rig = {.store = store_new(ROOM)};
  failure_t failure = {0};
  const http_options_t options = {.site = {.socket = path},
                                  .receive_path = "/in",
                                  .secrets = {.token = "a secret", .user = "collector", .password = "pass:word"},
                                  .complain = complain};
  put_row(rig.store, CLASS_DATA_PRODUCERS, "id=d", (double)time(NULL), 7, "dataProducerId=d");
  complaints[0] = '\0';
  assert_int_equal(http_start(&options, rig.store, &rig.http, &failure), STATUS_OK);
  return rig;
}

static void end(rig_t *rig) {
  http_stop(rig->http);
  store_free(rig->store);
}

/* METHOD URL, headers that end in CRLF, and a body. Asserts the first line and, where it is not NULL, the body. */
static void assert_answer(const char *what, const char *headers, const char *body, const char *status,
                          const char *expected) {
  size_t size = strlen(what) + strlen(headers) + strlen(body) + 200;
  char *request = malloc(size);
  (void)snprintf(request, size, "%s HTTP/1.1\r\nHost: any\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n%s",
                 what, strlen(body), headers, body);
  char *answer = ask(path, request, NULL);
  char line[100];
  (void)snprintf(line, sizeof(line), "HTTP/1.1 %s\r\n", status);
  if (strncmp(answer, line, strlen(line)) != 0)
    fail_msg("%s: \"%.300s\" instead of %s", what, answer, status);
  if (expected != NULL)
    assert_string_equal(body_of(answer), expected);
  free(request);
  free(answer);
}

static void answers_by_route(void **state) {
  (void)state;
  rig_t rig = begin();
  assert_answer("GET /healthz", "", "", "200 OK",
                "{\"status\":\"ok\",\"objects\":1,\"maxObjects\":100,\"skipped\":0}\n");
  assert_answer("GET /data_producers?fields=bytesReceived", "", "", "200 OK",
                "15\r\n[{\"bytesReceived\":7}]\r\n0\r\n\r\n");
  assert_answer("GET /data_producers?limit=x", "", "", "400 Bad Request",
                "{\"error\":\"limit takes a whole number from 1 to 1000000000, not \\\"x\\\"\"}\n");
  assert_answer("GET /data_producers?limit", "", "", "400 Bad Request",
                "{\"error\":\"limit takes a whole number from 1 to 1000000000, not \\\"\\\"\"}\n");
  assert_answer("GET /data_producers/e", "", "", "404 Not Found", "{\"error\":\"there is no data_producers e\"}\n");
  assert_answer("GET /nothing", "", "", "404 Not Found", NULL);
  assert_answer("DELETE /in", "", "", "405 Method Not Allowed",
                "{\"error\":\"DELETE is not allowed here; use POST\"}\n");
  assert_answer("GET /metrics?class=consumers", "Accept: application/openmetrics-text\r\n", "", "200 OK",
                "6\r\n# EOF\n\r\n0\r\n\r\n");
  assert_string_equal(complaints, "");
  end(&rig);
}

#define TOKEN "Authorization: Bearer a secret\r\n"
#define USER "Authorization: Basic Y29sbGVjdG9yOnBhc3M6d29yZA==\r\n" /* collector:pass:word */
#define UNAUTHORIZED                                                                                                   \
  "{\"error\":\"the secret is missing or wrong; send the Token, or the User and Password, of <Receive>\"}\n"
#define TAKEN "{\"status\":\"ok\"}\n"

static void takes_a_post_with_the_secret(void **state) {
  (void)state;
  rig_t rig = begin();
  char *body = json("[{'values':[8,800],'dsnames':['messages_received','bytes_received'],'time':1,'interval':10,"
                    "'host':'far','plugin':'mediasoup','type':'data_producers','type_instance':'id=e'}]");
  assert_answer("POST /in", TOKEN, body, "200 OK", TAKEN);
  assert_int_equal(store_usage(rig.store).objects, 2);
  assert_answer("POST /in", USER, "[]", "200 OK", TAKEN);
  assert_answer("POST /in", "Authorization: Basic Y29sbGVjdG9yOng=\r\n", "[]", "401 Unauthorized", UNAUTHORIZED);
  assert_answer("POST /in", "Authorization: Bearer x\r\n", body, "401 Unauthorized", UNAUTHORIZED);
  assert_answer("POST /in", "", body, "401 Unauthorized", UNAUTHORIZED);
  assert_answer("POST /healthz", TOKEN, "[]", "405 Method Not Allowed", NULL);
  assert_int_equal(store_usage(rig.store).objects, 2);
  free(body);
  end(&rig);
}

static void tells_of_each_refusal_once(void **state) {
  (void)state;
  rig_t rig = begin();
  assert_answer("POST /in", "", "[]", "401 Unauthorized", NULL);
  assert_answer("POST /in", "", "[]", "401 Unauthorized", NULL);
  assert_answer("POST /in", TOKEN, "{}", "400 Bad Request", NULL);
  assert_answer("POST /in", TOKEN, "[]", "200 OK", NULL);
  assert_answer("POST /in", TOKEN, "{}", "400 Bad Request", NULL);
  assert_string_equal(
      complaints, "a POST was refused: the secret is missing or wrong; send the Token, or the User and Password, of "
                  "<Receive>\n"
                  "a POST was refused: the body is not an array of value lists; set Format \"JSON\" in write_http\n"
                  "a POST was refused: the body is not an array of value lists; set Format \"JSON\" in write_http\n");
  end(&rig);
}

static void bounds_what_is_sent(void **state) {
  (void)state;
  rig_t rig = begin();
  size_t length = 5 * 1024 * 1024;
  char *large = malloc(length + 1);
  memset(large, ' ', length);
  large[length] = '\0';
  assert_answer("POST /in", TOKEN, large, "413 Content Too Large",
                "{\"error\":\"the body is larger than 4194304 bytes; lower BufferSize in write_http\"}\n");
  assert_answer("GET /healthz", "", large, "200 OK", NULL); /* what nobody asked for is not looked at */
  free(large);

  char header[40000];
  memset(header, 'x', sizeof(header));
  memcpy(header, "X-Long: ", 8);
  memcpy(header + sizeof(header) - 3, "\r\n", 3);
  assert_answer("GET /healthz", header, "", "431 Request Header Fields Too Large",
                "{\"error\":\"the headers are larger than 32768 bytes\"}\n");
  header[30000] = '\r', header[30001] = '\n', header[30002] = '\0';
  assert_answer("GET /healthz", header, "", "200 OK", NULL);
  end(&rig);
}

static void removes_its_socket(void **state) {
  (void)state;
  struct stat status;
  rig_t rig = begin();
  assert_int_equal(stat(path, &status), 0);
  end(&rig);
  assert_int_equal(stat(path, &status), -1);
  http_stop(NULL);
}

static void does_not_start_where_it_cannot_listen(void **state) {
  (void)state;
  long before = allocations_live();
  failure_t failure = {0};
  http_t *http = NULL;
  store_t *store = store_new(ROOM);
  assert_int_equal(http_start(&(http_options_t){.site = {.address = "nowhere"}}, store, &http, &failure),
                   STATUS_OPTION);
  assert_string_equal(failure.cause, "\"nowhere\" is not an IP address");
  assert_int_equal(http_start(&(http_options_t){.site = {.socket = "/nowhere/views.sock"}}, store, &http, &failure),
                   STATUS_LISTEN);
  assert_string_equal(failure.cause, "cannot listen on /nowhere/views.sock: No such file or directory");
  allocations_fail_at(1);
  assert_int_equal(http_start(&(http_options_t){.site = {.address = "127.0.0.1"}}, store, &http, &failure),
                   STATUS_NO_MEMORY);
  allocations_fail_at(0);
  assert_null(http);
  store_free(store);
  assert_int_equal(allocations_live(), before);
}

/* Without memory a connection ends; the next one is answered. */
static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  char request[] = "GET /data_producers HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n";
  bool failed = true;
  unsigned long number = 0;
  rig_t rig = begin();
  while (failed) {
    char *answer;
    allocations_fail_at(++number + 1); /* the first is the test's own */
    answer = ask(path, request, NULL);
    failed = allocations_failed();
    allocations_fail_at(0);
    if (!failed)
      assert_non_null(strstr(answer, "\"bytesReceived\":7"));
    free(answer);
  }
  assert_true(number > 5);
  assert_answer("GET /healthz", "", "", "200 OK", NULL);
  end(&rig);
}

int main(void) {
  server_folder_make(folder);
  (void)snprintf(path, sizeof(path), "%s/views", folder);
  TEST(answers_by_route);
  TEST(takes_a_post_with_the_secret);
  TEST(tells_of_each_refusal_once);
  TEST(bounds_what_is_sent);
  TEST(removes_its_socket);
  TEST(does_not_start_where_it_cannot_listen);
  TEST(bears_each_allocation_that_fails);
  int failed = tests_run("server");
  server_folder_remove(folder);
  return failed;
}
