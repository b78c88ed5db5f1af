/* SPDX-License-Identifier: MIT */
/* Records in a log and as JSON: which are kept, which are asked for, in which order, and what is refused. */
#include "support/support.h"
#include "write_mediasoup/events/event.h"
#include "write_mediasoup/events/record_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 100 };

static void add_event(record_log_t *log, event_kind_t kind, const char *room) {
  record_t *event = event_new(kind, 1.25);
  record_set_text(event, EVENT_ROOM, room);
  record_set_number(event, EVENT_PID, kind == EVENT_WORKER_DIED ? 7 : 0.5);
  record_log_add(log, event_kind_concern(kind), event);
}

/* Numbers 101 to 104. */
static record_log_t *some_events(void) {
  record_log_t *log = record_log_new(&event_type, FIRST);
  add_event(log, EVENT_ROOM_BAD, "red");
  add_event(log, EVENT_WORKER_DIED, NULL);
  add_event(log, EVENT_ROOM_BAD, "blue");
  add_event(log, EVENT_ROOM_GOOD, "red");
  return log;
}

/* The caller frees it. */
static char *text_of(record_log_t *log, const record_query_t *query, uint64_t *version) {
  body_t *body;
  failure_t failure = {0};
  char bytes[8000];
  size_t length = 0;
  assert_int_equal(record_view_new(log, query, &body, &failure), STATUS_OK);
  for (ssize_t read; (read = body_read(body, bytes + length, sizeof(bytes) - 1 - length)) > 0;)
    length += (size_t)read;
  bytes[length] = '\0';
  if (version != NULL)
    *version = body_version(body);
  body_free(body);
  return strdup(bytes);
}

typedef struct {
  const char *name; /* KEY=VALUE&KEY=VALUE */
  const char *expected;
} query_case_t;

static const query_case_t query_cases[] = {
    {"fields=number", "[{'number':104},{'number':103},{'number':102},{'number':101}]"},
    {"fields=number&kind=room_bad", "[{'number':103},{'number':101}]"},
    {"fields=number&kind=room_bad&room=red", "[{'number':101}]"},
    {"fields=number&room=green", "[]"},
    {"fields=number&room=", "[]"},
    {"fields=number&pid=7", "[{'number':102}]"},
    {"fields=number&pid=7.0", "[{'number':102}]"},
    {"fields=number&pid=x", "[]"},
    {"fields=number&limit=2", "[{'number':104},{'number':103}]"},
    {"fields=number&limit=1&offset=1", "[{'number':103}]"},
    {"fields=number&offset=9", "[]"},
    {"fields=number&since=102", "[{'number':104},{'number':103}]"},
    {"fields=number&since=104", "[]"},
    {"fields=number&since=0&limit=1&room=blue", "[{'number':103}]"},
    {"number=102", "[{'number':102,'time':1250,'kind':'worker_died','severity':'failure','pid':7}]"},
    {"number=101&fields=room&fields=pid", "[{'room':'red','pid':0.5}]"},
};

static const query_case_t refused_cases[] = {
    {"colour=red", "/events has no parameter \"colour\"; there are limit, "},
    {"fields=colour", "fields: /events has no field \"colour\""},
    {"limit=0", "limit takes a whole number from 1 to 1000000000, not \"0\""},
    {"since=-1", "since takes a whole number from 0 to 9000000000000000, not \"-1\""},
    {"since=1&since=2", "since is given more than once"},
    {"limit=1&limit=1", "limit is given more than once"},
    {"worst=1", "worst: /events has no score"},
};

/* Adds the parameters of "KEY=VALUE&KEY=VALUE", whose text is written to. */
static status_t read_query(char *text, record_query_t *query, failure_t *failure) {
  char *rest = NULL;
  status_t status = STATUS_OK;
  for (char *pair = strtok_r(text, "&", &rest); pair != NULL && status == STATUS_OK;
       pair = strtok_r(NULL, "&", &rest)) {
    char *equals = strchr(pair, '=');
    *equals = '\0';
    status = record_query_add(query, &event_type, pair, equals + 1, failure);
  }
  return status;
}

static void answers(void **state) {
  const query_case_t *one = *state;
  long before = allocations_live();
  record_query_t query = {0};
  char *asked = strdup(one->name), *expected = json(one->expected);
  record_log_t *log = some_events();
  assert_int_equal(read_query(asked, &query, NULL), STATUS_OK);
  char *shown = text_of(log, &query, NULL);
  assert_string_equal(shown, expected);
  free(shown);
  free(expected);
  free(asked);
  record_log_free(log);
  assert_int_equal(allocations_live(), before);
}

static void refuses(void **state) {
  const query_case_t *one = *state;
  record_query_t query = {0};
  failure_t failure = {0};
  char *asked = strdup(one->name);
  assert_int_equal(read_query(asked, &query, &failure), STATUS_QUERY);
  if (strncmp(failure.cause, one->expected, strlen(one->expected)) != 0)
    fail_msg("\"%s\" does not begin with \"%s\"", failure.cause, one->expected);
  free(asked);
}

static void keeps_the_last(void **state) {
  (void)state;
  long before = allocations_live();
  record_log_t *log = record_log_new(&event_type, 0);
  for (size_t i = 0; i < 2 * RECORD_LOG_MAX + 3; i++)
    add_event(log, EVENT_ROOM_BAD, "red");
  size_t length;
  uint64_t number;
  record_t **records = record_log_take(log, &length, &number);
  assert_int_equal(length, RECORD_LOG_MAX);
  assert_int_equal(number, 2 * RECORD_LOG_MAX + 3);
  assert_true(records[0]->values[0].number == (double)number);
  assert_true(records[length - 1]->values[0].number == (double)(RECORD_LOG_MAX + 4));
  record_log_free(log); /* what was taken stays */
  assert_string_equal(records[length - 1]->values[EVENT_ROOM].text, "red");
  record_log_release(records, length);
  assert_int_equal(allocations_live(), before);
}

static void keeps_what_is_about_others(void **state) {
  (void)state;
  record_log_t *log = record_log_new(&event_type, 0);
  add_event(log, EVENT_WORKER_DIED, NULL);
  add_event(log, EVENT_ROOM_BAD, "red");
  for (size_t i = 0; i < RECORD_LOG_MAX + 5; i++)
    add_event(log, EVENT_PARTICIPANT_BAD, "red");
  add_event(log, EVENT_ROOM_GOOD, "red");
  size_t length;
  uint64_t number;
  record_t **records = record_log_take(log, &length, &number);
  assert_int_equal(length, RECORD_LOG_MAX + 3);
  assert_int_equal(event_kind(records[0]), EVENT_ROOM_GOOD);
  assert_int_equal(event_kind(records[1]), EVENT_PARTICIPANT_BAD);
  assert_int_equal(event_kind(records[length - 2]), EVENT_ROOM_BAD);
  assert_int_equal(event_kind(records[length - 1]), EVENT_WORKER_DIED);
  record_log_release(records, length);
  record_log_free(log);
}

static void changes_its_version_with_each_record(void **state) {
  (void)state;
  const record_query_t all = {0};
  uint64_t first, same, other;
  record_log_t *log = some_events();
  free(text_of(log, &all, &first));
  free(text_of(log, &all, &same));
  add_event(log, EVENT_ROOM_GOOD, "red");
  free(text_of(log, &all, &other));
  assert_int_equal(first, same);
  assert_int_not_equal(first, other);
  record_log_add(log, CONCERNS_ROOM, NULL);
  free(text_of(log, &all, &same));
  assert_int_equal(other, same);
  record_log_free(log);
}

static void fails_without_memory(void **state) {
  (void)state;
  const record_query_t all = {0};
  long before = allocations_live();
  for (unsigned long number = 1; number <= 3; number++) {
    record_log_t *log = some_events();
    body_t *body = NULL;
    failure_t failure = {0};
    allocations_fail_at(number);
    assert_int_equal(record_view_new(log, &all, &body, &failure), STATUS_NO_MEMORY);
    allocations_fail_at(0);
    assert_null(body);
    record_log_free(log);
    assert_int_equal(allocations_live(), before);
  }
  allocations_fail_at(1);
  assert_null(record_log_new(&event_type, 0));
  allocations_fail_at(0);
}

int main(void) {
  TEST_CASES(answers, query_cases);
  TEST_CASES(refuses, refused_cases);
  TEST(keeps_the_last);
  TEST(keeps_what_is_about_others);
  TEST(changes_its_version_with_each_record);
  TEST(fails_without_memory);
  return tests_run("record_view");
}
