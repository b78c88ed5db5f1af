/* SPDX-License-Identifier: MIT */
/* Restarts of the application, as whole snapshots tell of them. */
#include "mediasoup/restart.h"
#include "support/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A snapshot comes every ten seconds. */
#define APPLICATION(pid, elapsed, deaths, created)                                                                     \
  "{'row':'endpoint','protocol':1,'pid':" #pid ",'workerDeaths':" #deaths ",'webRtcTransportsCreated':" #created "}\n" \
  "{'row':'usage','type':'worker','pid':900,'elapsed':1}\n"                                                            \
  "{'row':'usage','type':'parent','pid':" #pid ",'elapsed':" #elapsed "}\n"                                            \
  "{'row':'end','counts':{'endpoint':1,'usage':2}}\n"
#define NO_USAGE(pid, deaths, created)                                                                                 \
  "{'row':'endpoint','protocol':1,'pid':" #pid ",'workerDeaths':" #deaths ",'webRtcTransportsCreated':" #created "}\n" \
  "{'row':'end','counts':{'endpoint':1}}\n"
#define EVENTS(pid, events)                                                                                            \
  "{'row':'endpoint','protocol':1,'pid':" #pid ",'events':" #events "}\n{'row':'end','counts':{'endpoint':1}}\n"
#define DOWN "{'row':'endpoint','protocol':1}\n"

typedef struct {
  const char *name;
  const char *snapshots[6];
  double restarts; /* after the last */
} restart_case_t;

static const restart_case_t restart_cases[] = {
    {"none", {APPLICATION(7, 90000, 0, 3), APPLICATION(7, 100000, 0, 4), APPLICATION(7, 110000, 1, 4)}, 0},
    {"another pid", {APPLICATION(7, 90000, 0, 0), APPLICATION(8, 5000, 0, 0)}, 1},
    {"the same pid, a process that began since", {APPLICATION(1, 90000, 0, 0), APPLICATION(1, 5000, 0, 0)}, 1},
    {"one that was young, too", {APPLICATION(1, 2000, 0, 0), APPLICATION(1, 9000, 0, 0)}, 1},
    {"one that has just begun, and stays", {APPLICATION(1, 500, 0, 0), APPLICATION(1, 10500, 0, 0)}, 0},
    {"it was down in between", {APPLICATION(1, 90000, 0, 0), DOWN, DOWN, APPLICATION(1, 25000, 0, 0)}, 1},
    {"it was busy in between", {APPLICATION(1, 90000, 0, 0), DOWN, DOWN, APPLICATION(1, 120000, 0, 0)}, 0},
    {"again and again",
     {APPLICATION(1, 90000, 0, 0), APPLICATION(1, 2000, 0, 0), APPLICATION(1, 3000, 0, 0), APPLICATION(1, 100, 0, 0)},
     3},
    {"without usage: deaths begin anew", {NO_USAGE(1, 2, 5), NO_USAGE(1, 0, 5)}, 1},
    {"without usage: transports begin anew", {NO_USAGE(1, 0, 5), NO_USAGE(1, 0, 4)}, 1},
    {"without usage: events begin anew", {EVENTS(1, 5), EVENTS(1, 4)}, 1},
    {"without usage: events go on", {EVENTS(1, 5), EVENTS(1, 5), EVENTS(1, 6)}, 0},
    {"without usage: none", {NO_USAGE(1, 0, 5), NO_USAGE(1, 2, 9)}, 0},
};

static void counts_restarts(void **state) {
  const restart_case_t *one = *state;
  chain_t chain;
  assert_int_equal(chain_init_with(&chain, ALL_CLASSES, OBJECTS_MAX, NULL), STATUS_OK);
  for (size_t i = 0; i < LENGTH(one->snapshots) && one->snapshots[i] != NULL; i++)
    chain_read_as(&chain, one->snapshots[i], strcmp(one->snapshots[i], DOWN) == 0 ? STATUS_INCOMPLETE : STATUS_OK);
  assert_value(&chain, "endpoint", "restarts", one->restarts);
  chain_done(&chain);
}

int main(void) {
  TEST_CASES(counts_restarts, restart_cases);
  return tests_run("restart");
}
