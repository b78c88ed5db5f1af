/* SPDX-License-Identifier: MIT */
#include "source.h"

#include "fetch.h"
#include "parse.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct source {
  char *where;
  int process;
  fetch_t *fetch;
  parser_t *parser;
  model_t *model;
  namer_t *namer;
  double asked;      /* when the last reading began, in steady seconds */
  failure_t failure; /* of the last reading */
  status_t before;   /* of the reading before it */
};

static status_t on_body(void *context, const char *bytes, size_t length, failure_t *failure) {
  source_t *source = context;
  return parser_feed(source->parser, bytes, length, failure);
}

/* "BASE/v1/snapshot?rows=workers,routers" */
static MUST_CHECK status_t write_url(const source_options_t *options, buffer_t *url) {
  status_t status = buffer_append_text(url, options->socket != NULL ? "http://localhost" : options->url);
  while (url->length > 0 && url->data[url->length - 1] == '/')
    url->data[--url->length] = '\0';
  if (status == STATUS_OK)
    status = buffer_append_text(url, "/v1/snapshot");
  const char *separator = "?rows=";
  for (size_t i = CLASS_USAGE; i < CLASS_ROWS_COUNT && status == STATUS_OK; i++) {
    if ((options->classes & (1U << i)) == 0)
      continue;
    status = buffer_append_text(url, separator);
    if (status == STATUS_OK)
      status = buffer_append_text(url, classes[i].name);
    separator = ",";
  }
  return status;
}

static fetch_t *new_fetch(source_t *source, const source_options_t *options) {
  buffer_t url = BUFFER_INIT(ROW_MAX_BYTES);
  fetch_t *fetch = NULL;
  if (write_url(options, &url) == STATUS_OK)
    fetch = fetch_new(&(fetch_options_t){.socket = options->socket,
                                         .url = url.data,
                                         .timeout_milliseconds = options->timeout_milliseconds,
                                         .on_body = on_body,
                                         .context = source});
  buffer_done(&url);
  return fetch;
}

status_t source_new(const source_options_t *options, source_t **result, failure_t *failure) {
  source_t *source = calloc(1, sizeof(*source));
  if (source == NULL)
    return failure_no_memory(failure);
  source->process = options->naming.process;
  source->failure.status = STATUS_COUNT; /* not read yet: whatever comes of the first reading is new */
  source->where = strdup(options->socket != NULL ? options->socket : options->url);
  source->model = model_new(options->classes, options->max_objects);
  source->parser = parser_new(model_apply, source->model);
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
  free(source->where);
  free(source);
}

double steady_seconds(void) {
  struct timespec now = {0};
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static MUST_CHECK status_t conclude(source_t *source, failure_t *failure) {
  const failure_t *fetched;
  if (fetch_status(source->fetch, &fetched) != STATUS_OK) {
    *failure = *fetched;
    return fetched->status;
  }
  status_t status = parser_end(source->parser, failure);
  return status == STATUS_OK ? model_commit(source->model, source->asked, fetch_seconds(source->fetch), failure)
                             : status;
}

void source_read_all(source_t *const *sources, size_t length) {
  fetch_t *fetches[SOURCES_MAX] = {NULL};
  source_t *begun[SOURCES_MAX] = {NULL};
  size_t count = 0;
  for (size_t i = 0; i < length && i < SOURCES_MAX; i++) {
    sources[i]->before = sources[i]->failure.status;
    sources[i]->failure = (failure_t){.status = STATUS_OK};
    if (parser_begin(sources[i]->parser, &sources[i]->failure) != STATUS_OK) {
      model_fail(sources[i]->model);
      continue;
    }
    model_begin(sources[i]->model);
    sources[i]->asked = steady_seconds();
    fetches[count] = sources[i]->fetch;
    begun[count++] = sources[i];
  }
  fetch_all(fetches, count);
  for (size_t i = 0; i < count; i++)
    if (conclude(begun[i], &begun[i]->failure) != STATUS_OK)
      model_fail(begun[i]->model);
}

status_t source_status(const source_t *source, const failure_t **failure) {
  *failure = &source->failure;
  return source->failure.status;
}

bool source_status_is_new(const source_t *source) { return source->failure.status != source->before; }

model_t *source_model(source_t *source) { return source->model; }

status_t source_identify(source_t *source, object_t *object) { return identify(source->namer, object); }

const char *source_where(const source_t *source) { return source->where; }

int source_process(const source_t *source) { return source->process; }
