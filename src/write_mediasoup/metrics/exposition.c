/* SPDX-License-Identifier: MIT */
#include "exposition.h"

#include "common/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

const char *exposition_type(const exposition_t *exposition) {
  return exposition->openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                 : "text/plain; version=0.0.4; charset=utf-8";
}

/* --- names --- */

/* Families that mediasoup-exporter has under other names. */
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

void histogram_name(const class_t *class, char name[FAMILY_NAME_MAX]) {
  (void)snprintf(name, FAMILY_NAME_MAX, "mediasoup_%s", class->name);
}

/* --- heads --- */

static void append_parts(buffer_t *text, const char *const *parts, size_t length) {
  for (size_t i = 0; i < length; i++)
    buffer_append_text(text, parts[i]);
}

static const char *type_of(const field_t *field, const exposition_t *exposition) {
  if (field->kind == KIND_GAUGE)
    return "gauge";
  return exposition->openmetrics && exposition->exporter_names ? "unknown" : "counter";
}

void family_append_head(buffer_t *text, const class_t *class, const field_t *field, const exposition_t *exposition) {
  char name[FAMILY_NAME_MAX];
  bool since = field->since != NULL;
  family_name(class, field, name);
  if (!exposition->openmetrics) /* which names the family without _total */
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
  append_parts(text, parts, LENGTH(parts));
}

void histogram_append_head(buffer_t *text, const class_t *class) {
  char name[FAMILY_NAME_MAX];
  histogram_name(class, name);
  const char *const parts[] = {
      "# HELP ", name,          " ", class->help, "; one reading of each stream in each snapshot\n# TYPE ",
      name,      " histogram\n"};
  append_parts(text, parts, LENGTH(parts));
}

/* --- numbers --- */

void exposition_append_double(buffer_t *text, double value) {
  if (isnan(value))
    buffer_append_text(text, "NaN");
  else if (isinf(value))
    buffer_append_text(text, value > 0 ? "+Inf" : "-Inf");
  else
    number_append_double(text, value);
}
