/* SPDX-License-Identifier: MIT */
/*
 * Requests become answers: which view, which page, which error. Knows HTTP's words, not its transport.
 */
#ifndef COLLECTD_MEDIASOUP_ANSWER_H
#define COLLECTD_MEDIASOUP_ANSWER_H

#include "write_mediasoup/metrics/scrape.h"
#include "write_mediasoup/views/view.h"

typedef struct {
  unsigned status;          /* HTTP's */
  const char *content_type; /* static */
  view_t *view;             /* the body, or */
  const char *text;         /* the body, static, or */
  size_t text_length;
  char made[200];   /* the body, made for this answer; where `text` is NULL */
  char error[1000]; /* what is wrong, in words; the body is then {"error": ...} */
  bool is_page;
  bool by_accept; /* the Accept header chose its form */
} answer_t;

/* The answer to GET `path`, whose parameters come one by one. */
typedef struct {
  const class_t *class; /* of the view, or NULL */
  query_t query;
  bool is_scrape; /* of /metrics */
  scrape_t scrape;
  bool is_health;
  answer_t answer; /* answer.status is 0 as long as nothing is wrong */
} asking_t;

/* Looks the path up: "/consumers", "/consumers/<id>", "/metrics", "/", "/healthz". `path` is lent as long as `asking`
 * is used. `accept` is the header of that name, or "". */
void asking_begin(asking_t *asking, const char *path, const char *accept);
void asking_add(asking_t *asking, const char *key, const char *value);

/* The answer; its view is the caller's to free. */
void asking_end(asking_t *asking, store_t *store, double now);

/* An answer that says what is wrong. */
void answer_error(answer_t *answer, unsigned status, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
