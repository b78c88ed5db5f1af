/* SPDX-License-Identifier: MIT */
#include "label.h"

#include "common/identifier.h"
#include "common/json.h"

#include <string.h>

/* --- which labels there are --- */

enum { LABELS_MAX = 8 };

#define FACT(key) {.name = (key), .fact = (key)}
#define PAIR(key) {.name = (key), .pair = (key)}
/* These tell apart objects that share an id: the streams of a producer, and what was piped to another router. */
#define RID {.name = "rid", .fact = "rid", .pair = "rid"}
#define SSRC {.name = "ssrc", .fact = "ssrc", .pair = "ssrc"}
#define VIA {.name = "transportId", .fact = "transportId", .pair = IDENTIFIER_VIA}

static const label_t row_labels[CLASS_ROWS_COUNT][LABELS_MAX] = {
    [CLASS_ENDPOINT] = {PAIR(IDENTIFIER_PROCESS)},
    [CLASS_USAGE] = {PAIR(IDENTIFIER_PROCESS), PAIR("type"), PAIR("pid"), PAIR("ppid")},
    [CLASS_WORKERS] = {PAIR(IDENTIFIER_PROCESS), PAIR("worker")},
    [CLASS_ROUTERS] = {FACT("routerId")},
    [CLASS_TRANSPORTS] = {FACT("transportType"), FACT("transportId")},
    [CLASS_PRODUCERS] = {FACT("kind"), FACT("mimeType"), FACT("type"), FACT("producerId"), RID, SSRC, VIA},
    [CLASS_CONSUMERS] = {FACT("kind"), FACT("mimeType"), FACT("type"), FACT("consumerId"), RID, SSRC},
    [CLASS_DATA_PRODUCERS] = {FACT("dataProducerId"), VIA},
    [CLASS_DATA_CONSUMERS] = {FACT("dataConsumerId")},
};

/* The endpoint is a label of its own, and the bound of a bucket stands after all others. */
static bool is_written_elsewhere(const char *key) {
  return strcmp(key, IDENTIFIER_ENDPOINT) == 0 || strcmp(key, LABEL_BOUND) == 0;
}

/* A summary has its attributes as labels, where its type_instance has them. The fact is exact where the type_instance
 * has video_VP8 for video/VP8. */
static bool label_of_summary(const class_t *class, size_t index, label_t *label) {
  for (size_t i = 0; i < class->attributes_length; i++) {
    const char *key = class->attributes[i].key;
    if (is_written_elsewhere(key) || index-- > 0)
      continue;
    *label = (label_t){.name = key, .fact = key, .pair = key};
    return true;
  }
  return false;
}

bool label_of_class(const class_t *class, size_t index, label_t *label) {
  if (class_is_summary(class))
    return label_of_summary(class, index, label);
  const label_t *labels = row_labels[class_id(class)];
  if (index >= LABELS_MAX || labels[index].name == NULL)
    return false;
  *label = labels[index];
  return true;
}

/* --- which names are taken --- */

/* Every row asks this for each key of its appData: most names differ in the first byte. */
static bool is_same(const char *name, const char *other) { return name[0] == other[0] && strcmp(name, other) == 0; }

static bool is_label_of_row(const char *name) {
  for (size_t class = 0; class < CLASS_ROWS_COUNT; class ++)
    for (size_t i = 0; i < LABELS_MAX && row_labels[class][i].name != NULL; i++)
      if (is_same(row_labels[class][i].name, name))
        return true;
  return false;
}

static bool is_label_of_summary(const char *name) {
  for (size_t class = CLASS_ROWS_COUNT; class < CLASS_COUNT; class ++)
    for (size_t i = 0; i < classes[class].attributes_length; i++)
      if (is_same(classes[class].attributes[i].key, name))
        return true;
  return false;
}

bool label_is_reserved(const char *name) {
  static const char *const others[] = {LABEL_INSTANCE,      "job",         "quantile", LABEL_PLUGIN_INSTANCE,
                                       LABEL_TYPE_INSTANCE, LABEL_LEFT_OUT};
  if (name[0] == '_' && name[1] == '_')
    return true;
  for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
    if (is_same(others[i], name))
      return true;
  return is_label_of_row(name) || is_label_of_summary(name);
}

/* --- writing --- */

/* What stands for a byte that has to be escaped; NULL for others. */
static const char *escape(char byte, bool is_utf8) {
  if (byte == '\\')
    return "\\\\";
  if (byte == '"')
    return "\\\"";
  if (byte == '\n')
    return "\\n";
  return !is_utf8 && (unsigned char)byte >= 0x80 ? "?" : NULL;
}

static void append_value(buffer_t *text, const char *value, size_t length) {
  bool is_utf8 = json_is_utf8(value, length);
  for (size_t at = 0; at < length;) {
    size_t run = at;
    while (run < length && escape(value[run], is_utf8) == NULL)
      run++;
    buffer_append(text, value + at, run - at);
    if (run < length)
      buffer_append_text(text, escape(value[run], is_utf8));
    at = run + 1;
  }
}

void label_append(buffer_t *text, const char *name, const char *value, size_t length) {
  if (length == 0)
    return;
  if (text->length > 0)
    buffer_append_character(text, ',');
  buffer_append_text(text, name);
  buffer_append_text(text, "=\"");
  append_value(text, value, length);
  buffer_append_character(text, '"');
}
