/* SPDX-License-Identifier: MIT */
/*
 * The write plugin `write_mediasoup`: keeps the last row of each object of the plugin mediasoup, and serves the rows
 * over HTTP. This file reads the configuration, registers the callbacks and logs. The rest does not log.
 */
#include "sample.h"
#include "write_mediasoup/http/server.h"

#include "common/limits.h"
#include "common/options.h"

#include <collectd/core/utils/common/common.h>

static sample_target_t target;
static http_t *http;

static char *listen_address; /* NULL: DEFAULT_LISTEN */
static char *listen_socket;
static int listen_port = DEFAULT_PORT;
static int max_objects = VIEWS_OBJECTS_DEFAULT_MAX;
static bool is_receiving;
static char *receive_path; /* NULL: DEFAULT_RECEIVE_PATH */
static char *receive_token;
static char *receive_user;
static char *receive_password;

/* --- configuration --- */

/* Where the value of an option goes: one of the two. */
typedef struct {
  char **text;
  int *whole; /* above 0 */
  bool is_port;
} option_target_t;

static const option_target_t views_targets[VIEWS_OPTIONS] = {
    [VIEWS_LISTEN] = {.text = &listen_address},
    [VIEWS_PORT] = {.whole = &listen_port, .is_port = true},
    [VIEWS_SOCKET] = {.text = &listen_socket},
    [VIEWS_MAX_OBJECTS] = {.whole = &max_objects},
};

static const option_target_t receive_targets[RECEIVE_OPTIONS] = {
    [RECEIVE_PATH] = {.text = &receive_path},
    [RECEIVE_TOKEN] = {.text = &receive_token},
    [RECEIVE_USER] = {.text = &receive_user},
    [RECEIVE_PASSWORD] = {.text = &receive_password},
};

static bool read_value(const option_target_t *option, oconfig_item_t *item) {
  int number = 0;
  if (option->text != NULL)
    return cf_util_get_string(item, option->text) == 0;
  if (option->is_port)
    number = cf_util_get_port_number(item);
  else if (cf_util_get_int(item, &number) != 0 || number > OBJECTS_MAX)
    number = 0;
  if (number > 0)
    *option->whole = number;
  return number > 0;
}

static void read_option(block_id_t block, const option_target_t *targets, oconfig_item_t *item) {
  char names[100];
  const char *where = option_blocks[block].block;
  int found = option_find(block, item->key);
  option_names(block, names, sizeof(names));
  if (found < 0)
    ERROR("write_mediasoup: %s: there is no option %s, so it is ignored; the options are %s%s", where, item->key, names,
          block == OPTIONS_OF_VIEWS ? ", and the block <Receive>" : "");
  else if (!read_value(&targets[found], item))
    ERROR("write_mediasoup: %s: %s takes one %s, so its value is ignored; see collectd-write_mediasoup(5)", where,
          item->key, option_blocks[block].options[found].argument);
}

static void read_receive(const oconfig_item_t *block) {
  is_receiving = true;
  for (int i = 0; i < block->children_num; i++)
    read_option(OPTIONS_OF_RECEIVE, receive_targets, &block->children[i]);
}

/* Always 0: a mistake in the configuration must not keep collectd from starting. */
static int on_config(oconfig_item_t *block) {
  for (int i = 0; i < block->children_num; i++) {
    if (strcasecmp(block->children[i].key, "Receive") == 0)
      read_receive(&block->children[i]);
    else
      read_option(OPTIONS_OF_VIEWS, views_targets, &block->children[i]);
  }
  return 0;
}

/* --- life --- */

static void complain(const char *complaint) { ERROR("write_mediasoup: %s", complaint); }

static void warn_of_full_store(void) {
  WARNING("write_mediasoup: there are more than %d objects, so new ones are not shown; raise MaxObjects", max_objects);
}

/* NULL where nothing is to be received. */
static const char *path_to_receive(void) {
  bool has_secret = receive_token != NULL || (receive_user != NULL && receive_password != NULL);
  if (!is_receiving)
    return NULL;
  if (!has_secret) {
    ERROR(
        "write_mediasoup: <Receive> has neither Token nor User and Password, so nothing is received; add one of them");
    return NULL;
  }
  return receive_path != NULL ? receive_path : DEFAULT_RECEIVE_PATH;
}

static void start_http(void) {
  failure_t failure = {0};
  http_options_t options = {
      .address = listen_address != NULL ? listen_address : DEFAULT_LISTEN,
      .port = (unsigned short)listen_port,
      .socket = listen_socket,
      .receive_path = path_to_receive(),
      .secrets = {.token = receive_token, .user = receive_user, .password = receive_password},
      .complain = complain,
  };
  if (http_start(&options, target.store, &http, &failure) != STATUS_OK)
    ERROR("write_mediasoup: the views are not served: %s; %s", failure.cause,
          failure.status == STATUS_OPTION ? "correct Listen or Socket" : status_remedy(failure.status));
}

/* Threads begin here and not before, since collectd forks between configuration and init. */
static int on_init(void) {
  const user_data_t user_data = {.data = &target};
  if (target.store != NULL)
    return 0;
  target = (sample_target_t){.store = store_new((size_t)max_objects), .on_full = warn_of_full_store};
  if (target.store == NULL) {
    ERROR("write_mediasoup: out of memory, so nothing is shown; %s", status_remedy(STATUS_NO_MEMORY));
    return 0;
  }
  start_http();
  plugin_register_write("write_mediasoup", sample_write, &user_data);
  plugin_register_missing("write_mediasoup", sample_missing, &user_data);
  return 0;
}

static int on_shutdown(void) {
  http_stop(http);
  http = NULL;
  store_free(target.store);
  target.store = NULL;
  char **const texts[] = {&listen_address, &listen_socket, &receive_path,
                          &receive_token,  &receive_user,  &receive_password};
  for (size_t i = 0; i < STATIC_ARRAY_SIZE(texts); i++)
    sfree(*texts[i]);
  return 0;
}

void module_register(void);

void module_register(void) {
  plugin_register_complex_config("write_mediasoup", on_config);
  plugin_register_init("write_mediasoup", on_init);
  plugin_register_shutdown("write_mediasoup", on_shutdown);
}
