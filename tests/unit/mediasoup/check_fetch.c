/* SPDX-License-Identifier: MIT */
/* HTTP over a Unix socket: what is an answer, and what is said of everything else. */
#include "common/clock.h"
#include "mediasoup/fetch.h"
#include "support/server.h"
#include "support/support.h"

#include <curl/curl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define OK_CLOSE "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
#define OK_LENGTH(length) "HTTP/1.1 200 OK\r\nContent-Length: " #length "\r\n\r\n"

typedef struct {
  buffer_t body;
  status_t refuses_with; /* STATUS_OK: it takes all */
} receiver_t;

static status_t receive(void *context, const char *bytes, size_t length, failure_t *failure) {
  receiver_t *receiver = context;
  if (receiver->refuses_with != STATUS_OK)
    return failure_set(failure, receiver->refuses_with, "the receiver says no");
  buffer_append(&receiver->body, bytes, length);
  return buffer_status(&receiver->body);
}

typedef struct {
  const char *name;
  const char *answer;
  size_t repeat;
  bool hangs;
  status_t refuses_with;
  status_t status;
  const char *body;  /* of STATUS_OK */
  const char *cause; /* part of it, of a failure */
} answer_case_t;

static const answer_case_t answer_cases[] = {
    {"a length", OK_LENGTH(5) "hello", 0, true, STATUS_OK, STATUS_OK, "hello", NULL},
    {"no length", OK_CLOSE "hello", 0, false, STATUS_OK, STATUS_OK, "hello", NULL},
    {"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", 0, true,
     STATUS_OK, STATUS_OK, "hello", NULL},
    {"nothing in it", OK_LENGTH(0), 0, true, STATUS_OK, STATUS_OK, "", NULL},
    {"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nhello", 0, false, STATUS_OK, STATUS_OK, "hello", NULL},

    {"cut within its length", OK_LENGTH(9) "hello", 0, false, STATUS_OK, STATUS_CLOSED, NULL,
     " closed the connection after 5 bytes of its answer"},
    {"cut within a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhel", 0, false, STATUS_OK,
     STATUS_CLOSED, NULL, " closed the connection after 3 bytes of its answer"},
    {"cut between chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n", 0, false, STATUS_OK,
     STATUS_CLOSED, NULL, " closed the connection after 3 bytes of its answer"},
    {"no answer at all", "", 0, false, STATUS_OK, STATUS_CLOSED, NULL, " closed the connection after 0 bytes"},
    {"hangs before the answer", "", 0, true, STATUS_OK, STATUS_TIMEOUT, NULL,
     " did not answer within 0.3 s; 0 bytes came"},
    {"hangs within the answer", OK_LENGTH(9) "hello", 0, true, STATUS_OK, STATUS_TIMEOUT, NULL,
     " did not answer within 0.3 s; 5 bytes came"},
    {"no HTTP", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\nhello\r\n", 0, false, STATUS_OK, STATUS_NOT_HTTP, NULL,
     "the program that listens at "},

    {"an error with its reason", "HTTP/1.1 404 Not Found\r\nContent-Length: 22\r\n\r\n{\"error\":\"no such\tone\"}", 0,
     true, STATUS_OK, STATUS_HTTP, NULL, " answered with HTTP status 404: {\"error\":\"no such one\""},
    {"an error without a word", "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", 0, true, STATUS_OK, STATUS_HTTP, NULL,
     " answered with HTTP status 500"},
    {"an error that wants a token", "HTTP/1.1 401 Oh\r\nContent-Length: 3\r\n\r\nwho", 0, true, STATUS_OK,
     STATUS_REJECTED, NULL, " answered with HTTP status 401: who"},
    {"an error with a long reason", "HTTP/1.1 503 Oh\r\nConnection: close\r\n\r\nx", 100000, false, STATUS_OK,
     STATUS_HTTP, NULL, " answered with HTTP status 503: xxxxxxxx"},
    {"a redirection is not followed", "HTTP/1.1 302 Oh\r\nLocation: http://localhost/x\r\nContent-Length: 0\r\n\r\n", 0,
     true, STATUS_OK, STATUS_HTTP, NULL, " answered with HTTP status 302"},
    {"success of another kind", "HTTP/1.1 204 No Content\r\n\r\n", 0, true, STATUS_OK, STATUS_HTTP, NULL,
     " answered with HTTP status 204"},

    {"the receiver refuses", OK_LENGTH(5) "hello", 0, true, STATUS_SYNTAX, STATUS_SYNTAX, NULL, "the receiver says no"},
    {"more than the receiver has room for", OK_CLOSE "x", 300000, false, STATUS_OK, STATUS_TOO_LARGE, NULL, ""},
};

static char folder[64];

static fetch_t *new_fetch(const char *path, receiver_t *receiver) {
  fetch_t *fetch = fetch_new(&(fetch_options_t){.socket = path,
                                                .url = "http://localhost/v1/snapshot?rows=workers",
                                                .timeout_milliseconds = 300,
                                                .on_body = receive,
                                                .context = receiver});
  assert_non_null(fetch);
  return fetch;
}

static void assert_outcome(const fetch_t *fetch, const receiver_t *receiver, const answer_case_t *one) {
  const failure_t *failure;
  assert_int_equal(fetch_status(fetch, &failure), one->status);
  assert_int_equal(failure->status, one->status);
  if (one->status == STATUS_OK)
    assert_string_equal(buffer_text(&receiver->body), one->body);
  else if (strstr(failure->cause, one->cause) == NULL)
    fail_msg("\"%s\" instead of \"%s\"", failure->cause, one->cause);
  assert_null(strchr(failure->cause, '\n'));
  assert_true(fetch_seconds(fetch) >= 0 && fetch_seconds(fetch) < 5);
}

static void answers(void **state) {
  const answer_case_t *one = *state;
  long before = allocations_live();
  receiver_t receiver = {BUFFER_INIT(200000), one->refuses_with};
  server_t server = {.answer = one->answer, .repeat = one->repeat, .hangs = one->hangs};
  server_start(&server, folder, "a.sock");
  fetch_t *fetch = new_fetch(server.path, &receiver);
  for (int i = 0; i < 2; i++) { /* the second time is as the first */
    buffer_clear(&receiver.body);
    fetch_all(&fetch, 1, NULL);
    assert_outcome(fetch, &receiver, one);
  }
  fetch_free(fetch);
  server_stop(&server);
  assert_memory_equal(server.request, "GET /v1/snapshot?rows=workers HTTP/1.1\r\n", 40);
  assert_non_null(strstr(server.request, "\r\nUser-Agent: collectd-mediasoup\r\n"));
  assert_non_null(strstr(server.request, "\r\nHost: localhost\r\n"));
  buffer_done(&receiver.body);
  assert_int_equal(allocations_live(), before);
}

/* --- nobody answers --- */

static void assert_cannot_connect(const char *path, status_t status, const char *reason) {
  const failure_t *failure;
  receiver_t receiver = {BUFFER_INIT(100), STATUS_OK};
  fetch_t *fetch = new_fetch(path, &receiver);
  char cause[256];
  (void)snprintf(cause, sizeof(cause), "cannot connect to %s: %s", path, reason);
  fetch_all(&fetch, 1, NULL);
  assert_int_equal(fetch_status(fetch, &failure), status);
  assert_string_equal(failure->cause, cause);
  fetch_free(fetch);
}

static void there_is_no_socket(void **state) {
  (void)state;
  char path[100];
  (void)snprintf(path, sizeof(path), "%s/none.sock", folder);
  assert_cannot_connect(path, STATUS_NO_SOCKET, "No such file or directory");
}

static void nobody_listens(void **state) {
  (void)state;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/dead.sock", folder);
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
  (void)close(listener);
  assert_cannot_connect(address.sun_path, STATUS_REFUSED, "Connection refused");
}

/* --- several --- */

static void one_that_hangs_costs_the_others_nothing(void **state) {
  (void)state;
  enum { COUNT = 5, SLOW = 2 };
  server_t servers[COUNT];
  receiver_t receivers[COUNT];
  fetch_t *fetches[COUNT];
  for (int i = 0; i < COUNT; i++) {
    char name[16];
    (void)snprintf(name, sizeof(name), "%d.sock", i);
    servers[i] = (server_t){.answer = i == SLOW ? "" : OK_LENGTH(5) "hello", .hangs = true};
    receivers[i] = (receiver_t){BUFFER_INIT(100), STATUS_OK};
    server_start(&servers[i], folder, name);
    fetches[i] = new_fetch(servers[i].path, &receivers[i]);
  }
  fetch_all(fetches, COUNT, NULL);
  for (int i = 0; i < COUNT; i++) {
    const failure_t *failure;
    assert_int_equal(fetch_status(fetches[i], &failure), i == SLOW ? STATUS_TIMEOUT : STATUS_OK);
    assert_string_equal(buffer_text(&receivers[i].body), i == SLOW ? "" : "hello");
    assert_true(i == SLOW ? fetch_seconds(fetches[i]) >= 0.29 : fetch_seconds(fetches[i]) < 0.25);
    fetch_free(fetches[i]);
    server_stop(&servers[i]);
    buffer_done(&receivers[i].body);
  }
  fetch_all(NULL, 0, NULL);
}

/* collectd ends: the endpoint that hangs is not waited for. */
static void stops_when_it_is_told(void **state) {
  (void)state;
  volatile sig_atomic_t stop = 1;
  const failure_t *failure;
  receiver_t receiver = {BUFFER_INIT(100), STATUS_OK};
  server_t server = {.answer = "", .hangs = true};
  server_start(&server, folder, "stop.sock");
  fetch_t *fetch = new_fetch(server.path, &receiver);
  double before = steady_seconds();
  fetch_all(&fetch, 1, &stop);
  assert_true(steady_seconds() - before < 0.25);
  assert_int_equal(fetch_status(fetch, &failure), STATUS_CLOSED);
  assert_non_null(strstr(failure->cause, "collectd stopped before "));
  stop = 0;
  fetch_all(&fetch, 1, &stop);
  assert_int_equal(fetch_status(fetch, &failure), STATUS_TIMEOUT);
  fetch_free(fetch);
  server_stop(&server);
  buffer_done(&receiver.body);
}

/* libcurl finds this one before libc's. */
static const double slow_seconds = 1.5;
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
  (void)node, (void)service, (void)hints, (void)result;
  struct timespec pause = {.tv_sec = (time_t)slow_seconds, .tv_nsec = 500000000};
  (void)nanosleep(&pause, NULL);
  return EAI_AGAIN;
}

static void a_name_that_resolves_slowly_costs_no_more_than_the_timeout(void **state) {
  (void)state;
  const failure_t *failure;
  receiver_t receiver = {BUFFER_INIT(100), STATUS_OK};
  fetch_t *fetch = fetch_new(&(fetch_options_t){
      .url = "http://slow.example/", .timeout_milliseconds = 300, .on_body = receive, .context = &receiver});
  double before = steady_seconds();
  fetch_all(&fetch, 1, NULL);
  assert_true(steady_seconds() - before < 1);
  assert_int_equal(fetch_status(fetch, &failure), STATUS_TIMEOUT);
  fetch_free(fetch);
  (void)sleep(2); /* libcurl's thread ends */
  buffer_done(&receiver.body);
}

static void an_answer_is_bounded(void **state) {
  (void)state;
  const failure_t *failure;
  receiver_t receiver = {BUFFER_INIT(SNAPSHOT_MAX_BYTES), STATUS_OK};
  server_t server = {.answer = OK_CLOSE "x", .repeat = SNAPSHOT_MAX_BYTES};
  server_start(&server, folder, "large.sock");
  fetch_t *fetch = fetch_new(&(fetch_options_t){.socket = server.path,
                                                .url = "http://localhost/",
                                                .timeout_milliseconds = 60000,
                                                .on_body = receive,
                                                .context = &receiver});
  fetch_all(&fetch, 1, NULL);
  assert_int_equal(fetch_status(fetch, &failure), STATUS_TOO_LARGE);
  assert_string_equal(failure->cause, "the answer is larger than 83886080 bytes");
  fetch_free(fetch);
  server_stop(&server);
  buffer_done(&receiver.body);
}

static void asks_for_another_url(void **state) {
  (void)state;
  static const char *const urls[] = {"http://localhost/a?b=1", "http://localhost/a?b=2&c=3"};
  static const char *const asked[] = {"GET /a?b=1 HTTP/1.1\r\n", "GET /a?b=2&c=3 HTTP/1.1\r\n"};
  receiver_t receiver = {.body = BUFFER_INIT(100)};
  server_t server = {.answer = OK_CLOSE};
  server_start(&server, folder, "url.sock");
  fetch_t *fetch = new_fetch(server.path, &receiver);
  server_stop(&server);
  for (size_t i = 0; i < LENGTH(urls); i++) {
    const failure_t *failure;
    server_start(&server, folder, "url.sock");
    assert_int_equal(fetch_set_url(fetch, urls[i]), STATUS_OK);
    fetch_all(&fetch, 1, NULL);
    assert_int_equal(fetch_status(fetch, &failure), STATUS_OK);
    server_stop(&server);
    assert_memory_equal(server.request, asked[i], strlen(asked[i]));
  }
  fetch_free(fetch);
  buffer_done(&receiver.body);
}

static void write_token(const char *path, const char *line) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  assert_true(fputs(line, file) >= 0);
  assert_int_equal(fclose(file), 0);
}

/* The token is that which is in the file when the fetch begins. Without one nothing is asked. */
static void sends_the_token(void **state) {
  (void)state;
  static const char *const lines[] = {"first\n", "\n", "second\n"};
  static const char *const sent[] = {"\r\nAuthorization: Bearer first\r\n", NULL,
                                     "\r\nAuthorization: Bearer second\r\n"};
  char path[100];
  const failure_t *failure;
  receiver_t receiver = {BUFFER_INIT(100), STATUS_OK};
  (void)snprintf(path, sizeof(path), "%s/token", folder);
  char socket[100];
  (void)snprintf(socket, sizeof(socket), "%s/token.sock", folder);
  fetch_t *fetch = fetch_new(&(fetch_options_t){.socket = socket,
                                                .url = "http://localhost/",
                                                .trust = {.token_file = path},
                                                .timeout_milliseconds = 5000,
                                                .on_body = receive,
                                                .context = &receiver});
  assert_non_null(fetch);
  for (size_t i = 0; i < LENGTH(lines); i++) {
    server_t server = {.answer = OK_CLOSE};
    write_token(path, lines[i]);
    server_start(&server, folder, "token.sock");
    fetch_all(&fetch, 1, NULL);
    server_stop(&server);
    assert_int_equal(fetch_status(fetch, &failure), sent[i] != NULL ? STATUS_OK : STATUS_SECRET);
    if (sent[i] != NULL)
      assert_non_null(strstr(server.request, sent[i]));
    else
      assert_string_equal(server.request, "");
  }
  fetch_free(fetch);
  buffer_done(&receiver.body);
}

static void fails_without_memory(void **state) {
  (void)state;
  fetch_options_t options = {.socket = "/x", .url = "http://localhost/", .timeout_milliseconds = 1, .on_body = receive};
  long before = allocations_live();
  options.trust = (trust_t){.token_file = "/t", .ca_file = "/c"};
  for (unsigned long number = 1; number <= 4; number++) {
    allocations_fail_at(number);
    assert_null(fetch_new(&options));
    assert_true(allocations_failed());
    assert_int_equal(allocations_live(), before);
  }
  allocations_fail_at(0);
  fetch_free(NULL);
}

int main(void) {
  (void)curl_global_init(CURL_GLOBAL_DEFAULT);
  server_folder_make(folder);
  TEST_CASES(answers, answer_cases);
  TEST(there_is_no_socket);
  TEST(nobody_listens);
  TEST(one_that_hangs_costs_the_others_nothing);
  TEST(stops_when_it_is_told);
  TEST(a_name_that_resolves_slowly_costs_no_more_than_the_timeout);
  TEST(an_answer_is_bounded);
  TEST(asks_for_another_url);
  TEST(sends_the_token);
  TEST(fails_without_memory);
  int failed = tests_run("fetch");
  server_folder_remove(folder);
  curl_global_cleanup();
  return failed;
}
