/* SPDX-License-Identifier: MIT */
#include "layers.h"

#include "common/number.h"

#include <math.h>
#include <string.h>

typedef struct {
  double spatial; /* NaN when unknown */
  double temporal;
} layers_t;

static double read_layer(const app_data_t *layers, const char *key) {
  const char *text = app_data_find(layers, key);
  char *end;
  double layer = text != NULL ? number_read(text, &end) : NAN;
  return text != NULL && end != text && *end == '\0' ? layer : NAN;
}

static layers_t read_layers(const object_t *consumer, const char *key) {
  const char *json = object_find_attribute(consumer, key);
  app_data_t *parsed = json != NULL ? app_data_of(json) : NULL;
  layers_t layers = {read_layer(parsed, "spatialLayer"), read_layer(parsed, "temporalLayer")};
  app_data_free(parsed);
  return layers;
}

static bool has_layers(const object_t *consumer) {
  const char *type = object_find_attribute(consumer, "consumerType");
  return type != NULL && (strcmp(type, "simulcast") == 0 || strcmp(type, "svc") == 0);
}

double layers_below_preferred(const object_t *consumer) {
  if (!has_layers(consumer))
    return 0;
  layers_t current = read_layers(consumer, "currentLayers"), preferred = read_layers(consumer, "preferredLayers");
  if (isnan(current.spatial) || isnan(preferred.spatial))
    return NAN;
  if (current.spatial != preferred.spatial)
    return current.spatial < preferred.spatial ? 1 : 0;
  return current.temporal < preferred.temporal ? 1 : 0; /* false where one of them is unknown */
}

bool layers_are_missing(const object_t *consumer) {
  return has_layers(consumer) && object_find_attribute(consumer, "currentLayers") == NULL &&
         object_find_attribute(consumer, "preferredLayers") != NULL;
}
