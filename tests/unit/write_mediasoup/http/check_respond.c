/* SPDX-License-Identifier: MIT */
/* Answers through libmicrohttpd: bytes and headers of each kind, HEAD, tags, compression, failures on the way. */
#include "support/requests.h"
#include "support/server.h"
#include "support/support.h"
#include "write_mediasoup/http/listen.h"
#include "write_mediasoup/http/respond.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[64], path[100];
static struct MHD_Daemon *daemon_of_test;

/* --- a body of two pieces --- */

typedef struct {
  int given;
  bool fails;
  buffer_t piece;
} source_t;

static atomic_int freed;

static const buffer_t *next_piece(void *context) {
  source_t *source = context;
  buffer_clear(&source->piece);
  if (source->given == 2 && !source->fails)
    return NULL;
  if (source->given == 2)
    buffer_fail(&source->piece, STATUS_NO_MEMORY);
  buffer_append_text(&source->piece, source->given++ == 0 ? "one, " : "two");
  return &source->piece;
}

static void free_source(void *context) {
  source_t *source = context;
  buffer_done(&source->piece);
  free(source);
  freed++;
}

static const body_type_t source_type = {.next = next_piece, .free = free_source};

static body_t *two_pieces(bool fails) {
  source_t *source = calloc(1, sizeof(*source));
  *source = (source_t){.fails = fails, .piece = BUFFER_INIT(100)};
  return body_new(&source_type, source, UINT64_C(0xabc));
}

/* --- a server of fixed answers --- */

static void answer_path(const char *url, answer_t *answer) {
  if (strcmp(url, "/body") == 0)
    answer_body(answer, "application/json", two_pieces(false));
  else if (strcmp(url, "/broken") == 0)
    answer_body(answer, "application/json", two_pieces(true));
  else if (strcmp(url, "/text") == 0)
    answer_text(answer, "text/html", "a page, and more", 6);
  else if (strcmp(url, "/made") == 0)
    answer_json(answer, "{\"n\":%d}", 7);
  else if (strcmp(url, "/latin") == 0)
    answer_error(answer, 404, "there is no %s", "\xfc");
  else
    answer_error(answer, 404, "there is no \"%s\"", url);
  if (strcmp(url, "/text") == 0) {
    answer->header = "Content-Security-Policy";
    answer->header_value = "default-src 'none'";
    answer->vary = "Accept, Accept-Encoding";
  }
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *body, size_t *body_length, void **state) {
  answer_t answer;
  (void)context, (void)version, (void)body, (void)body_length;
  if (*state == NULL) {
    *state = connection;
    return MHD_YES;
  }
  answer_path(url, &answer);
  return respond(connection, &answer, strcmp(method, "HEAD") == 0);
}

static void start(void) {
  listener_t listener;
  server_folder_make(folder);
  (void)snprintf(path, sizeof(path), "%s/respond", folder);
  if (listen_at(&(site_t){.socket = path}, &listener, &(failure_t){0}) == STATUS_OK)
    daemon_of_test = MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, on_request, NULL,
                                      MHD_OPTION_LISTEN_SOCKET, listener.descriptor, MHD_OPTION_END);
  if (daemon_of_test == NULL)
    abort();
}

static void stop(void) {
  if (daemon_of_test != NULL)
    MHD_stop_daemon(daemon_of_test);
  server_folder_remove(folder);
}

/* METHOD URL, and headers that end in CRLF. The caller frees the answer. */
static char *asked(const char *what, const char *headers) {
  char request[500];
  (void)snprintf(request, sizeof(request), "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n", what,
                 headers);
  return ask(path, request, NULL);
}

static void assert_has(const char *answer, const char *part) {
  if (strstr(answer, part) == NULL)
    fail_msg("\"%s\" is not in \"%s\"", part, answer);
}

/* Chunked: a length, the bytes, and so on. */
static void assert_chunks(const char *answer, const char *expected) {
  const char *at = body_of(answer);
  buffer_t bytes = BUFFER_INIT(10000);
  for (unsigned long length; (length = strtoul(at, NULL, 16)) > 0;) {
    at = strstr(at, "\r\n") + 2;
    buffer_append(&bytes, at, length);
    at += length + 2;
  }
  assert_string_equal(buffer_text(&bytes), expected);
  assert_string_equal(at, "0\r\n\r\n");
  buffer_done(&bytes);
}

/* --- tests --- */

typedef struct {
  const char *name; /* of the URL */
  const char *parts[6];
  const char *bytes;
} text_case_t;

static const text_case_t text_cases[] = {
    {"/text",
     {"HTTP/1.1 200 OK\r\n", "Content-Type: text/html\r\n", "Content-Security-Policy: default-src 'none'\r\n",
      "Vary: Accept, Accept-Encoding\r\n", "Content-Length: 6\r\n"},
     "a page"},
    {"/made",
     {"HTTP/1.1 200 OK\r\n", "Content-Type: application/json\r\n", "Vary: Accept-Encoding\r\n",
      "X-Content-Type-Options: nosniff\r\n", "Cache-Control: no-cache\r\n"},
     "{\"n\":7}"},
    {"/none",
     {"HTTP/1.1 404 Not Found\r\n", "Content-Type: application/json\r\n"},
     "{\"error\":\"there is no \\\"/none\\\"\"}\n"},
    {"/latin", {"HTTP/1.1 404 Not Found\r\n"}, "{\"error\":\"the request is not UTF-8\"}\n"},
};

static void sends_a_text(void **state) {
  const text_case_t *one = *state;
  char what[100];
  (void)snprintf(what, sizeof(what), "GET %s", one->name);
  char *answer = asked(what, "");
  for (size_t i = 0; one->parts[i] != NULL; i++)
    assert_has(answer, one->parts[i]);
  assert_string_equal(body_of(answer), one->bytes);
  assert_null(strstr(answer, "ETag"));
  free(answer);
}

static void sends_a_body(void **state) {
  (void)state;
  char *answer = asked("GET /body", "");
  assert_has(answer, "HTTP/1.1 200 OK\r\n");
  assert_has(answer, "ETag: W/\"0000000000000abc\"\r\n");
  assert_has(answer, "Vary: Accept-Encoding\r\n");
  assert_null(strstr(answer, "Content-Encoding"));
  assert_chunks(answer, "one, two");
  free(answer);
}

static void sends_no_body_for_head(void **state) {
  (void)state;
  char *answer = asked("HEAD /body", "");
  assert_has(answer, "HTTP/1.1 200 OK\r\n");
  assert_has(answer, "ETag: W/\"0000000000000abc\"\r\n");
  assert_string_equal(body_of(answer), "");
  assert_null(strstr(answer, "Content-Length")); /* it is not 0 */
  free(answer);
  answer = asked("HEAD /text", "");
  assert_has(answer, "HTTP/1.1 200 OK\r\n");
  assert_has(answer, "Content-Length: 6\r\n");
  assert_string_equal(body_of(answer), "");
  free(answer);
}

static void sends_nothing_that_the_client_has(void **state) {
  (void)state;
  char *answer = asked("GET /body", "If-None-Match: \"x\", W/\"0000000000000abc\"\r\n");
  assert_has(answer, "HTTP/1.1 304 Not Modified\r\n");
  assert_has(answer, "ETag: W/\"0000000000000abc\"\r\n");
  assert_string_equal(body_of(answer), "");
  free(answer);
  answer = asked("GET /body", "If-None-Match: *\r\n");
  assert_has(answer, "HTTP/1.1 304 Not Modified\r\n");
  free(answer);
  answer = asked("GET /body", "If-None-Match: W/\"0000000000000abd\"\r\n");
  assert_has(answer, "HTTP/1.1 200 OK\r\n");
  free(answer);
}

static void compresses_for_clients_that_take_it(void **state) {
  (void)state;
  char *answer = asked("GET /body", "Accept-Encoding: br, gzip\r\n");
  assert_has(answer, "Content-Encoding: gzip\r\n");
  const char *chunk = strstr(body_of(answer), "\r\n") + 2;
  assert_memory_equal(chunk, "\x1f\x8b", 2);
  free(answer);
  answer = asked("GET /text", "Accept-Encoding: gzip\r\n"); /* a text is short, or the browser keeps it */
  assert_null(strstr(answer, "Content-Encoding"));
  free(answer);
}

/* A client must not take half an answer for a whole one. */
static void breaks_off_without_an_end(void **state) {
  (void)state;
  char *answer = asked("GET /broken", "");
  assert_has(answer, "HTTP/1.1 200 OK\r\n");
  assert_null(strstr(answer, "0\r\n\r\n"));
  free(answer);
}

static void frees_every_body(void **state) {
  (void)state;
  static const char *const headers[] = {"", "Accept-Encoding: gzip\r\n", "If-None-Match: W/\"0000000000000abc\"\r\n"};
  int before = freed;
  for (size_t i = 0; i < LENGTH(headers); i++) {
    free(asked("GET /body", headers[i]));
    free(asked("HEAD /body", headers[i]));
  }
  MHD_stop_daemon(daemon_of_test); /* ends what it is still about */
  daemon_of_test = NULL;
  assert_int_equal(freed - before, 2 * LENGTH(headers));
}

int main(void) {
  start();
  TEST_CASES(sends_a_text, text_cases);
  TEST(sends_a_body);
  TEST(sends_no_body_for_head);
  TEST(sends_nothing_that_the_client_has);
  TEST(compresses_for_clients_that_take_it);
  TEST(breaks_off_without_an_end);
  TEST(frees_every_body); /* the last: it stops the server */
  int failed = tests_run("respond");
  stop();
  return failed;
}
