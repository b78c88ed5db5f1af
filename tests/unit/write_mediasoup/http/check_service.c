/* SPDX-License-Identifier: MIT */
/* Serving where the address is taken: said once, tried again, said when it serves; and its end meanwhile. */
#include "support/requests.h"
#include "support/rows.h"
#include "support/server.h"
#include "write_mediasoup/http/service.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SOON = 20, LATE = 3600000 }; /* milliseconds */

static char folder[64], path[100], complaint[1000];
static atomic_int complaints, news;

static void complain(const char *text) {
  (void)snprintf(complaint, sizeof(complaint), "%s", text);
  complaints++;
}

static void say(const char *text) {
  assert_string_equal(text, "the views are served now");
  news++;
}

static const http_options_t options = {.site = {.socket = path}, .complain = complain, .say = say};

static void rest(int milliseconds) { (void)nanosleep(&(struct timespec){.tv_nsec = 1000000L * milliseconds}, NULL); }

static void begin(void) { complaints = news = 0; }

static void serves_at_once(void **state) {
  (void)state;
  store_t *store = store_new(1);
  begin();
  service_t *service = service_start(&options, SOON, store);
  char *answer = ask(path, "GET /healthz HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n", NULL);
  assert_memory_equal(answer, "HTTP/1.1 200 OK", 15);
  free(answer);
  service_stop(service);
  assert_int_equal(complaints, 0);
  assert_int_equal(news, 0);
  assert_int_equal(access(path, F_OK), -1);
  store_free(store);
}

static void serves_when_the_address_is_free(void **state) {
  (void)state;
  long before = allocations_live();
  listener_t other;
  store_t *store = store_new(1);
  char expected[400];
  begin();
  assert_int_equal(listen_at(&options.site, &other, NULL), STATUS_OK);
  service_t *service = service_start(&options, SOON, store);
  rest(5 * SOON);
  assert_int_equal(complaints, 1);
  assert_int_equal(news, 0);
  (void)snprintf(expected, sizeof(expected),
                 "the views are not served: cannot listen on %s: Address already in use; stop the program that uses "
                 "the address, or choose another one (it is tried again until then)",
                 path);
  assert_string_equal(complaint, expected);
  (void)close(other.descriptor);
  for (int i = 0; i < 200 && news == 0; i++)
    rest(SOON);
  assert_int_equal(complaints, 1);
  assert_int_equal(news, 1);
  char *answer = ask(path, "GET /healthz HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n", NULL);
  assert_memory_equal(answer, "HTTP/1.1 200 OK", 15);
  free(answer);
  service_stop(service);
  store_free(store);
  assert_int_equal(allocations_live(), before);
}

static void ends_while_it_waits(void **state) {
  (void)state;
  listener_t other;
  struct stat status;
  store_t *store = store_new(1);
  begin();
  assert_int_equal(listen_at(&options.site, &other, NULL), STATUS_OK);
  time_t since = time(NULL);
  service_stop(service_start(&options, LATE, store));
  assert_true(time(NULL) - since < 2);
  assert_int_equal(stat(path, &status), 0); /* the other one's */
  listen_end(&options.site, &other);
  (void)close(other.descriptor);
  store_free(store);
}

static void a_wrong_option_is_not_tried_again(void **state) {
  (void)state;
  store_t *store = store_new(1);
  begin();
  service_t *service =
      service_start(&(http_options_t){.site = {.address = "nowhere"}, .complain = complain, .say = say}, SOON, store);
  rest(3 * SOON);
  assert_int_equal(complaints, 1);
  assert_string_equal(complaint, "the views are not served: \"nowhere\" is not an IP address; correct Listen, Socket, "
                                 "SocketOwner or SocketGroup");
  service_stop(service);
  service_stop(NULL);
  store_free(store);
}

static void bears_that_there_is_no_memory(void **state) {
  (void)state;
  begin();
  allocations_fail_at(1);
  assert_null(service_start(&options, SOON, NULL));
  allocations_fail_at(2);
  service_t *service = service_start(&options, SOON, NULL);
  allocations_fail_at(0);
  assert_non_null(service);
  assert_string_equal(complaint,
                      "the views are not served: out of memory; give collectd more memory, or lower MaxObjects");
  service_stop(service);
}

int main(void) {
  server_folder_make(folder);
  (void)snprintf(path, sizeof(path), "%s/views", folder);
  TEST(serves_at_once);
  TEST(serves_when_the_address_is_free);
  TEST(ends_while_it_waits);
  TEST(a_wrong_option_is_not_tried_again);
  TEST(bears_that_there_is_no_memory);
  int failed = tests_run("service");
  server_folder_remove(folder);
  return failed;
}
