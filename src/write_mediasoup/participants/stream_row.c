/* SPDX-License-Identifier: MIT */
#include "stream_row.h"

#include "common/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In the order of their keys, see facts_find_texts(). */
typedef enum {
  TOLD_BAD,
  TOLD_BAD_SINCE,
  TOLD_CAUSE,
  TOLD_CLOCK_RATE,
  TOLD_PIPED,
  TOLD_PRODUCER_ID,
  TOLD_ROUTER_ID,
  TOLD_STATE,
  TOLD_TRANSPORT_ID,
  TOLD_LENGTH
} told_t;

static const char *const keys[TOLD_LENGTH] = {"bad",        "badSince", "cause", "clockRate",  "piped",
                                              "producerId", "routerId", "state", "transportId"};

stream_columns_t stream_columns(const class_t *class) {
  return (stream_columns_t){.score = class_field(class, "score"),
                            .fraction_lost = class_field(class, "fraction_lost"),
                            .round_trip_time = class_field(class, "round_trip_time"),
                            .jitter = class_field(class, "jitter"),
                            .bitrate = class_field(class, "bitrate"),
                            .mos = class_field(class, "mos"),
                            .consumers_affected = class_field(class, "consumers_affected")};
}

static flow_t flow_of(const char *state) {
  if (state == NULL)
    return FLOW_UNKNOWN;
  return strcmp(state, "flowing") == 0 ? FLOW_FLOWS : strcmp(state, "silent") == 0 ? FLOW_SILENT : FLOW_NOT;
}

static bool is_true(const char *text) { return text != NULL && strcmp(text, "true") == 0; }

/* strtod() would take a good part of the time. */
static double whole(const char *text) {
  double number = 0;
  for (; *text >= '0' && *text <= '9'; text++)
    number = 10 * number + (*text - '0');
  return *text == '\0' ? number : NAN;
}

static double number(const char *text) {
  char *end = NULL;
  if (text != NULL && text[0] != '\0' && !isnan(whole(text)))
    return whole(text);
  double number = text != NULL ? number_read(text, &end) : NAN;
  return text != NULL && end != text && *end == '\0' && isfinite(number) ? number : NAN;
}

/* For facts_keep(). */
static void *read_stream(const facts_t *facts) {
  const char *told[TOLD_LENGTH];
  told_stream_t *stream = malloc(sizeof(*stream));
  if (stream == NULL)
    return NULL;
  facts_find_texts(facts, keys, TOLD_LENGTH, told);
  const char *router_id = told[TOLD_ROUTER_ID];
  *stream = (told_stream_t){.producer_id = told[TOLD_PRODUCER_ID],
                            .router_id = router_id,
                            .transport_id = told[TOLD_TRANSPORT_ID],
                            .cause = told[TOLD_CAUSE],
                            .flow = flow_of(told[TOLD_STATE]),
                            .bad = is_true(told[TOLD_BAD]),
                            .piped = is_true(told[TOLD_PIPED]),
                            .bad_since = number(told[TOLD_BAD_SINCE]),
                            .clock_rate = number(told[TOLD_CLOCK_RATE]),
                            .said = said_names_read(facts, router_id)};
  return stream;
}

stream_row_t stream_row_of(const store_row_t *row) {
  return (stream_row_t){.row = row, .told = facts_keep(row->facts, read_stream)};
}

double stream_gauge(const stream_row_t *stream, int column) {
  return column >= 0 && isfinite(stream->row->values[column].gauge) ? stream->row->values[column].gauge : NAN;
}
