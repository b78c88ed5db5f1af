/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "common/limits.h"
#include "common/options.h"
#include "value.h"
#include "write_mediasoup/events/event.h"

#include <collectd/core/utils/common/common.h>

config_t config = {.listen_port = DEFAULT_PORT,
                   .max_objects = VIEWS_OBJECTS_DEFAULT_MAX,
                   .history_seconds = DEFAULT_HISTORY_SECONDS,
                   .history_memory = DEFAULT_HISTORY_MEMORY,
                   .readers = {.block = "<Readers>"},
                   .senders = {.block = "<Receive>"}};

/* --- values --- */

/* 1 to 0777. */
static bool is_mode(const char *text) {
  size_t length = strlen(text);
  return length > 0 && length <= 4 && strspn(text, "01234567") == length && strtoul(text, NULL, 8) > 0 &&
         strtoul(text, NULL, 8) <= 0777;
}

/* What a request can have. */
static bool is_path(const char *text) { return text[0] == '/' && text[strcspn(text, "?# ")] == '\0'; }

static bool add_hosts(const oconfig_item_t *item) {
  bool is_right = item->values_num > 0 && config.allowed_hosts_length + (size_t)item->values_num <= HOSTS_MAX;
  for (int i = 0; i < item->values_num; i++)
    is_right = is_right && item->values[i].type == OCONFIG_TYPE_STRING && item->values[i].value.string[0] != '\0';
  for (int i = 0; is_right && i < item->values_num; i++) {
    char *name = sstrdup(item->values[i].value.string);
    if (name != NULL)
      config.allowed_hosts[config.allowed_hosts_length++] = name;
  }
  return is_right;
}

static const char *text_value(const oconfig_item_t *item, int index) {
  return item->values[index].type == OCONFIG_TYPE_STRING ? item->values[index].value.string : "";
}

/* The bits of a kind's name, or of `all` or `none`; -1 where it is none of these. */
static int kinds_of(const char *name) {
  event_kind_t kind = event_kind_of(name);
  if (kind < EVENT_KINDS)
    return 1 << kind;
  return strcmp(name, "all") == 0 ? (1 << EVENT_KINDS) - 1 : strcmp(name, "none") == 0 ? 0 : -1;
}

/* The option may be repeated. A word that is no kind leaves what the option was before. */
static bool add_notifications(const oconfig_item_t *item) {
  unsigned kinds = 0;
  for (int i = 0; i < item->values_num; i++) {
    int more = kinds_of(text_value(item, i));
    if (more < 0)
      return false;
    kinds |= (unsigned)more;
  }
  config.has_notifications = config.has_notifications || item->values_num > 0;
  config.notified_kinds |= kinds;
  return item->values_num > 0;
}

/* --- options --- */

static const value_target_t views_targets[VIEWS_OPTIONS] = {
    [VIEWS_LISTEN] = {.text = &config.listen_address},
    [VIEWS_PORT] = {.whole = &config.listen_port, .is_port = true},
    [VIEWS_SOCKET] = {.text = &config.listen_socket},
    [VIEWS_SOCKET_OWNER] = {.text = &config.socket_owner},
    [VIEWS_SOCKET_GROUP] = {.text = &config.socket_group},
    [VIEWS_SOCKET_PERMS] = {.text = &config.socket_perms, .is_right = is_mode},
    [VIEWS_MAX_OBJECTS] = {.whole = &config.max_objects},
    [VIEWS_HISTORY] = {.whole = &config.history_seconds, .may_be_zero = true},
    [VIEWS_HISTORY_MEMORY] = {.whole = &config.history_memory},
    [VIEWS_CERTIFICATE_FILE] = {.text = &config.certificate_file, .given = &config.wants_certificate},
    [VIEWS_CERTIFICATE_KEY_FILE] = {.text = &config.certificate_key_file, .given = &config.wants_certificate},
    [VIEWS_ALLOWED_HOST] = {.read = add_hosts},
    [VIEWS_NOTIFICATIONS] = {.read = add_notifications},
};

static const value_target_t readers_targets[READERS_OPTIONS] = {
    [READERS_TOKEN] = {.text = &config.readers.token},
    [READERS_TOKEN_FILE] = {.text = &config.readers.token_file},
    [READERS_USER] = {.text = &config.readers.user},
    [READERS_PASSWORD] = {.text = &config.readers.password},
};

static const value_target_t receive_targets[RECEIVE_OPTIONS] = {
    [RECEIVE_PATH] = {.text = &config.receive_path, .is_right = is_path},
    [RECEIVE_TOKEN] = {.text = &config.senders.token},
    [RECEIVE_TOKEN_FILE] = {.text = &config.senders.token_file},
    [RECEIVE_USER] = {.text = &config.senders.user},
    [RECEIVE_PASSWORD] = {.text = &config.senders.password},
};

static void read_option(block_id_t block, const value_target_t *targets, oconfig_item_t *item) {
  char names[200];
  const char *where = option_blocks[block].block;
  int found = option_find(block, item->key);
  option_names(block, names, sizeof(names));
  if (found < 0)
    ERROR("write_mediasoup: %s: there is no option %s, so it is ignored; the options are %s%s", where, item->key, names,
          block == OPTIONS_OF_VIEWS ? ", and the blocks <Readers> and <Receive>" : "");
  else if (!value_read(&targets[found], item))
    ERROR("write_mediasoup: %s: %s takes one %s, so its value is ignored; see collectd-write_mediasoup(5)", where,
          item->key, option_blocks[block].options[found].argument);
}

static void read_receive_option(oconfig_item_t *item) {
  read_option(OPTIONS_OF_RECEIVE, receive_targets, item);
  config.has_no_path = config.has_no_path || (strcasecmp(item->key, "Path") == 0 && config.receive_path == NULL);
}

static void read_readers(const oconfig_item_t *block) {
  config.readers.is_given = true;
  for (int i = 0; i < block->children_num; i++)
    read_option(OPTIONS_OF_READERS, readers_targets, &block->children[i]);
}

static void read_receive(const oconfig_item_t *block) {
  config.senders.is_given = true;
  for (int i = 0; i < block->children_num; i++)
    read_receive_option(&block->children[i]);
}

void config_read(oconfig_item_t *block) {
  for (int i = 0; i < block->children_num; i++) {
    if (strcasecmp(block->children[i].key, "Receive") == 0)
      read_receive(&block->children[i]);
    else if (strcasecmp(block->children[i].key, "Readers") == 0)
      read_readers(&block->children[i]);
    else
      read_option(OPTIONS_OF_VIEWS, views_targets, &block->children[i]);
  }
}

void config_done(void) {
  char **const texts[] = {&config.listen_address,   &config.listen_socket,       &config.socket_owner,
                          &config.socket_group,     &config.socket_perms,        &config.receive_path,
                          &config.certificate_file, &config.certificate_key_file};
  for (size_t i = 0; i < STATIC_ARRAY_SIZE(texts); i++)
    sfree(*texts[i]);
  for (size_t i = 0; i < config.allowed_hosts_length; i++)
    sfree(config.allowed_hosts[i]);
  config.allowed_hosts_length = 0;
  secret_options_done(&config.readers);
  secret_options_done(&config.senders);
}

/* --- what they come to --- */

const char *config_address(void) { return config.listen_address != NULL ? config.listen_address : DEFAULT_LISTEN; }

unsigned config_socket_mode(void) {
  return config.socket_perms != NULL ? (unsigned)strtoul(config.socket_perms, NULL, 8) : 0;
}

hosts_t config_hosts(void) {
  hosts_t hosts = {.length = config.allowed_hosts_length};
  for (size_t i = 0; i < config.allowed_hosts_length; i++)
    hosts.names[i] = config.allowed_hosts[i];
  return hosts;
}

/* Both names are there where TLS is wanted, so that what is missing is complained of, and nothing is served without. */
certificate_files_t config_certificate(void) {
  return (certificate_files_t){
      .certificate = config.wants_certificate && config.certificate_file == NULL ? "" : config.certificate_file,
      .key = config.wants_certificate && config.certificate_key_file == NULL ? "" : config.certificate_key_file};
}

const char *config_receive_path(void) {
  static const char consequence[] = "nothing is received";
  if (!config.senders.is_given)
    return NULL;
  if (config.has_no_path) {
    ERROR("write_mediasoup: <Receive> has a wrong Path, so nothing is received; it begins with /, like \"/receive\"");
    return NULL;
  }
  if (!secret_options_take(&config.senders, consequence))
    return NULL;
  return config.receive_path != NULL ? config.receive_path : DEFAULT_RECEIVE_PATH;
}
