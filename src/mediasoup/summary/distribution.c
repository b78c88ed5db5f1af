/* SPDX-License-Identifier: MIT */
#include "distribution.h"

#include "common/identifier.h"
#include "common/number.h"
#include "outcome.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS_MAX = 12, DISTRIBUTIONS = 4, KINDS = 2, SIDES = 2, PROTOCOLS = 3 };
enum { STREAM_HISTOGRAMS = DISTRIBUTIONS * SIDES * KINDS, HISTOGRAMS = STREAM_HISTOGRAMS + PROTOCOLS };

/* A figure and the upper bounds of its buckets, as they are shown. +Inf follows the last. */
typedef struct {
  class_id_t class; /* of its sum and count */
  size_t place;     /* in reading_t; of a stream's figure */
  const char *bounds[BUCKETS_MAX];
} distribution_t;

static const distribution_t distributions_known[DISTRIBUTIONS] = {
    {CLASS_SCORE, offsetof(reading_t, score), {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}},
    {CLASS_LOSS_RATIO,
     offsetof(reading_t, loss_ratio),
     {"0", "0.005", "0.01", "0.02", "0.05", "0.1", "0.2", "0.3", "0.5"}},
    {CLASS_ROUND_TRIP_TIME,
     offsetof(reading_t, round_trip_time),
     {"0.005", "0.01", "0.02", "0.05", "0.1", "0.15", "0.2", "0.3", "0.5", "1", "2"}},
    {CLASS_JITTER,
     offsetof(reading_t, jitter),
     {"0.001", "0.002", "0.005", "0.01", "0.02", "0.03", "0.05", "0.1", "0.2", "0.5"}},
};

/* One round trip or two on a good path take a tenth of a second. ICE tries a path again after half a second, then after
 * ever longer (RFC 8445, 14.3), and DTLS a lost message after 1, 2, 4 seconds (RFC 6347, 4.2.4.1). After 30 seconds a
 * transport counts as stuck. */
static const distribution_t connect_time_known = {.class = CLASS_CONNECT_TIME,
                                                  .bounds = {"0.1", "0.25", "0.5", "1", "2.5", "5", "10", "30"}};

static const class_id_t sides[SIDES] = {CLASS_PRODUCERS, CLASS_CONSUMERS};
static const char *const kinds[KINDS] = {"audio", "video"};
/* The last stands for one that the endpoint does not know. */
static const char *const protocols[PROTOCOLS] = {"udp", "tcp", "unknown"};
static const double milliseconds = 1000;

typedef struct {
  const distribution_t *distribution;
  double bounds[BUCKETS_MAX]; /* +Inf from the last on */
  size_t buckets;             /* +Inf's included */
  char *type_instance;
  char *bucket_type_instances[BUCKETS_MAX];
  int64_t counts[BUCKETS_MAX]; /* of readings up to the bound */
  double sum;
} histogram_t;

struct distributions {
  char *plugin_instance;
  histogram_t histograms[HISTOGRAMS];
};

/* --- making them --- */

enum { LABELS_SIZE = IDENTIFIER_MAX + 1 };

/* of=consumers,kind=video[,le=0.05] */
static char *write_type_instance(const char *labels, const char *bound) {
  char text[LABELS_SIZE + sizeof(",le=")];
  (void)snprintf(text, sizeof(text), "%s%s%s", labels, bound != NULL ? ",le=" : "", bound != NULL ? bound : "");
  return strdup(text);
}

static bool fill(histogram_t *histogram, const distribution_t *distribution, const char *labels) {
  histogram->distribution = distribution;
  histogram->type_instance = write_type_instance(labels, NULL);
  bool whole = histogram->type_instance != NULL;
  for (bool last = false; whole && !last; histogram->buckets++) {
    const char *bound = distribution->bounds[histogram->buckets];
    last = bound == NULL;
    histogram->bounds[histogram->buckets] = last ? INFINITY : number_read(bound, NULL);
    histogram->bucket_type_instances[histogram->buckets] = write_type_instance(labels, last ? "+Inf" : bound);
    whole = histogram->bucket_type_instances[histogram->buckets] != NULL;
  }
  return whole;
}

static histogram_t *histogram_of(distributions_t *distributions, size_t distribution, size_t side, size_t kind) {
  return &distributions->histograms[(distribution * SIDES + side) * KINDS + kind];
}

static bool fill_stream(distributions_t *distributions, size_t distribution, size_t side, size_t kind) {
  char labels[LABELS_SIZE];
  (void)snprintf(labels, sizeof(labels), "of=%s,kind=%s", classes[sides[side]].name, kinds[kind]);
  return fill(histogram_of(distributions, distribution, side, kind), &distributions_known[distribution], labels);
}

static bool fill_streams(distributions_t *distributions) {
  bool whole = true;
  for (size_t i = 0; i < DISTRIBUTIONS; i++)
    for (size_t side = 0; side < SIDES; side++)
      for (size_t kind = 0; kind < KINDS && whole; kind++)
        whole = fill_stream(distributions, i, side, kind);
  return whole;
}

static histogram_t *connect_time_of(distributions_t *distributions, size_t protocol) {
  return &distributions->histograms[STREAM_HISTOGRAMS + protocol];
}

static bool fill_connect_times(distributions_t *distributions) {
  bool whole = true;
  for (size_t i = 0; i < PROTOCOLS && whole; i++) {
    char labels[LABELS_SIZE];
    (void)snprintf(labels, sizeof(labels), "protocol=%s", protocols[i]);
    whole = fill(connect_time_of(distributions, i), &connect_time_known, labels);
  }
  return whole;
}

distributions_t *distributions_new(const char *endpoint) {
  distributions_t *distributions = calloc(1, sizeof(*distributions));
  if (distributions == NULL)
    return NULL;
  distributions->plugin_instance = identifier_new(endpoint);
  if (distributions->plugin_instance != NULL && fill_streams(distributions) && fill_connect_times(distributions))
    return distributions;
  distributions_free(distributions);
  return NULL;
}

void distributions_free(distributions_t *distributions) {
  if (distributions == NULL)
    return;
  for (size_t i = 0; i < HISTOGRAMS; i++) {
    free(distributions->histograms[i].type_instance);
    for (size_t bucket = 0; bucket < BUCKETS_MAX; bucket++)
      free(distributions->histograms[i].bucket_type_instances[bucket]);
  }
  free(distributions->plugin_instance);
  free(distributions);
}

/* --- readings --- */

static void observe(histogram_t *histogram, double value) {
  if (isnan(value))
    return;
  for (size_t i = 0; i < histogram->buckets; i++)
    histogram->counts[i] += value <= histogram->bounds[i] ? 1 : 0;
  histogram->sum += value;
}

void distributions_add(distributions_t *distributions, const object_t *stream, const reading_t *reading) {
  size_t side = stream->class == &classes[CLASS_CONSUMERS] ? 1 : 0, kind = stream->membership.video ? 1 : 0;
  if (reading->state != STATE_FLOWING || stream->membership.piped)
    return;
  for (size_t i = 0; i < DISTRIBUTIONS; i++) {
    const void *value = (const char *)reading + distributions_known[i].place;
    observe(histogram_of(distributions, i, side, kind), *(const double *)value);
  }
}

static size_t protocol_of(const object_t *event) {
  const char *text = object_find_attribute(event, "protocol");
  size_t protocol = 0;
  while (protocol < PROTOCOLS - 1 && (text == NULL || strcmp(text, protocols[protocol]) != 0))
    protocol++;
  return protocol;
}

void distributions_add_event(distributions_t *distributions, const object_t *event) {
  double time = event->values[class_field(event->class, "connect_time")].gauge;
  if (outcome_is_connected(event))
    observe(connect_time_of(distributions, protocol_of(event)), time / milliseconds);
}

/* --- rows --- */

static void visit_buckets(const char *plugin_instance, const histogram_t *histogram, named_values_visit_t visit,
                          void *context) {
  const class_t *class = classes[histogram->distribution->class].buckets;
  object_value_t values[FIELDS_MAX];
  for (size_t i = 0; i < histogram->buckets; i++) {
    values[class_derived_field(class, DERIVED_BUCKET)].counter = histogram->counts[i];
    visit(context, &(named_values_t){.class = class,
                                     .plugin_instance = plugin_instance,
                                     .type_instance = histogram->bucket_type_instances[i],
                                     .values = values});
  }
}

static void visit_histogram(const char *plugin_instance, const histogram_t *histogram, named_values_visit_t visit,
                            void *context) {
  const class_t *class = &classes[histogram->distribution->class];
  object_value_t values[FIELDS_MAX];
  int64_t count = histogram->counts[histogram->buckets - 1];
  if (count == 0)
    return;
  values[class_derived_field(class, DERIVED_SUM)].gauge = histogram->sum;
  values[class_derived_field(class, DERIVED_COUNT)].counter = count;
  visit(context, &(named_values_t){.class = class,
                                   .plugin_instance = plugin_instance,
                                   .type_instance = histogram->type_instance,
                                   .values = values});
  visit_buckets(plugin_instance, histogram, visit, context);
}

void distributions_each(const distributions_t *distributions, named_values_visit_t visit, void *context) {
  for (size_t i = 0; i < HISTOGRAMS; i++)
    visit_histogram(distributions->plugin_instance, &distributions->histograms[i], visit, context);
}
