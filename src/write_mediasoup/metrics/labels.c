/* SPDX-License-Identifier: MIT */
#include "labels.h"

#include "app_labels.h"
#include "common/identifier.h"
#include "common/json.h"

#include <string.h>

/* The endpoint of this name goes without saying: one application on a host then looks as mediasoup-exporter's does. */
static const char unnamed_endpoint[] = "mediasoup";

/* --- one label --- */

/* What stands for a byte that cannot stand as it is; NULL where it can. */
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

static void append_text(buffer_t *text, const char *name, const char *value) {
  label_append(text, name, value, strlen(value));
}

/* --- what the object is --- */

/* With `pair`, the label is there only where the row's type_instance has this pair. Its value is the fact's, which is
 * exact, where the row has it. */
typedef struct {
  const char *name;
  const char *fact;
  const char *pair;
} label_t;

enum { LABELS_MAX = 8 };

#define FACT(key) {.name = (key), .fact = (key)}
#define PAIR(key) {.name = (key), .pair = (key)}
/* Where several objects have one id: a producer's streams, and what is piped to another router. */
#define RID {.name = "rid", .fact = "rid", .pair = "rid"}
#define SSRC {.name = "ssrc", .fact = "ssrc", .pair = "ssrc"}
#define VIA {.name = "transportId", .fact = "transportId", .pair = "via"}

static const label_t row_labels[CLASS_ROWS_COUNT][LABELS_MAX] = {
    [CLASS_ENDPOINT] = {PAIR("process")},
    [CLASS_USAGE] = {PAIR("process"), PAIR("type"), PAIR("pid"), PAIR("ppid")},
    [CLASS_WORKERS] = {PAIR("process"), PAIR("worker")},
    [CLASS_ROUTERS] = {FACT("routerId")},
    [CLASS_TRANSPORTS] = {FACT("transportType"), FACT("transportId")},
    [CLASS_PRODUCERS] = {FACT("kind"), FACT("mimeType"), FACT("type"), FACT("producerId"), RID, SSRC, VIA},
    [CLASS_CONSUMERS] = {FACT("kind"), FACT("mimeType"), FACT("type"), FACT("consumerId"), RID, SSRC},
    [CLASS_DATA_PRODUCERS] = {FACT("dataProducerId"), VIA},
    [CLASS_DATA_CONSUMERS] = {FACT("dataConsumerId")},
};

/* The facts of one of the worst are its stream's, which changes: rank alone names it. */
static const label_t summary_labels[LABELS_MAX] = {
    PAIR("group"), PAIR("of"),           PAIR("kind"), {.name = "mimeType", .fact = "mimeType", .pair = "mimeType"},
    PAIR("rank"),  PAIR("transportType")};

static const label_t *labels_of(const class_t *class) {
  return class_is_summary(class) ? summary_labels : row_labels[class_id(class)];
}

/* What the class alone tells, for rows that came without metadata. */
static const char *fact_of_class(const class_t *class, const char *fact) {
  if (strcmp(fact, "type") != 0)
    return NULL;
  return class_id(class) == CLASS_PRODUCERS   ? "inbound-rtp"
         : class_id(class) == CLASS_CONSUMERS ? "outbound-rtp"
                                              : NULL;
}

static void append_label(buffer_t *text, const store_row_t *row, const label_t *label) {
  pair_t pair = {0};
  if (label->pair != NULL && !identifier_find(row->type_instance, label->pair, &pair))
    return;
  const char *fact = label->fact != NULL ? facts_find_text(row->facts, label->fact) : NULL;
  if (fact == NULL && label->fact != NULL)
    fact = fact_of_class(row->class, label->fact);
  if (fact != NULL)
    append_text(text, label->name, fact);
  else
    label_append(text, label->name, pair.value, pair.value_length);
}

/* Ids of what the application made hold anywhere; those of the machine, and what sums up, within their endpoint. */
static void append_endpoint(buffer_t *text, const store_row_t *row) {
  pair_t pair;
  if (class_is_made_by_application(row->class))
    return;
  if (!identifier_find(row->type_instance, IDENTIFIER_ENDPOINT, &pair))
    pair = identifier_is_name(row->plugin_instance)
               ? (pair_t){.value = row->plugin_instance, .value_length = strlen(row->plugin_instance)}
               : (pair_t){.value = ""};
  if (pair.value_length != strlen(unnamed_endpoint) || memcmp(pair.value, unnamed_endpoint, pair.value_length) != 0)
    label_append(text, IDENTIFIER_ENDPOINT, pair.value, pair.value_length);
}

/* --- all of them --- */

void labels_append(buffer_t *text, const store_row_t *row) {
  const label_t *labels = labels_of(row->class);
  for (size_t i = 0; i < LABELS_MAX && labels[i].name != NULL; i++)
    append_label(text, row, &labels[i]);
  append_endpoint(text, row);
  app_labels_append(text, row);
  append_text(text, "instance", row->host);
}

static const char plugin_instance_label[] = "plugin_instance", type_instance_label[] = "type_instance";

void labels_append_identifiers(buffer_t *text, const store_row_t *row) {
  append_text(text, plugin_instance_label, row->plugin_instance);
  append_text(text, type_instance_label, row->type_instance);
}

static bool has_label(const label_t *labels, const char *name) {
  for (size_t i = 0; i < LABELS_MAX && labels[i].name != NULL; i++)
    if (strcmp(labels[i].name, name) == 0)
      return true;
  return false;
}

bool label_is_reserved(const char *name) {
  static const char *const others[] = {"endpoint",         "instance", "job", "le", "quantile", plugin_instance_label,
                                       type_instance_label};
  if (strncmp(name, "__", 2) == 0 || has_label(summary_labels, name))
    return true;
  for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
    if (strcmp(others[i], name) == 0)
      return true;
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++)
    if (has_label(row_labels[i], name))
      return true;
  return false;
}
