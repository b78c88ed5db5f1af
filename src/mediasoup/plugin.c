/* SPDX-License-Identifier: MIT */
/*
 * The read plugin `mediasoup`: registers with collectd, reads the endpoints, and writes to the log. The stages do the
 * rest, and know nothing of collectd.
 */
#include "config/config.h"
#include "dispatch.h"
#include "stop.h"

#include <collectd/core/utils/common/common.h>
#include <curl/curl.h>

/* Endpoints from the configuration, until init hands them to collectd's read threads. */
static endpoint_t **configured;
static size_t configured_length;
static bool has_block; /* there was an <Endpoint> block, if only one with a mistake in it */

static type_conflicts_t conflicts; /* written by init, only read afterwards */

/* --- the log --- */

static void log_complaint(const char *complaint) { ERROR("mediasoup: %s", complaint); }

static void log_source(const endpoint_t *endpoint, source_t *source) {
  const failure_t *failure;
  if (!source_status_is_new(source))
    return;
  const char *name = endpoint_options(endpoint)->name;
  if (source_status(source, &failure) != STATUS_OK) {
    ERROR("mediasoup: endpoint \"%s\" is down: %s; %s", name, failure->cause, status_remedy(failure->status));
    return;
  }
  const char *version = object_find_attribute(model_endpoint(source_model(source)), "mediasoup");
  failure_t line; /* makes one line of what the endpoint says */
  (void)failure_set(&line, STATUS_OK, "endpoint \"%s\" answers: %s, mediasoup %s", name, source_where(source),
                    version != NULL ? version : "of unknown version");
  INFO("mediasoup: %s", line.cause);
}

static void log_missing_keys(endpoint_t *endpoint) {
  failure_t line;
  if (endpoint_misses_keys(endpoint, &line))
    WARNING("mediasoup: endpoint \"%s\": %s", endpoint_options(endpoint)->name, line.cause);
}

/* --- reading --- */

static cdtime_t endpoint_interval(const endpoint_t *endpoint) {
  double seconds = endpoint_options(endpoint)->interval_seconds;
  return seconds > 0 ? DOUBLE_TO_CDTIME_T(seconds) : plugin_get_interval();
}

static void dispatch_all(endpoint_t *endpoint, cdtime_t time) {
  const endpoint_options_t *options = endpoint_options(endpoint);
  cdtime_t interval = endpoint_interval(endpoint);
  bool is_late = endpoint_comes_late(endpoint, CDTIME_T_TO_MS(cdtime()), CDTIME_T_TO_MS(interval));
  dispatch_t dispatch = {.conflicts = &conflicts,
                         .host = options->host != NULL ? options->host : "",
                         .time = time,
                         .interval = interval,
                         .endpoint = options->name,
                         .keys = endpoint_options_name_keys(options),
                         .metadata_always = options->metadata_always || is_late};
  size_t length;
  source_t *const *sources = endpoint_sources(endpoint, &length);
  for (size_t i = 0; i < length; i++) {
    log_source(endpoint, sources[i]);
    dispatch_source(&dispatch, sources[i]);
  }
  dispatch_summary(&dispatch, endpoint_summary(endpoint));
}

/* Always 0: after a read that fails collectd doubles the interval, up to a day. The value `up` says that an endpoint is
 * down. */
static int read_endpoint(user_data_t *user_data) {
  endpoint_t *endpoint = user_data->data;
  cdtime_t time = cdtime();
  failure_t failure = {0};
  if (endpoint_read(endpoint, CDTIME_T_TO_MS(time), stop_flag(), &failure) != STATUS_OK)
    ERROR("mediasoup: endpoint \"%s\": %s; %s", endpoint_options(endpoint)->name, failure.cause,
          status_remedy(failure.status));
  log_missing_keys(endpoint);
  if (*stop_flag() == 0) /* a reading that was stopped says nothing of its endpoint */
    dispatch_all(endpoint, time);
  return 0;
}

/* --- configuration --- */

static MUST_CHECK status_t compare_with_others(const endpoint_t *endpoint, failure_t *failure) {
  status_t status = STATUS_OK;
  for (size_t i = 0; i < configured_length && status == STATUS_OK; i++)
    status = endpoint_options_compare(endpoint_options(endpoint), endpoint_options(configured[i]), failure);
  return status;
}

static void configure(endpoint_t *endpoint) {
  const char *name = endpoint_options(endpoint)->name;
  failure_t failure = {0};
  if (compare_with_others(endpoint, &failure) != STATUS_OK) {
    ERROR("mediasoup: <Endpoint \"%s\">: %s; this endpoint is disabled", name, failure.cause);
    endpoint_free(endpoint);
    return;
  }
  endpoint_t **more = realloc(configured, (configured_length + 1) * sizeof(*more));
  if (more == NULL) {
    ERROR("mediasoup: <Endpoint \"%s\">: out of memory; %s; this endpoint is disabled", name,
          status_remedy(STATUS_NO_MEMORY));
    endpoint_free(endpoint);
    return;
  }
  configured = more;
  configured[configured_length++] = endpoint;
}

/* Always 0: else collectd would not start, and nothing would be watched for a mistake in our blocks. */
static int on_config(oconfig_item_t *block) {
  for (int i = 0; i < block->children_num; i++) {
    endpoint_t *endpoint;
    if (strcasecmp(block->children[i].key, "Endpoint") != 0) {
      config_refuse(&block->children[i], log_complaint);
      continue;
    }
    has_block = true;
    if (config_read_endpoint(&block->children[i], log_complaint, &endpoint) == STATUS_OK)
      configure(endpoint);
  }
  return 0;
}

static void configure_default(void) {
  endpoint_options_t options;
  failure_t failure = {0};
  endpoint_t *endpoint;
  if (endpoint_options_init(&options, ENDPOINT_DEFAULT_NAME) != STATUS_OK ||
      endpoint_new(&options, &endpoint, &failure) != STATUS_OK)
    ERROR("mediasoup: endpoint \"%s\": out of memory; %s", ENDPOINT_DEFAULT_NAME, status_remedy(STATUS_NO_MEMORY));
  else
    configure(endpoint);
}

/* --- start --- */

static void free_endpoint(void *endpoint) { endpoint_free(endpoint); }

static void register_endpoint(endpoint_t *endpoint) {
  char name[DATA_MAX_NAME_LEN];
  ssnprintf(name, sizeof(name), "mediasoup-%s", endpoint_options(endpoint)->name);
  /* collectd owns the endpoint from here on, and frees it even where this fails. */
  if (plugin_register_complex_read("mediasoup", name, read_endpoint, endpoint_interval(endpoint),
                                   &(user_data_t){.data = endpoint, .free_func = free_endpoint}) != 0)
    ERROR("mediasoup: collectd did not accept the read callback %s; shorten the endpoint's name", name);
}

static int on_init(void) {
  CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) {
    ERROR("mediasoup: cannot initialise libcurl: %s; reinstall libcurl", curl_easy_strerror(code));
    return 0;
  }
  dispatch_check_types(&conflicts, log_complaint);
  stop_watch();
  if (!has_block)
    configure_default();
  for (size_t i = 0; i < configured_length; i++)
    register_endpoint(configured[i]);
  free(configured);
  configured = NULL;
  configured_length = 0;
  return 0;
}

void module_register(void);

void module_register(void) {
  dispatch_register_types();
  plugin_register_complex_config("mediasoup", on_config);
  plugin_register_init("mediasoup", on_init);
}
