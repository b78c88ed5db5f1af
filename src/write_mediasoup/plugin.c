/*
 * collectd-mediasoup - the write plugin `write_mediasoup`: keeps the last row of each object of the plugin mediasoup and
 * serves them as JSON views.
 */
#include "http.h"
#include "sample.h"

#include "common/limits.h"

#include <collectd/core/utils/common/common.h>

enum { DEFAULT_PORT = 4000 };

static store_t *store;
static http_t *http;

static char *listen_address; /* NULL: loopback */
static char *listen_socket;
static int listen_port = DEFAULT_PORT;
static int max_objects = OBJECTS_DEFAULT_MAX * 5;

/* --- configuration --- */

static const char known_options[] = "Listen, Port, Socket, MaxObjects";

static void read_option(oconfig_item_t *option) {
  int status = 0, number = 0;
  if (strcasecmp(option->key, "Listen") == 0) {
    status = cf_util_get_string(option, &listen_address);
  } else if (strcasecmp(option->key, "Socket") == 0) {
    status = cf_util_get_string(option, &listen_socket);
  } else if (strcasecmp(option->key, "Port") == 0) {
    status = cf_util_get_port_number(option);
    listen_port = status > 0 ? status : listen_port;
    status = status > 0 ? 0 : -1;
  } else if (strcasecmp(option->key, "MaxObjects") == 0) {
    status = cf_util_get_int(option, &number);
    if (status == 0 && number > 0 && number <= OBJECTS_MAX)
      max_objects = number;
    else
      status = -1;
  } else {
    ERROR("write_mediasoup: unknown option %s, left out; the options are %s", option->key, known_options);
    return;
  }
  if (status != 0)
    ERROR("write_mediasoup: the value of %s is not one it takes; the default stays: see the README, chapter Views",
          option->key);
}

/* Always 0: collectd starts whatever the configuration says. */
static int on_config(oconfig_item_t *block) {
  for (int i = 0; i < block->children_num; i++)
    read_option(&block->children[i]);
  return 0;
}

/* --- value lists --- */

static int on_write(const data_set_t *set, const value_list_t *list, user_data_t *user_data) {
  (void)user_data;
  const class_t *class = sample_class(set, list);
  if (class != NULL)
    sample_store(store, class, list);
  return 0;
}

/* collectd has not seen the value list for two intervals. */
static int on_missing(const value_list_t *list, user_data_t *user_data) {
  (void)user_data;
  const class_t *class = sample_class(NULL, list);
  if (class != NULL)
    store_forget(store, class, list->host, list->plugin_instance, list->type_instance);
  return 0;
}

/* --- life --- */

/* Threads begin here, and not before: collectd forks between configuration and init. */
static int on_init(void) {
  failure_t failure = {0};
  http_options_t options = {.address = listen_address != NULL ? listen_address : "127.0.0.1",
                            .port = (unsigned short)listen_port,
                            .socket = listen_socket};
  if (store != NULL)
    return 0;
  store = store_new((size_t)max_objects);
  if (store == NULL) {
    ERROR("write_mediasoup: out of memory");
    return 0;
  }
  if (http_start(&options, store, &http, &failure) != STATUS_OK)
    ERROR("write_mediasoup: the views are not served: %s; correct Listen, Port or Socket", failure.cause);
  plugin_register_write("write_mediasoup", on_write, NULL);
  plugin_register_missing("write_mediasoup", on_missing, NULL);
  return 0;
}

static int on_shutdown(void) {
  http_stop(http);
  http = NULL;
  store_free(store);
  store = NULL;
  free(listen_address);
  free(listen_socket);
  listen_address = NULL;
  listen_socket = NULL;
  return 0;
}

void module_register(void);

void module_register(void) {
  plugin_register_complex_config("write_mediasoup", on_config);
  plugin_register_init("write_mediasoup", on_init);
  plugin_register_shutdown("write_mediasoup", on_shutdown);
}
