/* SPDX-License-Identifier: MIT */
#include "accept.h"

#include "common/number.h"
#include "write_mediasoup/views/comma_list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The value of ;name=value or ;name="value" in a media range, or NULL. It is followed by the rest of the range. */
static const char *find_parameter(const char *range, size_t length, const char *name) {
  for (const char *at = memchr(range, ';', length); at != NULL; at = memchr(at, ';', length - (size_t)(at - range))) {
    at++;
    at += strspn(at, " \t");
    if (strncasecmp(at, name, strlen(name)) == 0 && at[strlen(name)] == '=')
      return at + strlen(name) + (at[strlen(name) + 1] == '"' ? 2 : 1);
  }
  return NULL;
}

static bool is_type(const char *range, const char *type) {
  size_t length = strlen(type);
  return strncasecmp(range, type, length) == 0 && strchr("; \t,", range[length]) != NULL;
}

/* 1.0.0 is the only version of OpenMetrics that is written here. */
static bool is_version_1(const char *range, size_t length) {
  const char *version = find_parameter(range, length, "version");
  return version == NULL || strncmp(version, "1.", 2) == 0;
}

static double quality_of(const char *range, size_t length) {
  const char *quality = find_parameter(range, length, "q");
  return quality != NULL ? number_read(quality, NULL) : 1;
}

/* The next of the list, without the blanks before it. */
static bool next_range(const char **list, const char **range, size_t *length) {
  if (!comma_list_next(list, range, length))
    return false;
  size_t blanks = strspn(*range, " \t");
  blanks = blanks < *length ? blanks : *length;
  *range += blanks;
  *length -= blanks;
  return true;
}

bool accept_takes_gzip(const char *accept_encoding) {
  const char *range;
  size_t length;
  while (next_range(&accept_encoding, &range, &length))
    if (is_type(range, "gzip") || is_type(range, "x-gzip"))
      return quality_of(range, length) > 0;
  return false;
}

bool accept_prefers_openmetrics(const char *accept) {
  double openmetrics = 0, text = 0;
  const char *range;
  size_t length;
  while (next_range(&accept, &range, &length)) {
    double quality = quality_of(range, length);
    if (is_type(range, "application/openmetrics-text") && is_version_1(range, length) && quality > openmetrics)
      openmetrics = quality;
    if (is_type(range, "text/plain") && quality > text)
      text = quality;
  }
  return openmetrics > 0 && openmetrics >= text;
}
