/* SPDX-License-Identifier: MIT */
/* A scrape, whatever the pieces it is read in, and without memory. */
#include "support/support.h"
#include "write_mediasoup/metrics/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double now = 1000;

static facts_t *facts_with(const char *id_key, const char *id, const char *app_data) {
  facts_t *facts = facts_new();
  char *text = json(app_data);
  facts_add(facts, id_key, FACT_TEXT, id);
  facts_add(facts, "appData", FACT_TEXT, text);
  free(text);
  facts = facts_finish(facts);
  assert_non_null(facts);
  return facts;
}

/* Every figure is `figure`. */
static void put(store_t *store, class_id_t class, const char *plugin_instance, const char *type_instance, int figure,
                facts_t *facts) {
  store_row_t *row = store_row_new(&classes[class], "here", plugin_instance, type_instance);
  assert_non_null(row);
  row->time = row->received = now;
  row->interval = 10;
  row->facts = facts;
  for (size_t i = 0; i < classes[class].fields_length; i++)
    row->values[i] = classes[class].fields[i].kind == KIND_COUNTER ? (store_value_t){.counter = figure}
                                                                   : (store_value_t){.gauge = figure};
  store_write(store, row);
}

static store_t *some_rows(void) {
  store_t *store = store_new(100);
  assert_non_null(store);
  put(store, CLASS_DATA_CONSUMERS, "roomId=x", "id=a", 1,
      facts_with("dataConsumerId", "a", "{'b-c':1,'b.c':2,'kind':'k'}"));
  put(store, CLASS_DATA_CONSUMERS, "roomId=x\xff\xc3,roomId=x\xff\xc3", "id=b", 2,
      facts_with("dataConsumerId", "b", "{}"));
  put(store, CLASS_DATA_CONSUMERS, "x", "p", 3, NULL);
  put(store, CLASS_DATA_CONSUMERS, "x", "q", 4, NULL);
  put(store, CLASS_SCORE, "sfu", "of=consumers", 5, NULL);
  put(store, CLASS_SCORE_BUCKET, "sfu", "of=consumers,le=+Inf", 6, NULL);
  put(store, CLASS_SCORE_BUCKET, "sfu", "of=consumers,le=1", 4, NULL);
  return store;
}

static const char expected[] =
    "# HELP mediasoup_data_consumers_messages_sent messages sent (messages)\n"
    "# TYPE mediasoup_data_consumers_messages_sent counter\n"
    "mediasoup_data_consumers_messages_sent_total{dataConsumerId=\"a\",appData_kind=\"k\","
    "b_c_ff6d3d19128bef01=\"1\",b_c_ff772d1912942856=\"2\",roomId=\"x\",instance=\"here\"} 1\n"
    "mediasoup_data_consumers_messages_sent_total{dataConsumerId=\"b\",roomId=\"x??\",instance=\"here\"} 2\n"
    "mediasoup_data_consumers_messages_sent_total{instance=\"here\"} 3\n"
    "mediasoup_data_consumers_messages_sent_total{instance=\"here\",plugin_instance=\"x\",type_instance=\"q\"} 4\n"
    "# HELP mediasoup_stream_score the streams' scores; one reading of each stream in each snapshot\n"
    "# TYPE mediasoup_stream_score histogram\n"
    "mediasoup_stream_score_bucket{of=\"consumers\",endpoint=\"sfu\",instance=\"here\",le=\"1\"} 4\n"
    "mediasoup_stream_score_bucket{of=\"consumers\",endpoint=\"sfu\",instance=\"here\",le=\"+Inf\"} 6\n"
    "mediasoup_stream_score_sum{of=\"consumers\",endpoint=\"sfu\",instance=\"here\"} 5\n"
    "mediasoup_stream_score_count{of=\"consumers\",endpoint=\"sfu\",instance=\"here\"} 6\n"
    "# EOF\n";

static scrape_t some_scrape(void) {
  failure_t failure;
  scrape_t scrape = {.exposition.openmetrics = true};
  assert_int_equal(scrape_add(&scrape, "class", "data_consumers,stream_score", &failure), STATUS_OK);
  assert_int_equal(scrape_add(&scrape, "fields", "messagesSent", &failure), STATUS_OK);
  return scrape;
}

/* Reads it in pieces of `size`; false where it breaks off. */
static bool read_all(body_t *view, size_t size, char *text) {
  size_t length = 0;
  ssize_t read;
  while ((read = body_read(view, text + length, size)) > 0)
    length += (size_t)read;
  text[length] = '\0';
  return read == 0;
}

static void is_the_same_in_any_pieces(void **state) {
  (void)state;
  long before = allocations_live();
  store_t *store = some_rows();
  scrape_t scrape = some_scrape();
  for (size_t size = 1; size <= 4096; size += size < 32 ? 1 : 997) {
    failure_t failure;
    body_t *view;
    char text[2 * sizeof(expected) + 4096];
    assert_int_equal(metrics_new(store, &scrape, now, &view, &failure), STATUS_OK);
    assert_true(read_all(view, size, text));
    assert_string_equal(text, expected);
    body_free(view);
  }
  store_free(store);
  assert_int_equal(allocations_live(), before);
}

/* A reader that goes away leaves nothing behind, wherever it stops. */
static void may_be_left_half_read(void **state) {
  (void)state;
  long before = allocations_live();
  store_t *store = some_rows();
  scrape_t scrape = some_scrape();
  for (size_t size = 1; size < sizeof(expected); size += 50) {
    failure_t failure;
    body_t *view;
    char text[sizeof(expected)];
    assert_int_equal(metrics_new(store, &scrape, now, &view, &failure), STATUS_OK);
    assert_int_equal(body_read(view, text, size), size);
    body_free(view);
  }
  store_free(store);
  assert_int_equal(allocations_live(), before);
}

/* Without memory it says so or breaks off; what it leaves out are whole classes, when their rows cannot be listed. */
static void survives_without_memory(void **state) {
  (void)state;
  long before = allocations_live();
  store_t *store = some_rows();
  scrape_t scrape = some_scrape();
  bool failed = true;
  size_t broken = 0;
  for (unsigned long number = 1; failed; number++) {
    failure_t failure;
    body_t *view = NULL;
    char text[2 * sizeof(expected) + 4096];
    allocations_fail_at(number);
    status_t status = metrics_new(store, &scrape, now, &view, &failure);
    bool whole = status == STATUS_OK && read_all(view, 4096, text);
    failed = allocations_failed();
    allocations_fail_at(0);
    broken += whole ? 0 : 1;
    if (!failed)
      assert_string_equal(text, expected);
    body_free(view);
  }
  assert_true(broken > 10);
  store_free(store);
  assert_int_equal(allocations_live(), before);
}

int main(void) {
  TEST(is_the_same_in_any_pieces);
  TEST(may_be_left_half_read);
  TEST(survives_without_memory);
  return tests_run("metrics");
}
