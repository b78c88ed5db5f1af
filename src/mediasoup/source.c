/* SPDX-License-Identifier: MIT */
#include "source.h"

#include "apply.h"
#include "commit.h"
#include "common/clock.h"
#include "common/number.h"
#include "fetch.h"
#include "parse.h"

#include <stdlib.h>
#include <string.h>

/* What write_events() appends. */
enum { EVENTS_ROOM = sizeof("&events=18446744073709551615") };

struct source {
  char *where;
  int process;
  buffer_t url;      /* what is asked for, ... */
  size_t url_length; /* ... and how much of it stays the same from reading to reading */
  fetch_t *fetch;
  parser_t *parser;
  model_t *model;
  namer_t *namer;
  double asked;      /* when the last reading began, in steady seconds */
  failure_t failure; /* of the last reading */
  status_t before;   /* of the reading before it */
  uint64_t since;    /* see source_since() */
  uint64_t read;     /* see source_last_reading() */
  uint64_t report;   /* the hash of the last one */
};

/* "BASE/v1/snapshot?rows=workers,routers" */
static void write_url(const source_options_t *options, buffer_t *url) {
  buffer_append_text(url, options->socket != NULL ? "http://localhost" : options->url);
  while (url->length > 0 && url->data[url->length - 1] == '/')
    url->data[--url->length] = '\0';
  buffer_append_text(url, SNAPSHOT_PATH);
  const char *separator = "?rows=";
  for (size_t i = CLASS_USAGE; i < CLASS_ROWS_COUNT; i++) {
    if ((options->classes & (1U << i)) == 0)
      continue;
    buffer_append_text(url, separator);
    buffer_append_text(url, classes[i].name);
    separator = ",";
  }
}

/* "...&events=12" where the endpoint numbers what happens to connections. */
static void write_events(source_t *source) {
  uint64_t number;
  source->url.length = source->url_length;
  source->url.data[source->url_length] = '\0';
  if (!model_events_told(source->model, &number))
    return;
  buffer_append_text(&source->url, strchr(source->url.data, '?') != NULL ? "&events=" : "?events=");
  number_append_whole(&source->url, (int64_t)number);
}

static fetch_t *new_fetch(source_t *source, const source_options_t *options) {
  source->url = (buffer_t)BUFFER_INIT(ROW_MAX_BYTES);
  write_url(options, &source->url);
  source->url_length = source->url.length;
  if (!buffer_reserve(&source->url, EVENTS_ROOM) || buffer_status(&source->url) != STATUS_OK)
    return NULL;
  return fetch_new(&(fetch_options_t){.socket = options->socket,
                                      .url = source->url.data,
                                      .trust = options->trust,
                                      .timeout_milliseconds = options->timeout_milliseconds,
                                      .on_body = parser_feed,
                                      .context = source->parser});
}

status_t source_new(const source_options_t *options, source_t **result, failure_t *failure) {
  source_t *source = calloc(1, sizeof(*source));
  if (source == NULL)
    return failure_no_memory(failure);
  source->process = options->naming.process;
  source->failure.status = STATUS_COUNT; /* no status of a reading, so the first reading's is new */
  source->where = strdup(options->socket != NULL ? options->socket : options->url);
  source->model = model_new(options->classes, options->max_objects);
  source->parser = parser_new(apply_row, source->model);
  source->fetch = new_fetch(source, options);
  bool whole = source->where != NULL && source->model != NULL && source->parser != NULL && source->fetch != NULL;
  status_t status = whole ? namer_new(&options->naming, &source->namer, failure) : failure_no_memory(failure);
  if (status == STATUS_OK)
    *result = source;
  else
    source_free(source);
  return status;
}

void source_free(source_t *source) {
  if (source == NULL)
    return;
  fetch_free(source->fetch);
  parser_free(source->parser);
  model_free(source->model);
  namer_free(source->namer);
  buffer_done(&source->url);
  free(source->where);
  free(source);
}

/* --- a reading --- */

static MUST_CHECK status_t begin(source_t *source) {
  source->before = source->failure.status;
  source->failure = (failure_t){.status = STATUS_OK};
  status_t status = parser_begin(source->parser, &source->failure);
  if (status != STATUS_OK)
    return status;
  write_events(source);
  if (fetch_set_url(source->fetch, source->url.data) != STATUS_OK)
    return failure_no_memory(&source->failure);
  apply_begin(source->model);
  source->asked = steady_seconds();
  return STATUS_OK;
}

static MUST_CHECK status_t conclude(source_t *source) {
  const failure_t *fetched;
  if (fetch_status(source->fetch, &fetched) != STATUS_OK) {
    source->failure = *fetched;
    return fetched->status;
  }
  status_t status = parser_end(source->parser, &source->failure);
  if (status != STATUS_OK)
    return status;
  return commit_snapshot(source->model, source->asked, fetch_seconds(source->fetch), &source->failure);
}

/* Whatever becomes of a reading ends here. */
static void end(source_t *source, status_t status) {
  uint64_t now = epoch_milliseconds();
  bool was_read = source->before < STATUS_COUNT;
  if (!was_read || (source->before == STATUS_OK) != (status == STATUS_OK))
    source->since = now;
  if (status == STATUS_OK)
    source->read = now;
  else
    commit_failure(source->model);
}

void source_read_all(source_t *const *sources, size_t length, const volatile sig_atomic_t *stop) {
  fetch_t *fetches[SOURCES_MAX] = {NULL};
  source_t *begun[SOURCES_MAX] = {NULL};
  size_t count = 0;
  for (size_t i = 0; i < length && i < SOURCES_MAX; i++) {
    status_t status = begin(sources[i]);
    if (status != STATUS_OK) {
      end(sources[i], status);
      continue;
    }
    fetches[count] = sources[i]->fetch;
    begun[count++] = sources[i];
  }
  fetch_all(fetches, count, stop);
  for (size_t i = 0; i < count; i++)
    end(begun[i], conclude(begun[i]));
}

/* --- what is known of it --- */

status_t source_status(const source_t *source, const failure_t **failure) {
  *failure = &source->failure;
  return source->failure.status;
}

bool source_status_is_new(const source_t *source) { return source->failure.status != source->before; }

uint64_t source_since(const source_t *source) { return source->since; }

uint64_t source_last_reading(const source_t *source) { return source->read; }

bool source_remember_report(source_t *source, uint64_t hash) {
  bool differs = hash != source->report;
  source->report = hash;
  return differs;
}

model_t *source_model(source_t *source) { return source->model; }

namer_t *source_namer(source_t *source) { return source->namer; }

const char *source_where(const source_t *source) { return source->where; }

int source_process(const source_t *source) { return source->process; }
