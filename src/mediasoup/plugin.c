/* SPDX-License-Identifier: MIT */
/*
 * collectd-mediasoup - the read plugin `mediasoup`: registers with collectd, and lets each endpoint be read, dispatched
 * and spoken of in the log. All else is in the stages, which know nothing of collectd.
 */
#include "config.h"
#include "dispatch.h"

#include <collectd/core/utils/common/common.h>
#include <curl/curl.h>

/* Endpoints from the configuration until init hands them to collectd's read threads. */
static endpoint_t **configured;
static size_t configured_length;
static bool has_block; /* whether there was a <Plugin mediasoup> block with an endpoint in it, be it a faulty one */

/* --- the log --- */

static void complain(const char *complaint) { ERROR("mediasoup: %s", complaint); }

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
  INFO("mediasoup: endpoint \"%s\" answers: %s, mediasoup %s", name, source_where(source),
       version != NULL ? version : "of unknown version");
}

/* --- reading --- */

static cdtime_t endpoint_interval(const endpoint_t *endpoint) {
  double seconds = endpoint_options(endpoint)->interval_seconds;
  return seconds > 0 ? DOUBLE_TO_CDTIME_T(seconds) : plugin_get_interval();
}

/* Metadata travels when it says something new, and every so often for receivers that came late; the rows take turns. */
static bool metadata_is_due(const endpoint_t *endpoint, const model_t *model, const object_t *object) {
  return endpoint_options(endpoint)->metadata_always || object->metadata_due ||
         (object->number + model_snapshot(model)) % METADATA_INTERVALS == 0;
}

static void dispatch_one(const endpoint_t *endpoint, dispatch_t *dispatch, source_t *source, object_t *object) {
  if (source_identify(source, object) != STATUS_OK)
    return; /* out of memory: the next reading tries again */
  bool metadata = metadata_is_due(endpoint, source_model(source), object);
  if (dispatch_object(dispatch, object, metadata) == 0 && metadata)
    object->metadata_due = false;
}

static void dispatch_source(const endpoint_t *endpoint, dispatch_t *dispatch, source_t *source) {
  const failure_t *failure;
  model_t *model = source_model(source);
  dispatch_one(endpoint, dispatch, source, model_endpoint(model));
  bool failed = source_status(source, &failure) != STATUS_OK;
  for (object_t *object = model_next(model, NULL); object != NULL; object = model_next(model, object))
    if (failed)
      object->metadata_due = true; /* receivers forget rows that do not come */
    else if (model_dispatches(model, object))
      dispatch_one(endpoint, dispatch, source, object);
}

static void dispatch_summary_row(void *context, const summary_row_t *row) { dispatch_summary(context, row); }

/* Always 0: for a failing read collectd doubles the interval, up to a day. That an endpoint is down is a value. */
static int read_endpoint(user_data_t *user_data) {
  endpoint_t *endpoint = user_data->data;
  failure_t failure = {0};
  const char *host = endpoint_options(endpoint)->host;
  dispatch_t dispatch = {.host = host != NULL ? host : "",
                         .time = cdtime(),
                         .interval = endpoint_interval(endpoint),
                         .endpoint = endpoint_options(endpoint)->name};
  if (endpoint_read(endpoint, &failure) != STATUS_OK)
    ERROR("mediasoup: endpoint \"%s\": %s; %s", endpoint_options(endpoint)->name, failure.cause,
          status_remedy(failure.status));
  size_t length;
  source_t *const *sources = endpoint_sources(endpoint, &length);
  for (size_t i = 0; i < length; i++) {
    log_source(endpoint, sources[i]);
    dispatch.process = source_process(sources[i]);
    dispatch_source(endpoint, &dispatch, sources[i]);
  }
  summary_each(endpoint_summary(endpoint), dispatch_summary_row, &dispatch);
  return 0;
}

/* --- configuration --- */

static bool is_configured(const char *name) {
  for (size_t i = 0; i < configured_length; i++)
    if (strcmp(endpoint_options(configured[i])->name, name) == 0)
      return true;
  return false;
}

static void configure(endpoint_t *endpoint) {
  const char *name = endpoint_options(endpoint)->name;
  if (is_configured(name)) {
    ERROR("mediasoup: <Endpoint \"%s\">: the name is taken; the second block is left out: give it another name", name);
    endpoint_free(endpoint);
    return;
  }
  endpoint_t **more = realloc(configured, (configured_length + 1) * sizeof(*more));
  if (more == NULL) {
    ERROR("mediasoup: <Endpoint \"%s\">: out of memory", name);
    endpoint_free(endpoint);
    return;
  }
  configured = more;
  configured[configured_length++] = endpoint;
}

/* Always 0: otherwise collectd refuses to start, and all that it watches goes dark for a mistake of ours. */
static int on_config(oconfig_item_t *block) {
  for (int i = 0; i < block->children_num; i++) {
    endpoint_t *endpoint;
    if (strcasecmp(block->children[i].key, "Endpoint") != 0) {
      config_unknown(&block->children[i], complain);
      continue;
    }
    has_block = true;
    if (config_read_endpoint(&block->children[i], complain, &endpoint) == STATUS_OK)
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
    ERROR("mediasoup: out of memory");
  else
    configure(endpoint);
}

/* --- life --- */

static void free_endpoint(void *endpoint) { endpoint_free(endpoint); }

static void register_endpoint(endpoint_t *endpoint) {
  char name[DATA_MAX_NAME_LEN];
  ssnprintf(name, sizeof(name), "mediasoup-%s", endpoint_options(endpoint)->name);
  /* collectd owns the endpoint from here on, and frees it too when this fails. */
  if (plugin_register_complex_read("mediasoup", name, read_endpoint, endpoint_interval(endpoint),
                                   &(user_data_t){.data = endpoint, .free_func = free_endpoint}) != 0)
    ERROR("mediasoup: collectd did not take the read callback %s; is its endpoint's name too long?", name);
}

static int on_init(void) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    ERROR("mediasoup: libcurl does not start; is it installed whole?");
    return 0;
  }
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
