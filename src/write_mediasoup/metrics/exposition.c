/* SPDX-License-Identifier: MIT */
#include "exposition.h"

#include "common/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

const char *exposition_type(const exposition_t *exposition) {
  return exposition->openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                 : "text/plain; version=0.0.4; charset=utf-8";
}

/* --- names --- */

/* mediasoup-exporter's names of what the table calls otherwise. */
typedef struct {
  class_id_t class;
  const char *field;
  const char *name;
} renamed_t;

static const renamed_t renamed[] = {
    {CLASS_ENDPOINT, "processes", "mediasoup_processes_num"},
    {CLASS_ENDPOINT, "workers", "mediasoup_workers_total_num"},
    {CLASS_ENDPOINT, "workers_active", "mediasoup_workers_active_num"},
    {CLASS_ENDPOINT, "workers_idle", "mediasoup_workers_idle_num"},
    {CLASS_ENDPOINT, "routers", "mediasoup_routers_num"},
    {CLASS_ENDPOINT, "producers", "mediasoup_producers_num"},
    {CLASS_ENDPOINT, "consumers", "mediasoup_consumers_num"},
    {CLASS_USAGE, "cpu", "mediasoup_processes_cpu_usage"},
    {CLASS_USAGE, "memory", "mediasoup_processes_memory_usage"},
};

void family_name(const class_t *class, const field_t *field, char name[FAMILY_NAME_MAX]) {
  for (size_t i = 0; i < LENGTH(renamed); i++) {
    if (class == &classes[renamed[i].class] && strcmp(field->name, renamed[i].field) == 0) {
      (void)snprintf(name, FAMILY_NAME_MAX, "%s", renamed[i].name);
      return;
    }
  }
  (void)snprintf(name, FAMILY_NAME_MAX, "mediasoup_%s_%s", class->name, field->name);
}

static void append_suffix(const field_t *field, const exposition_t *exposition, char name[FAMILY_NAME_MAX]) {
  size_t length = strlen(name);
  if (field->kind == KIND_COUNTER && !exposition->exporter_names)
    (void)snprintf(name + length, FAMILY_NAME_MAX - length, "_total");
}

void family_sample_name(const class_t *class, const field_t *field, const exposition_t *exposition,
                        char name[FAMILY_NAME_MAX]) {
  family_name(class, field, name);
  append_suffix(field, exposition, name);
}

bool class_is_histogram(const class_t *class) {
  return class_id(class) + 1 < CLASS_COUNT && class_derived_field(class, DERIVED_SUM) >= 0 &&
         class_derived_field(class + 1, DERIVED_BUCKET) >= 0;
}

void histogram_name(const class_t *class, char name[FAMILY_NAME_MAX]) {
  (void)snprintf(name, FAMILY_NAME_MAX, "mediasoup_%s", class->name);
}

/* --- heads --- */

static MUST_CHECK status_t append_parts(buffer_t *text, const char *const *parts, size_t length) {
  status_t status = STATUS_OK;
  for (size_t i = 0; i < length && status == STATUS_OK; i++)
    status = buffer_append_text(text, parts[i]);
  return status;
}

/* The family is named without _total in OpenMetrics, and with it before. */
static const char *type_of(const field_t *field, const exposition_t *exposition) {
  if (field->kind == KIND_GAUGE)
    return "gauge";
  return exposition->openmetrics && exposition->exporter_names ? "unknown" : "counter";
}

status_t family_append_head(buffer_t *text, const class_t *class, const field_t *field,
                            const exposition_t *exposition) {
  char name[FAMILY_NAME_MAX];
  bool since = field->since != NULL;
  family_name(class, field, name);
  if (!exposition->openmetrics)
    append_suffix(field, exposition, name);
  const char *const parts[] = {"# HELP ",
                               name,
                               " ",
                               field->help,
                               " (",
                               field->unit,
                               since ? "; since mediasoup " : "",
                               since ? field->since : "",
                               ")\n# TYPE ",
                               name,
                               " ",
                               type_of(field, exposition),
                               "\n"};
  return append_parts(text, parts, LENGTH(parts));
}

status_t histogram_append_head(buffer_t *text, const class_t *class) {
  char name[FAMILY_NAME_MAX];
  histogram_name(class, name);
  /* The class's help goes on with what the two classes have: ": sum and count". */
  char help[FAMILY_NAME_MAX];
  (void)snprintf(help, sizeof(help), "%.*s", (int)strcspn(class->help, ":"), class->help);
  const char *const parts[] = {
      "# HELP ", name, " ", help, "; one reading of each stream in each snapshot\n# TYPE ", name, " histogram\n"};
  return append_parts(text, parts, LENGTH(parts));
}

/* --- numbers --- */

status_t exposition_append_double(buffer_t *text, double value) {
  if (isnan(value))
    return buffer_append_text(text, "NaN");
  if (isinf(value))
    return buffer_append_text(text, value > 0 ? "+Inf" : "-Inf");
  return number_append_double(text, value);
}
