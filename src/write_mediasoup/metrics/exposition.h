/* SPDX-License-Identifier: MIT */
/*
 * The words of Prometheus' text format 0.0.4 and of OpenMetrics 1.0: the names of families, their HELP and TYPE, and
 * numbers.
 *
 * A family is called mediasoup_<class>_<field>, or as mediasoup-exporter called it. The samples of a counter end in
 * _total, in both formats. With the names of mediasoup-exporter they do not, as after the relabelling that is shipped
 * for write_prometheus. OpenMetrics has no counters without _total, so it then has them as of unknown type.
 */
#ifndef COLLECTD_MEDIASOUP_EXPOSITION_H
#define COLLECTD_MEDIASOUP_EXPOSITION_H

#include "common/buffer.h"
#include "common/fields.h"

typedef struct {
  bool openmetrics;
  bool exporter_names; /* those of mediasoup-exporter */
} exposition_t;

/* The Content-Type. */
const char *exposition_type(const exposition_t *exposition);

enum { FAMILY_NAME_MAX = 128 };

/* The name of the family, without _total. */
void family_name(const class_t *class, const field_t *field, char name[FAMILY_NAME_MAX]);

/* The name of its samples. */
void family_sample_name(const class_t *class, const field_t *field, const exposition_t *exposition,
                        char name[FAMILY_NAME_MAX]);

/* The name of the histograms of a class that has buckets. */
void histogram_name(const class_t *class, char name[FAMILY_NAME_MAX]);

/* Append the lines HELP and TYPE. */
void family_append_head(buffer_t *text, const class_t *class, const field_t *field, const exposition_t *exposition);
void histogram_append_head(buffer_t *text, const class_t *class);

/* Appends the number, or "NaN", "+Inf", "-Inf". */
void exposition_append_double(buffer_t *text, double value);

#endif
