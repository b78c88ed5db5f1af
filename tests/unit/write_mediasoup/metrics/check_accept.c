/* SPDX-License-Identifier: MIT */
/* The Accept header of a scrape, which format it prefers; and the codings that a client takes. */
#include "support/support.h"
#include "write_mediasoup/metrics/accept.h"

typedef struct {
  const char *name; /* the header */
  bool openmetrics;
} accept_case_t;

#define OPENMETRICS "application/openmetrics-text"

static const accept_case_t accept_cases[] = {
    {"", false},
    {"*/*", false},
    {"text/plain", false},
    {OPENMETRICS, true},
    {"Application/OpenMetrics-Text", true},
    {OPENMETRICS ";version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5",
     true},
    {OPENMETRICS "; version=\"1.0.0\"", true},
    {OPENMETRICS "; charset=utf-8; version=1.0.0", true},
    {OPENMETRICS ";version=0.0.1", false},
    {OPENMETRICS ";version=10", false},
    {OPENMETRICS "ual", false},
    {"x" OPENMETRICS, false},
    {OPENMETRICS ";q=0", false},
    {OPENMETRICS ";q=0.3,text/plain;q=0.5", false},
    {"text/plain;q=0.5 , " OPENMETRICS ";q=0.8", true},
    {"text/plain;q=0.5," OPENMETRICS ";q=0.5", true},
    {"text/plain," OPENMETRICS ";q=0.9", false},
    {"text/plain;q=0.9, " OPENMETRICS "; version=\"1.0.0\" ;q=1", true},
    {OPENMETRICS ";q=0.1," OPENMETRICS ";q=0.9,text/plain;q=0.5", true},
    {",;,q=," OPENMETRICS ";", true},
    {"  ,  ", false},
    {OPENMETRICS ";q", true},
};

static void prefers(void **state) {
  const accept_case_t *one = *state;
  assert_int_equal(accept_prefers_openmetrics(one->name), one->openmetrics);
}

typedef struct {
  const char *name; /* the header */
  bool gzip;
} coding_case_t;

static const coding_case_t coding_cases[] = {
    {"coding: none said", false},
    {"gzip", true},
    {"GZIP", true},
    {"x-gzip", true},
    {"deflate, gzip;q=1.0, *;q=0.5", true},
    {"deflate,gzip ; q=0.001", true},
    {"gzip;q=0", false},
    {"gzip; q=0.000, deflate", false},
    {"identity, xgzipx", false},
    {"gzipped", false},
    {"*", false},
    {"gzip;q=", false},
    {", ,gzip,", true},
};

static void takes_gzip(void **state) {
  const coding_case_t *one = *state;
  assert_int_equal(accept_takes_gzip(one->name), one->gzip);
}

int main(void) {
  TEST_CASES(prefers, accept_cases);
  TEST_CASES(takes_gzip, coding_cases);
  return tests_run("accept");
}
