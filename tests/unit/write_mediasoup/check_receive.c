/* SPDX-License-Identifier: MIT */
/* What other hosts post: which value lists become rows, exact errors, all or none; and without memory. */
#include "support/rows.h"
#include "write_mediasoup/receive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const class_id_t tested = CLASS_DATA_PRODUCERS;

enum { ROOM = 100, NOW = 1000 };

/* A value list without its type_instance, and with it. */
#define MEMBERS                                                                                                        \
  "'values':[7,700],'dsnames':['messages_received','bytes_received'],'time':1000,'interval':10,'host':'far',"          \
  "'plugin':'mediasoup','plugin_instance':'','type':'data_producers'"
#define LIST(more) "{" MEMBERS "," more "}"
#define GOOD LIST("'type_instance':'id=d1','meta':{'dataProducerId':'d1','label':'x'}")

static status_t post(store_t *store, const char *text, size_t *taken, failure_t *failure) {
  char *body = json(text);
  status_t status = receive(store, body, strlen(body), NOW, taken, failure);
  free(body);
  return status;
}

static void assert_shown(store_t *store, class_id_t class, const char *fact, const char *expected) {
  char *shown = show_rows(store, class, NULL, NOW, fact);
  assert_string_equal(shown, expected);
  free(shown);
}

/* --- what is taken --- */

typedef struct {
  const char *name;
  const char *body;
  size_t taken;
  const char *fact;
  const char *shown;
} take_case_t;

static const take_case_t take_cases[] = {
    {"nothing", "[]", 0, NULL, ""},
    {"a value list with metadata", "[" GOOD "]", 1, "label", "far:id=d1=7(x)"},
    {"several", "[" GOOD "," LIST("'type_instance':'id=d2'") "]", 2, "dataProducerId",
     "far:id=d1=7(d1) far:id=d2=7(d2)"},
    {"without metadata, the name tells", "[" LIST("'type_instance':'id=d2'") "]", 1, "dataProducerId",
     "far:id=d2=7(d2)"},
    {"empty metadata", "[" LIST("'type_instance':'id=d2','meta':{}") "]", 1, "dataProducerId", "far:id=d2=7(d2)"},
    {"metadata of each type",
     "[" LIST(
         "'type_instance':'id=d1','meta':{'label':'x','clockRate':90000,'paused':true,'zeal':null,'list':[1]}") "]",
     1, "clockRate", "far:id=d1=7(90000)"},
    {"a truth", "[" LIST("'type_instance':'x','meta':{'paused':false}") "]", 1, "paused", "far:x=7(false)"},
    {"pieces of appData", "[" LIST("'type_instance':'x','meta':{'appData.1':':1}','appData':'{\\\"a\\\"'}") "]", 1,
     "appData", "far:x=7({\"a\":1})"},
    {"other plugins, and types that are not the table's",
     "[{'plugin':'cpu','type':'data_producers','values':[1]}," GOOD ",{'plugin':'mediasoup','type':'unknown'}]", 1,
     NULL, "far:id=d1=7"},
    {"a counter with an exponent, a minute ahead",
     "[{'plugin':'mediasoup','type':'data_producers','type_instance':'x','host':'far','time':1060,'interval':86400,"
     "'dsnames':['messages_received','bytes_received'],'values':[8e0,1e3]}]",
     1, NULL, "far:x=8"},
};

static void takes(void **state) {
  const take_case_t *one = *state;
  long before = allocations_live();
  store_t *store = store_new(ROOM);
  failure_t failure = {0};
  size_t taken = 99;
  assert_int_equal(post(store, one->body, &taken, &failure), STATUS_OK);
  assert_int_equal(taken, one->taken);
  assert_shown(store, tested, one->fact, one->shown);
  store_free(store);
  assert_int_equal(allocations_live(), before);
}

static void takes_gauges_that_are_unknown(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  failure_t failure = {0};
  size_t taken, length;
  assert_int_equal(
      post(store,
           "[{'values':[6,600,null],'dsnames':['messages_sent','bytes_sent','buffered_amount'],'time':1000,"
           "'interval':10,'host':'far','plugin':'mediasoup','type':'data_consumers','type_instance':'id=e'},"
           "{'values':[6,600,-1.5],'dsnames':['messages_sent','bytes_sent','buffered_amount'],'time':1000,"
           "'interval':10,'host':'far','plugin':'mediasoup','type':'data_consumers','type_instance':'id=f'}]",
           &taken, &failure),
      STATUS_OK);
  const store_row_t **rows = store_take(store, &classes[CLASS_DATA_CONSUMERS], NULL, NOW, &length);
  assert_int_equal(length, 2);
  assert_int_equal(rows[0]->values[1].counter, 600);
  assert_true(rows[0]->values[2].gauge != rows[0]->values[2].gauge);
  assert_true(rows[1]->values[2].gauge == -1.5);
  assert_true(rows[0]->time == 1000 && rows[0]->interval == 10);
  store_release(rows, length);
  store_free(store);
}

static void a_summary_has_what_its_name_tells(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  failure_t failure = {0};
  size_t taken;
  assert_int_equal(
      post(store,
           "[{'values':[1,0.5,0.1,0.01,1000],'dsnames':['score','loss_ratio','round_trip_time_seconds',"
           "'jitter_seconds','bitrate_bits_per_second'],'time':1000,'interval':10,'host':'far',"
           "'plugin':'mediasoup','plugin_instance':'sfu','type':'worst_consumers','type_instance':'rank=1',"
           "'meta':{'consumerId':'c'}}]",
           &taken, &failure),
      STATUS_OK);
  assert_shown(store, CLASS_WORST_CONSUMERS, "consumerId", "far:rank=1=1(c)");
  assert_shown(store, CLASS_WORST_CONSUMERS, "rank", "far:rank=1=1(1)");
  assert_shown(store, CLASS_WORST_CONSUMERS, "endpoint", "far:rank=1=1(sfu)");
  store_free(store);
}

/* --- what is refused --- */

typedef struct {
  const char *name;
  const char *body;
  status_t status;
  const char *cause;
} refuse_case_t;

#define SAME_VERSION "; does the sender run the same plugin version?"
#define SECOND(changed) "[" GOOD ",{'plugin':'mediasoup','type':'data_producers','host':'far'," changed "}]"
#define TIMES "'time':1000,'interval':10,"
#define NAMES "'dsnames':['messages_received','bytes_received'],"

#define HUNDRED "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
#define STORE_RATES "; set StoreRates false in write_http"

static const refuse_case_t refuse_cases[] = {
    {"an object", "{}", STATUS_PROTOCOL, "the body is not an array of value lists; set Format \"JSON\" in write_http"},
    {"nesting", "[[[[[[[[[]]]]]]]]]", STATUS_SYNTAX, "the body is nested deeper than 8 levels"},
    {"nesting after a text with brackets", "[{'b':'[[\\'[[','a':[[[[[[[]]]]]]]}]", STATUS_SYNTAX,
     "the body is nested deeper than 8 levels"},
    {"a number in it", "[" GOOD ",1]", STATUS_PROTOCOL, "value list 2: it is not an object"},
    {"an array in it", "[" GOOD ",[[]]]", STATUS_PROTOCOL, "value list 2: it is not an object"},
    {"another format of write_http", "[{'name':'collectd.mediasoup','datapoints':[[1000,7]],'tags':{'host':'far'}}]",
     STATUS_PROTOCOL, "value list 1: it names no plugin; set Format \"JSON\" in write_http"},
    {"a host that is too long", SECOND("'host':'" HUNDRED HUNDRED "'"), STATUS_PROTOCOL,
     "value list 2: its host, or a part of its name, is longer than 127 bytes"},
    {"no time", SECOND("'interval':10"), STATUS_PROTOCOL, "value list 2: time, interval or host is missing"},
    {"a time in words", SECOND("'time':'now','interval':10"), STATUS_PROTOCOL,
     "value list 2: time, interval or host is missing"},
    {"no host", "[{" TIMES "'plugin':'mediasoup','type':'data_producers','host':''}]", STATUS_PROTOCOL,
     "value list 1: time, interval or host is missing"},
    {"a time ahead", SECOND("'time':1061,'interval':10"), STATUS_PROTOCOL,
     "value list 2: its time is more than 60 seconds ahead of this host's clock; synchronize both hosts' clocks"},
    {"no interval", SECOND("'time':1000,'interval':0"), STATUS_PROTOCOL,
     "value list 2: its interval is not between 0 and 86400 seconds"},
    {"an interval of days", SECOND("'time':1000,'interval':86401"), STATUS_PROTOCOL,
     "value list 2: its interval is not between 0 and 86400 seconds"},
    {"no values", SECOND(TIMES "'a':1"), STATUS_PROTOCOL,
     "value list 2: data_producers: expected 2 values" SAME_VERSION},
    {"too few values", SECOND(TIMES NAMES "'values':[7]"), STATUS_PROTOCOL,
     "value list 2: data_producers: expected 2 values" SAME_VERSION},
    {"other data sources", SECOND(TIMES "'dsnames':['messages_received','bytes_lost'],'values':[7,8]"), STATUS_PROTOCOL,
     "value list 2: data_producers: expected bytes_received as data source 2" SAME_VERSION},
    {"a data source without a name", SECOND(TIMES "'dsnames':['messages_received',1],'values':[7,8]"), STATUS_PROTOCOL,
     "value list 2: data_producers: expected bytes_received as data source 2" SAME_VERSION},
    {"a counter without a value", SECOND(TIMES NAMES "'values':[7,null]"), STATUS_PROTOCOL,
     "value list 2: the value of bytes_received is a rate and not a count" STORE_RATES},
    {"a rate in the place of a counter", SECOND(TIMES NAMES "'values':[7,0.25]"), STATUS_PROTOCOL,
     "value list 2: the value of bytes_received is a rate and not a count" STORE_RATES},
    {"a counter in words", SECOND(TIMES NAMES "'values':[7,'8']"), STATUS_PROTOCOL,
     "value list 2: the value of bytes_received is not a count"},
    {"a counter that is an object", SECOND(TIMES NAMES "'values':[7,{'a':[8]}]"), STATUS_PROTOCOL,
     "value list 2: the value of bytes_received is not a count"},
    {"a counter below 0", SECOND(TIMES NAMES "'values':[-1,7]"), STATUS_PROTOCOL,
     "value list 2: the value of messages_received is not a count"},
    {"a counter beyond its range", SECOND(TIMES NAMES "'values':[1e19,7]"), STATUS_PROTOCOL,
     "value list 2: the value of messages_received is not a count"},
};

static void refuses(void **state) {
  const refuse_case_t *one = *state;
  long before = allocations_live();
  store_t *store = store_new(ROOM);
  failure_t failure = {0};
  size_t taken = 99;
  assert_int_equal(post(store, one->body, &taken, &failure), one->status);
  assert_string_equal(failure.cause, one->cause);
  assert_int_equal(taken, 0);
  assert_int_equal(store_usage(store).objects, 0); /* not even what came before */
  store_free(store);
  assert_int_equal(allocations_live(), before);
}

static void refuses_what_is_no_json(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  failure_t failure = {0};
  size_t taken;
  assert_int_equal(receive(store, "[", 1, NOW, &taken, &failure), STATUS_SYNTAX);
  assert_ptr_equal(strstr(failure.cause, "the body is not JSON: "), failure.cause);
  assert_int_equal(receive(store, "[]\0[]", 5, NOW, &taken, &failure), STATUS_SYNTAX);
  assert_string_equal(failure.cause, "the body is not JSON: it contains a NUL byte");
  store_free(store);
}

/* --- what is hostile --- */

/* A comment with a quotation mark in it, and nesting beyond it. yajl's trees take comments, and are freed by recursion.
 */
static void no_comment_hides_what_is_deep(void **state) {
  (void)state;
  enum { DEEP = 300000 };
  static const char comment[] = "/*\"*/";
  size_t length = 2 * (sizeof(comment) - 1 + DEEP);
  char *body = malloc(length + 1), *at = stpcpy(body, comment);
  memset(at, '[', DEEP);
  at = stpcpy(at + DEEP, comment);
  memset(at, ']', DEEP);
  store_t *store = store_new(ROOM);
  failure_t failure = {0};
  size_t taken;
  body[2 * (sizeof(comment) - 1) + 2 * (size_t)DEEP] = '\0';
  assert_int_equal(receive(store, body, length, NOW, &taken, &failure), STATUS_SYNTAX);
  assert_ptr_equal(strstr(failure.cause, "the body is not JSON: "), failure.cause);
  free(body);
  store_free(store);
}

static char *repeated(const char *begin, const char *part, size_t count, const char *end) {
  char *text = malloc(strlen(begin) + count * strlen(part) + strlen(end) + 1), *at = stpcpy(text, begin);
  for (size_t i = 0; i < count; i++)
    at = stpcpy(at, part);
  (void)stpcpy(at, end);
  return text;
}

static long peak_kib(void) {
  struct rusage usage;
  assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
  return usage.ru_maxrss;
}

typedef struct {
  const char *name;
  const char *begin, *part, *end;
  status_t status;
} memory_case_t;

/* Each makes a body of 4 MB; yajl's tree of it takes up to 512 MB. */
static const memory_case_t memory_cases[] = {
    {"empty objects", "[", "{},", "{}]", STATUS_PROTOCOL},
    {"value lists of other plugins", "[", "{'plugin':'x'},", "{'plugin':'x'}]", STATUS_OK},
    {"nothing but numbers", "[{'plugin':'mediasoup','type':'usage','values':[", "1,", "1]}]", STATUS_PROTOCOL},
    {"nothing but names", "[{'plugin':'mediasoup','type':'usage','dsnames':[", "'',", "'']}]", STATUS_PROTOCOL},
    {"nothing but metadata", "[{'plugin':'mediasoup','type':'usage','meta':{", "'a':1,", "'b':1}}]", STATUS_PROTOCOL},
    {"nothing but members", "[{", "'a':1,", "'b':1}]", STATUS_PROTOCOL},
};

static void takes_little_memory(void **state) {
  const memory_case_t *one = *state;
  store_t *store = store_new(ROOM);
  char *text = repeated(one->begin, one->part, RECEIVE_MAX_BYTES / strlen(one->part) - 40, one->end);
  char *body = json(text);
  failure_t failure = {0};
  size_t taken, length = strlen(body);
  assert_true(length <= RECEIVE_MAX_BYTES && length > RECEIVE_MAX_BYTES - 1000);
  long before = peak_kib();
  assert_int_equal(receive(store, body, length, NOW, &taken, &failure), one->status);
  if (peak_kib() - before > 8 * 1024)
    fail_msg("%ld KiB more", peak_kib() - before);
  free(body);
  free(text);
  store_free(store);
}

/* --- clocks --- */

typedef struct {
  const char *name;
  const char *time;
} clock_case_t;

static const clock_case_t clock_cases[] = {{"15 seconds behind, which is later than two intervals", "979"},
                                           {"a day behind", "0"},
                                           {"30 seconds ahead", "1030"}};

/* NOW is 1000, and the interval 10. */
static void counts_the_age_from_receipt(void **state) {
  const clock_case_t *one = *state;
  store_t *store = store_new(ROOM);
  failure_t failure = {0};
  char body[400];
  size_t taken;
  (void)snprintf(body, sizeof(body),
                 "[{'values':[7,700],'dsnames':['messages_received','bytes_received'],'time':%s,'interval':10,"
                 "'host':'far','plugin':'mediasoup','type':'data_producers','type_instance':'id=d'}]",
                 one->time);
  assert_int_equal(post(store, body, &taken, &failure), STATUS_OK);
  char *shown = show_rows(store, tested, NULL, NOW + 20, NULL), *later = show_rows(store, tested, NULL, NOW + 21, NULL);
  assert_string_equal(shown, "far:id=d=7");
  assert_string_equal(later, "");
  free(shown);
  free(later);
  store_free(store);
}

/* --- memory --- */

/* Whether the allocation of this number was reached and failed. Without memory for a row nothing is taken; without
 * memory for its facts, its name tells them. */
static bool fails_at(unsigned long number) {
  long before = allocations_live();
  store_t *store = store_new(ROOM);
  failure_t failure = {0};
  size_t taken = 99;
  char *body = json("[" GOOD "," LIST("'type_instance':'id=d2'") "]");
  allocations_fail_at(number);
  status_t status = receive(store, body, strlen(body), NOW, &taken, &failure);
  bool failed = allocations_failed();
  allocations_fail_at(0);
  if (status != STATUS_OK) {
    assert_int_equal(status, STATUS_NO_MEMORY);
    assert_int_equal(taken, 0);
    assert_int_equal(store_usage(store).objects, 0);
  }
  if (!failed)
    assert_shown(store, tested, "label", "far:id=d1=7(x) far:id=d2=7");
  free(body);
  store_free(store);
  assert_int_equal(allocations_live(), before);
  return failed;
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  assert_true(allocations_fail_in_turn(fails_at) > 20);
}

int main(void) {
  TEST_CASES(takes, take_cases);
  TEST(takes_gauges_that_are_unknown);
  TEST(a_summary_has_what_its_name_tells);
  TEST_CASES(refuses, refuse_cases);
  TEST(refuses_what_is_no_json);
  TEST(no_comment_hides_what_is_deep);
  TEST_CASES(takes_little_memory, memory_cases);
  TEST_CASES(counts_the_age_from_receipt, clock_cases);
  TEST(bears_each_allocation_that_fails);
  return tests_run("receive");
}
