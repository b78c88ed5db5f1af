/* SPDX-License-Identifier: MIT */
#include "people.h"

#include "common/buffer.h"
#include "common/identifier.h"
#include "common/limits.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- quality --- */

static double figure(const participant_t *participant, size_t way, way_figure_t figure) {
  return participant->figures[FIGURE_OF(way, figure)];
}

static double known(double number) { return isfinite(number) ? number : 0; }

/* "uplink: of 2 streams 1 bad and 0 silent, up to 25 % lost", where something is wrong. */
static void describe_way(const participant_t *participant, size_t way, const char *words, buffer_t *detail) {
  char text[100];
  double flowing = known(figure(participant, way, WAY_STREAMS));
  double bad = known(figure(participant, way, WAY_STREAMS_BAD));
  double silent = known(figure(participant, way, WAY_STREAMS_SILENT));
  double loss = figure(participant, way, WAY_LOSS_RATIO);
  if (bad + silent == 0)
    return;
  (void)snprintf(text, sizeof(text), "%s%s: of %.0f streams %.0f bad and %.0f silent", detail->length > 0 ? "; " : "",
                 words, flowing + silent, bad, silent);
  buffer_append_text(detail, text);
  if (!(loss > 0))
    return;
  (void)snprintf(text, sizeof(text), ", up to %.0f %% lost", 100 * loss);
  buffer_append_text(detail, text);
}

static bool is_bad(const participant_t *participant) { return participant->quality >= QUALITY_SILENT; }

static void describe(const participant_t *participant, buffer_t *detail) {
  buffer_clear(detail);
  if (!is_bad(participant))
    return;
  describe_way(participant, FIGURE_UPLINK, "uplink", detail);
  describe_way(participant, FIGURE_DOWNLINK, "downlink", detail);
  if (detail->length == 0) /* its streams wait */
    buffer_append_text(detail, "its connection is lost, or was not made");
}

/* --- readings --- */

/* "lost" is "disconnected" for longer. */
static subject_connection_t connection_of(const char *connection) {
  static const struct {
    const char *name;
    subject_connection_t connection;
  } connections[] = {{"connected", CONNECTION_UP},
                     {"left", CONNECTION_UP},
                     {"disconnected", CONNECTION_GONE},
                     {"lost", CONNECTION_GONE}};
  for (size_t i = 0; connection != NULL && i < sizeof(connections) / sizeof(connections[0]); i++)
    if (strcmp(connections[i].name, connection) == 0)
      return connections[i].connection;
  return connection != NULL ? CONNECTION_NOT : CONNECTION_UNKNOWN;
}

static subject_reading_t reading_of(const participant_t *participant, const char *endpoint, const char *detail) {
  double up = figure(participant, FIGURE_UPLINK, WAY_LOSS_RATIO);
  double down = figure(participant, FIGURE_DOWNLINK, WAY_LOSS_RATIO);
  return (subject_reading_t){.key = participant->key,
                             .name = {.host = participant->host,
                                      .endpoint = endpoint,
                                      .room = participant->room != NULL ? participant->room : "",
                                      .participant = participant->participant},
                             .is_present = true,
                             .life = {.time = participant->time,
                                      .is_bad = is_bad(participant),
                                      .loss_ratio = fmax(up, down), /* fmax() prefers what is known */
                                      .bytes_received = participant->bytes_received,
                                      .bytes_sent = participant->bytes_sent},
                             .is_unknown = participant->quality == QUALITY_UNKNOWN,
                             .since = participant->since / 1000,
                             .cause = participant->cause,
                             .detail = detail,
                             .connection = connection_of(participant->connection)};
}

/* The endpoint's name as its own row has it. */
static void write_endpoint(buffer_t *identifier, const char *name) {
  buffer_clear(identifier);
  identifier_append_clean(identifier, name != NULL ? name : "");
  identifier_cut(identifier);
}

void people_look(const participants_t *participants, void (*visit)(void *context, const subject_reading_t *reading),
                 void *context) {
  buffer_t endpoint = BUFFER_INIT(ROW_TEXT_MAX_BYTES), detail = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  for (size_t i = 0; i < participants->length; i++) {
    const participant_t *participant = participants->list[i];
    bool is_written = buffer_status(&endpoint) == STATUS_OK && i > 0;
    if (!is_written || !string_is(participant->endpoint, participants->list[i - 1]->endpoint))
      write_endpoint(&endpoint, participant->endpoint);
    describe(participant, &detail);
    subject_reading_t reading = reading_of(participant, buffer_text(&endpoint), buffer_text(&detail));
    visit(context, &reading);
  }
  buffer_done(&endpoint);
  buffer_done(&detail);
}
