/* SPDX-License-Identifier: MIT */
/* What a scrape may ask: classes, names, filters and fields, exact errors, and what becomes of each class. */
#include "support/support.h"
#include "write_mediasoup/metrics/scrape.h"

#include <string.h>

/* Adds the parameters and checks them together. */
static status_t ask(scrape_t *scrape, const char *const *parameters, failure_t *failure) {
  status_t status = STATUS_OK;
  for (; parameters[0] != NULL && status == STATUS_OK; parameters += 2)
    status = scrape_add(scrape, parameters[0], parameters[1], failure);
  return status == STATUS_OK ? scrape_check(scrape, failure) : status;
}

/* --- errors --- */

typedef struct {
  const char *name;
  const char *parameters[5];
  const char *cause;
} refuse_case_t;

#define THERE_ARE "; there are class, names, fields, appData.KEY, host, and the names of the views' fields"
#define FOR_VIEWS " is for the views: Prometheus takes a series that is left out for gone"

static const refuse_case_t refuse_cases[] = {
    {"a class that is none",
     {"class", "consumer"},
     "class: there is no class \"consumer\"; there are consumers, producers, ..."},
    {"no class", {"class", ""}, "class: there is no class \"\"; there are consumers, producers, ..."},
    {"an empty class", {"class", "consumers,"}, "class: there is no class \"\"; there are consumers, producers, ..."},
    {"other names", {"names", "ours"}, "names takes \"mediasoup-exporter\", not \"ours\""},
    {"limit", {"limit", "1"}, "limit" FOR_VIEWS},
    {"offset", {"offset", "1"}, "offset" FOR_VIEWS},
    {"worst", {"worst", "1"}, "worst" FOR_VIEWS},
    {"a filter of no class", {"nonsense", "1"}, "none of the classes asked for has \"nonsense\"" THERE_ARE},
    {"a filter of another class",
     {"kind", "video", "class", "workers"},
     "none of the classes asked for has \"kind\"" THERE_ARE},
    {"a field that is no number",
     {"fields", "score,kind"},
     "fields: none of the classes asked for has a number \"kind\""},
    {"a field of another class",
     {"class", "workers", "fields", "score"},
     "fields: none of the classes asked for has a number \"score\""},
    {"no field", {"fields", ""}, "fields: none of the classes asked for has a number \"\""},
    {"a long field",
     {"fields", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
     "fields: none of the classes asked for has a number "
     "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""},
};

static void refuses(void **state) {
  const refuse_case_t *one = *state;
  scrape_t scrape = {0};
  failure_t failure = {0};
  assert_int_equal(ask(&scrape, one->parameters, &failure), STATUS_QUERY);
  assert_string_equal(failure.cause, one->cause);
}

static void takes_16_filters(void **state) {
  (void)state;
  scrape_t scrape = {0};
  failure_t failure = {0};
  for (int i = 0; i < 16; i++)
    assert_int_equal(scrape_add(&scrape, "kind", "video", &failure), STATUS_OK);
  assert_int_equal(scrape_add(&scrape, "host", "a", &failure), STATUS_QUERY);
  assert_string_equal(failure.cause, "there are more than 16 filters; leave out \"host\" or another one");
}

/* --- what is asked of each class --- */

typedef struct {
  const char *name;
  const char *parameters[7];
  const char *classes; /* whose rows are taken */
  const char *filters; /* of consumers, where they have: key=value */
} ask_case_t;

static const ask_case_t ask_cases[] = {
    {"classes", {"class", "workers,consumers"}, "workers consumers ", ""},
    {"classes twice", {"class", "workers", "class", "consumers"}, "workers consumers ", ""},
    {"a distribution and its buckets", {"class", "stream_score"}, "stream_score stream_score_bucket ", NULL},
    {"buckets and their distribution",
     {"class", "stream_jitter_seconds_bucket"},
     "stream_jitter_seconds stream_jitter_seconds_bucket ",
     NULL},
    {"a filter of some classes",
     {"class", "workers,producers,consumers", "kind", "video"},
     "producers consumers ",
     "kind=video "},
    {"a filter that only few have", {"score", "5"}, "producers consumers worst_producers worst_consumers ", "score=5 "},
    {"appData", {"class", "consumers", "appData.roomId", "x"}, "consumers ", "roomId=x "},
};

static void asks(void **state) {
  const ask_case_t *one = *state;
  scrape_t scrape = {0};
  failure_t failure = {0};
  buffer_t asked = BUFFER_INIT(1000), filters = BUFFER_INIT(1000);
  assert_int_equal(ask(&scrape, one->parameters, &failure), STATUS_OK);
  assert_string_equal(failure.cause, "");
  for (size_t class = 0; class < CLASS_COUNT; class ++) {
    query_t query;
    if (!scrape_query(&scrape, &classes[class], &query))
      continue;
    buffer_append_text(&asked, classes[class].name);
    buffer_append_text(&asked, " ");
    for (size_t i = 0; class == CLASS_CONSUMERS && i < query.filters_length; i++) {
      const char *const parts[] = {query.filters[i].key, "=", query.filters[i].value, " "};
      for (size_t j = 0; j < LENGTH(parts); j++)
        buffer_append_text(&filters, parts[j]);
    }
  }
  assert_string_equal(buffer_text(&asked), one->classes);
  assert_string_equal(buffer_text(&filters), one->filters != NULL ? one->filters : "");
  buffer_done(&asked);
  buffer_done(&filters);
}

static void all_classes_unless_some_are_named(void **state) {
  (void)state;
  scrape_t scrape = {0};
  for (size_t class = 0; class < CLASS_COUNT; class ++) {
    query_t query;
    assert_true(scrape_query(&scrape, &classes[class], &query));
    assert_int_equal(query.filters_length, 0);
  }
}

static void fields_are_of_any_class(void **state) {
  (void)state;
  scrape_t scrape = {0};
  failure_t failure = {0};
  query_t query;
  const char *const parameters[] = {"fields", "byteCount,cpuRatio", "names", "mediasoup-exporter", NULL};
  assert_int_equal(ask(&scrape, parameters, &failure), STATUS_OK);
  assert_true(scrape.exposition.exporter_names);
  assert_true(scrape_query(&scrape, &classes[CLASS_WORKERS], &query));
  assert_true(query_wants(&query, "cpuRatio"));
  assert_false(query_wants(&query, "responding"));
}

/* Prometheus' `params:` are lists, and become repeated parameters. */
static void fields_are_added_up(void **state) {
  (void)state;
  scrape_t scrape = {0};
  failure_t failure = {0};
  query_t query;
  const char *const parameters[] = {"fields", "byteCount", "fields", "score,byteCount", NULL};
  assert_int_equal(ask(&scrape, parameters, &failure), STATUS_OK);
  assert_true(scrape_query(&scrape, &classes[CLASS_CONSUMERS], &query));
  assert_true(query_wants(&query, "byteCount") && query_wants(&query, "score"));
  assert_int_equal(query.fields.length, 2);
}

int main(void) {
  TEST_CASES(refuses, refuse_cases);
  TEST(takes_16_filters);
  TEST_CASES(asks, ask_cases);
  TEST(all_classes_unless_some_are_named);
  TEST(fields_are_of_any_class);
  TEST(fields_are_added_up);
  return tests_run("scrape");
}
