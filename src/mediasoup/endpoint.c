/* SPDX-License-Identifier: MIT */
#include "endpoint.h"

#include "common/clock.h"
#include "common/options.h"
#include "judge.h"
#include "missing_keys.h"
#include "succession.h"
#include "url.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* Receivers forget rows that do not come for so long. Where intervals are short, a moment's delay is no reason to send
 * all metadata. */
enum { FORGET_INTERVALS = 2, FORGET_LEAST_MILLISECONDS = 2000 };

struct endpoint {
  endpoint_options_t options;
  uint64_t told; /* epoch milliseconds: when rows were sent last; 0 before */
  source_t *sources[SOURCES_MAX];
  size_t length;
  succession_t succession;
  judge_t judge;
  summary_t *summary;
  missing_keys_t missing_keys;
};

static bool is_glob(const endpoint_options_t *options) {
  return options->socket != NULL && strpbrk(options->socket, "*?[") != NULL;
}

/* --- sources --- */

static MUST_CHECK status_t new_source(const endpoint_t *endpoint, const char *socket, int process, source_t **source,
                                      failure_t *failure) {
  const endpoint_options_t *options = &endpoint->options;
  return source_new(&(source_options_t){.socket = socket,
                                        .url = options->url,
                                        .trust = endpoint_options_trust(options),
                                        .timeout_milliseconds = (long)(options->timeout_seconds * 1000),
                                        .classes = options->classes,
                                        .max_objects = options->max_objects,
                                        .naming = {.endpoint = options->name,
                                                   .plugin_instance = options->plugin_instance,
                                                   .type_instance = options->type_instance,
                                                   .app_data = (const char *const *)options->app_data,
                                                   .app_data_length = options->app_data_length,
                                                   .aliases = endpoint_options_aliases(options),
                                                   .process = process}},
                    source, failure);
}

static bool is_taken(const endpoint_t *endpoint, int process) {
  for (size_t i = 0; i < endpoint->length; i++)
    if (source_process(endpoint->sources[i]) == process)
      return true;
  return false;
}

static int lowest_free_process(const endpoint_t *endpoint) {
  int process = 0;
  while (is_taken(endpoint, process))
    process++;
  return process;
}

static bool has_source(const endpoint_t *endpoint, const char *path) {
  for (size_t i = 0; i < endpoint->length; i++)
    if (strcmp(source_where(endpoint->sources[i]), path) == 0)
      return true;
  return false;
}

static bool is_among(const char *path, char *const *paths, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (strcmp(paths[i], path) == 0)
      return true;
  return false;
}

static void drop(endpoint_t *endpoint, source_t *source) {
  succession_leave(&endpoint->succession, source, steady_seconds());
  source_free(source);
}

static void drop_gone(endpoint_t *endpoint, char *const *paths, size_t length) {
  size_t kept = 0;
  for (size_t i = 0; i < endpoint->length; i++) {
    if (is_among(source_where(endpoint->sources[i]), paths, length))
      endpoint->sources[kept++] = endpoint->sources[i];
    else
      drop(endpoint, endpoint->sources[i]);
  }
  endpoint->length = kept;
}

/* Makes the sources those of these paths. A source that stays keeps its process number. */
static MUST_CHECK status_t follow(endpoint_t *endpoint, char *const *paths, size_t length, failure_t *failure) {
  drop_gone(endpoint, paths, length);
  status_t status = STATUS_OK;
  for (size_t i = 0; i < length && status == STATUS_OK; i++) {
    if (has_source(endpoint, paths[i]))
      continue;
    if (endpoint->length == SOURCES_MAX)
      return failure_set(failure, STATUS_OPTION, "Socket \"%s\" matches %zu sockets, of which only %d are read",
                         endpoint->options.socket, length, SOURCES_MAX);
    source_t **source = &endpoint->sources[endpoint->length];
    status = new_source(endpoint, paths[i], lowest_free_process(endpoint), source, failure);
    if (status != STATUS_OK)
      continue;
    succession_enter(&endpoint->succession, *source);
    endpoint->length++;
  }
  return status;
}

static MUST_CHECK status_t refresh(endpoint_t *endpoint, failure_t *failure) {
  if (!is_glob(&endpoint->options))
    return STATUS_OK;
  glob_t matches = {0};
  int result = glob(endpoint->options.socket, 0, NULL, &matches);
  status_t status = STATUS_OK;
  if (result == 0)
    status = follow(endpoint, matches.gl_pathv, matches.gl_pathc, failure);
  else if (result == GLOB_NOSPACE)
    status = failure_no_memory(failure);
  else
    status = follow(endpoint, &endpoint->options.socket, 1, failure);
  globfree(&matches);
  return status;
}

/* --- verdicts and summary --- */

static MUST_CHECK status_t new_summary(endpoint_t *endpoint, failure_t *failure) {
  const endpoint_options_t *options = &endpoint->options;
  return summary_new(&(summary_options_t){.endpoint = options->name,
                                          .groups = options->groups,
                                          .groups_length = options->groups_length,
                                          .aliases = endpoint_options_aliases(options),
                                          .distributions = options->distributions,
                                          .worst = options->worst},
                     &endpoint->summary, failure);
}

static void judge(endpoint_t *endpoint, uint64_t now) {
  const failure_t *failure;
  judge_begin(&endpoint->judge, now);
  for (size_t i = 0; i < endpoint->length; i++)
    judge_add(&endpoint->judge, source_model(endpoint->sources[i]),
              source_status(endpoint->sources[i], &failure) == STATUS_OK);
  judge_end(&endpoint->judge);
}

static void sum_up(endpoint_t *endpoint) {
  const failure_t *failure;
  summary_begin(endpoint->summary);
  for (size_t i = 0; i < endpoint->length; i++)
    summary_add(endpoint->summary, source_model(endpoint->sources[i]),
                source_status(endpoint->sources[i], &failure) == STATUS_OK);
  summary_end(endpoint->summary, steady_seconds());
}

/* --- what the header offers --- */

static bool is_secure(const endpoint_options_t *options) { return options->url != NULL && url_is_https(options->url); }

static MUST_CHECK status_t check(endpoint_options_t *options, failure_t *failure) {
  if (options->socket != NULL && options->url != NULL)
    return failure_set(failure, STATUS_OPTION, "both Socket and URL are given; remove one");
  if (options->ca_file != NULL && !is_secure(options))
    return failure_set(failure, STATUS_OPTION, "CACert is given, and no URL that begins with https://");
  if (options->socket == NULL && options->url == NULL)
    options->socket = strdup(DEFAULT_SOCKET);
  return options->socket != NULL || options->url != NULL ? STATUS_OK : failure_no_memory(failure);
}

status_t endpoint_new(endpoint_options_t *options, endpoint_t **result, failure_t *failure) {
  status_t status = check(options, failure);
  if (status != STATUS_OK)
    return status;
  endpoint_t *endpoint = calloc(1, sizeof(*endpoint));
  if (endpoint == NULL)
    return failure_no_memory(failure);
  endpoint->options = *options;
  judge_init(&endpoint->judge);
  /* A glob gets a source now too, so that a bad template shows. */
  status = new_source(endpoint, options->socket, is_glob(options) ? 0 : -1, &endpoint->sources[0], failure);
  if (status == STATUS_OK)
    status = new_summary(endpoint, failure);
  if (status != STATUS_OK) {
    source_free(endpoint->sources[0]);
    judge_done(&endpoint->judge);
    free(endpoint);
    return status;
  }
  endpoint->length = 1;
  *options = (endpoint_options_t){0};
  *result = endpoint;
  return STATUS_OK;
}

void endpoint_free(endpoint_t *endpoint) {
  if (endpoint == NULL)
    return;
  summary_free(endpoint->summary);
  judge_done(&endpoint->judge);
  for (size_t i = 0; i < endpoint->length; i++)
    source_free(endpoint->sources[i]);
  endpoint_options_done(&endpoint->options);
  free(endpoint);
}

const endpoint_options_t *endpoint_options(const endpoint_t *endpoint) { return &endpoint->options; }

status_t endpoint_read(endpoint_t *endpoint, uint64_t now, const volatile sig_atomic_t *stop, failure_t *failure) {
  status_t status = refresh(endpoint, failure);
  source_read_all(endpoint->sources, endpoint->length, stop);
  if (is_glob(&endpoint->options))
    succession_count(&endpoint->succession, endpoint->sources, endpoint->length, steady_seconds());
  judge(endpoint, now);
  sum_up(endpoint);
  return status;
}

source_t *const *endpoint_sources(const endpoint_t *endpoint, size_t *length) {
  *length = endpoint->length;
  return endpoint->sources;
}

bool endpoint_comes_late(endpoint_t *endpoint, uint64_t now, uint64_t interval) {
  uint64_t told = endpoint->told, patience = FORGET_INTERVALS * interval;
  if (patience < FORGET_LEAST_MILLISECONDS)
    patience = FORGET_LEAST_MILLISECONDS;
  endpoint->told = now;
  return told > 0 && (now < told || now - told >= patience);
}

bool endpoint_misses_keys(endpoint_t *endpoint, failure_t *line) {
  return missing_keys_look(&endpoint->missing_keys, &endpoint->options, endpoint->sources, endpoint->length, line);
}

const summary_t *endpoint_summary(const endpoint_t *endpoint) { return endpoint->summary; }
