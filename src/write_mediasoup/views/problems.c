/* SPDX-License-Identifier: MIT */
#include "problems.h"

#include "common/identifier.h"
#include "common/limits.h"

#include <stdio.h>
#include <string.h>

/* Why the endpoint of the npm package is in the lane public when nobody asked for another: lib/collector.js has the
 * same words, and a test compares them. */
static const char not_asked_for[] = "the option \"lane\" is not \"raw\"";

typedef struct {
  const char *kind;
  const char *level;
  const char *text;
  const char *remedy;
} problem_t;

static void write_member(json_writer_t *json, const char *key, const char *text) {
  if (text == NULL || text[0] == '\0')
    return;
  json_key(json, key);
  json_string(json, text);
}

static void write_problem(const endpoint_state_t *endpoint, const problem_t *problem, json_writer_t *json) {
  json_open(json, '{');
  write_member(json, "kind", problem->kind);
  write_member(json, "level", problem->level);
  write_member(json, IDENTIFIER_ENDPOINT, endpoint != NULL ? endpoint->name : NULL);
  if (endpoint != NULL && endpoint->process >= 0) {
    json_key(json, IDENTIFIER_PROCESS);
    json_whole(json, endpoint->process);
  }
  write_member(json, "host", endpoint != NULL ? endpoint->row->host : NULL);
  write_member(json, "text", problem->text);
  write_member(json, "remedy", problem->remedy);
  json_close(json, '}');
}

/* The beginning of each text. */
static void append_name(buffer_t *text, const endpoint_state_t *endpoint) {
  buffer_append_text(text, "Endpoint ");
  endpoint_state_append_name(endpoint, text);
}

/* Writes the problem: the name of the endpoint, the text and the detail, which may be "". */
static void write_named(const endpoint_state_t *endpoint, const problem_t *problem, const char *detail,
                        json_writer_t *json) {
  buffer_t text = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  append_name(&text, endpoint);
  buffer_append_text(&text, problem->text);
  buffer_append_text(&text, detail);
  problem_t named = *problem;
  named.text = buffer_text(&text);
  if (buffer_status(&text) == STATUS_OK)
    write_problem(endpoint, &named, json);
  else
    buffer_fail(&json->text, buffer_status(&text));
  buffer_done(&text);
}

static const char *fact(const endpoint_state_t *endpoint, const char *key) {
  return facts_find_text(endpoint->row->facts, key);
}

/* --- the problems --- */

static const char *append_set_back(const endpoint_state_t *endpoint, buffer_t *text) {
  append_name(text, endpoint);
  buffer_append_text(
      text, " is stale: the clock of this host was set back, and collectd reads nothing until it has caught up");
  return "restart collectd on this host";
}

static const char *append_stale(const endpoint_state_t *endpoint, buffer_t *text) {
  char detail[100];
  if (endpoint->age < 0)
    return append_set_back(endpoint, text);
  /* No age, which would make screen readers read the page's banner again and again. */
  (void)snprintf(detail, sizeof(detail), " is stale: no value list has come for more than %g s",
                 2 * endpoint->row->interval);
  append_name(text, endpoint);
  buffer_append_text(text, detail);
  return "check that collectd runs on that host and still reads the endpoint, and, where this is another host, that "
         "its "
         "write_http reaches this one";
}

/* A value list that the network plugin has brought has no metadata. */
static const char *append_down(const endpoint_state_t *endpoint, buffer_t *text) {
  const char *failure = fact(endpoint, REPORT_FAILURE), *remedy = fact(endpoint, REPORT_REMEDY);
  append_name(text, endpoint);
  buffer_append_text(text, " is down: ");
  buffer_append_text(text, failure != NULL ? failure : "its value list came without the cause");
  return remedy != NULL ? remedy : "look in the log of collectd on that host";
}

const char *problems_outage(const endpoint_state_t *endpoint, buffer_t *text) {
  if (endpoint->is_stale)
    return append_stale(endpoint, text);
  return endpoint->is_up ? NULL : append_down(endpoint, text);
}

static bool write_outage(const endpoint_state_t *endpoint, json_writer_t *json) {
  buffer_t text = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  const char *remedy = problems_outage(endpoint, &text);
  problem_t problem = {endpoint->is_stale ? "stale" : "down", "bad", buffer_text(&text), remedy};
  if (buffer_status(&text) != STATUS_OK)
    buffer_fail(&json->text, buffer_status(&text));
  else if (remedy != NULL)
    write_problem(endpoint, &problem, json);
  buffer_done(&text);
  return remedy != NULL;
}

static bool is_well(const endpoint_state_t *endpoint) { return endpoint->is_up && !endpoint->is_stale; }

static bool write_lane(const endpoint_state_t *endpoint, json_writer_t *json) {
  static const problem_t problem = {"lane", "poor", " measures in the lane public, though raw was asked for: ",
                                    "remove the cause, or ask for the lane public: its figures are the same, but each "
                                    "reading costs the application more"};
  const char *lane = fact(endpoint, "lane"), *reason = fact(endpoint, "laneReason");
  if (!is_well(endpoint) || lane == NULL || strcmp(lane, "public") != 0 || reason == NULL ||
      strcmp(reason, not_asked_for) == 0)
    return false;
  write_named(endpoint, &problem, reason, json);
  return true;
}

/* Whether more is known than the name tells. */
static bool is_told(const endpoint_state_t *endpoint) {
  const fact_t *known;
  for (size_t i = 0; (known = facts_at(endpoint->row->facts, i)) != NULL; i++)
    if (strcmp(known->key, IDENTIFIER_PROCESS) != 0 && strcmp(known->key, FACT_APP_DATA) != 0)
      return true;
  return false;
}

static bool write_untold(const endpoint_state_t *endpoint, json_writer_t *json) {
  static const problem_t problem = {
      "untold", "poor",
      ": its rows have come without metadata, so states, causes and connections are unknown, and of participants only "
      "what figures tell is known",
      "collectd's plugin network carries none: send the rows with write_http to a block <Receive> of write_mediasoup, "
      "with Metadata \"always\" in the <Endpoint> of that host"};
  if (!is_well(endpoint) || is_told(endpoint))
    return false;
  write_named(endpoint, &problem, "", json);
  return true;
}

static void write_rooms(const endpoint_state_t *endpoint, json_writer_t *json) {
  const char *remedy = fact(endpoint, REPORT_ROOM_REMEDY);
  if (is_well(endpoint) && remedy != NULL)
    write_named(endpoint,
                &(problem_t){"rooms", "hint",
                             ": rooms are called by their routers' ids, since no appData has a key of "
                             "RoomKeys",
                             remedy},
                "", json);
}

/* --- what the header offers --- */

size_t problems_write(const endpoint_state_t *endpoint, json_writer_t *json) {
  size_t count = write_outage(endpoint, json) ? 1 : 0;
  count += write_lane(endpoint, json) ? 1 : 0;
  count += write_untold(endpoint, json) ? 1 : 0;
  write_rooms(endpoint, json);
  return count;
}

size_t problems_write_none(json_writer_t *json) {
  static const problem_t problem = {"nothing", "bad", "No value list of the plugin mediasoup has come",
                                    "load the plugin mediasoup, let mediasoup-writers.conf name write_mediasoup where "
                                    "that file is installed, and look "
                                    "in collectd's log; where other hosts send their rows, check their write_http"};
  write_problem(NULL, &problem, json);
  return 1;
}
