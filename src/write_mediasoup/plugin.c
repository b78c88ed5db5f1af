/* SPDX-License-Identifier: MIT */
/*
 * The write plugin `write_mediasoup`: keeps the last row of each object of the plugin mediasoup, and serves the rows
 * over HTTP. This file reads the configuration, registers the callbacks and logs. The rest does not log.
 */
#include "notify.h"
#include "observer.h"
#include "sample.h"
#include "write_mediasoup/events/chronicle.h"
#include "write_mediasoup/events/event.h"
#include "write_mediasoup/history/history.h"
#include "write_mediasoup/http/service.h"

#include "common/limits.h"
#include "common/options.h"
#include "common/secret_file.h"

#include <collectd/core/utils/common/common.h>

static sample_target_t target;
static service_t *service;
static observer_t *observer;
static history_t *history; /* NULL: nothing is kept */
static follower_t history_follower;
static chronicle_t *chronicle; /* NULL: nobody looks at what happens */

/* How often an address that is taken is tried again. */
enum { RETRY_MILLISECONDS = 1000 };

static char *listen_address; /* NULL: DEFAULT_LISTEN */
static char *listen_socket;
static char *socket_owner;
static char *socket_group;
static char *socket_perms; /* octal; NULL: the default */
static char *allowed_hosts[HOSTS_MAX];
static size_t allowed_hosts_length;
static int listen_port = DEFAULT_PORT;
static int max_objects = VIEWS_OBJECTS_DEFAULT_MAX;
static int history_seconds = DEFAULT_HISTORY_SECONDS;
static int history_memory = DEFAULT_HISTORY_MEMORY; /* MiB */
static unsigned notified_kinds;                     /* a bit 1 << event_kind_t for each */
static bool has_notifications;                      /* the option is given */
static char *receive_path;                          /* NULL: DEFAULT_RECEIVE_PATH */
static bool has_no_path;                            /* Path was given, and is none */

/* What must be sent, as the options of a block say. */
typedef struct {
  const char *block;
  bool is_given; /* the block is there */
  char *token;
  char *token_file; /* whose first line becomes `token` */
  char *user;
  char *password;
} secret_options_t;

static secret_options_t readers = {.block = "<Readers>"};
static secret_options_t senders = {.block = "<Receive>"};
static char *certificate_file;
static char *certificate_key_file;
static bool wants_certificate; /* one of the two options was given, if only with a wrong value */

/* --- configuration --- */

/* Where the value of an option goes: one of the three. */
typedef struct {
  char **text;
  int *whole; /* above 0 */
  bool is_port;
  bool may_be_zero;
  bool (*read)(const oconfig_item_t *item); /* of several values */
  bool (*is_right)(const char *text);       /* NULL: every text is */
  bool *given;                              /* NULL, or to be set where the option is there, right or wrong */
} option_target_t;

/* 1 to 0777. */
static bool is_mode(const char *text) {
  size_t length = strlen(text);
  return length > 0 && length <= 4 && strspn(text, "01234567") == length && strtoul(text, NULL, 8) > 0 &&
         strtoul(text, NULL, 8) <= 0777;
}

/* What a request can have. */
static bool is_path(const char *text) { return text[0] == '/' && text[strcspn(text, "?# ")] == '\0'; }

static bool add_hosts(const oconfig_item_t *item) {
  bool is_right = item->values_num > 0 && allowed_hosts_length + (size_t)item->values_num <= HOSTS_MAX;
  for (int i = 0; i < item->values_num; i++)
    is_right = is_right && item->values[i].type == OCONFIG_TYPE_STRING && item->values[i].value.string[0] != '\0';
  for (int i = 0; is_right && i < item->values_num; i++) {
    char *name = sstrdup(item->values[i].value.string);
    if (name != NULL)
      allowed_hosts[allowed_hosts_length++] = name;
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
  has_notifications = has_notifications || item->values_num > 0;
  notified_kinds |= kinds;
  return item->values_num > 0;
}

static const option_target_t views_targets[VIEWS_OPTIONS] = {
    [VIEWS_LISTEN] = {.text = &listen_address},
    [VIEWS_PORT] = {.whole = &listen_port, .is_port = true},
    [VIEWS_SOCKET] = {.text = &listen_socket},
    [VIEWS_SOCKET_OWNER] = {.text = &socket_owner},
    [VIEWS_SOCKET_GROUP] = {.text = &socket_group},
    [VIEWS_SOCKET_PERMS] = {.text = &socket_perms, .is_right = is_mode},
    [VIEWS_MAX_OBJECTS] = {.whole = &max_objects},
    [VIEWS_HISTORY] = {.whole = &history_seconds, .may_be_zero = true},
    [VIEWS_HISTORY_MEMORY] = {.whole = &history_memory},
    [VIEWS_CERTIFICATE_FILE] = {.text = &certificate_file, .given = &wants_certificate},
    [VIEWS_CERTIFICATE_KEY_FILE] = {.text = &certificate_key_file, .given = &wants_certificate},
    [VIEWS_ALLOWED_HOST] = {.read = add_hosts},
    [VIEWS_NOTIFICATIONS] = {.read = add_notifications},
};

static const option_target_t readers_targets[READERS_OPTIONS] = {
    [READERS_TOKEN] = {.text = &readers.token},
    [READERS_TOKEN_FILE] = {.text = &readers.token_file},
    [READERS_USER] = {.text = &readers.user},
    [READERS_PASSWORD] = {.text = &readers.password},
};

static const option_target_t receive_targets[RECEIVE_OPTIONS] = {
    [RECEIVE_PATH] = {.text = &receive_path, .is_right = is_path},
    [RECEIVE_TOKEN] = {.text = &senders.token},
    [RECEIVE_TOKEN_FILE] = {.text = &senders.token_file},
    [RECEIVE_USER] = {.text = &senders.user},
    [RECEIVE_PASSWORD] = {.text = &senders.password},
};

static bool read_text(const option_target_t *option, oconfig_item_t *item) {
  char *text = NULL;
  if (cf_util_get_string(item, &text) != 0)
    return false;
  if (option->is_right != NULL && !option->is_right(text)) {
    sfree(text);
    return false;
  }
  sfree(*option->text);
  *option->text = text;
  return true;
}

/* A whole number may stand in quotation marks, as that of Port. -1 for anything else. */
static int read_number(oconfig_item_t *item) {
  int number = 0;
  bool is_quoted = item->values_num == 1 && item->values[0].type == OCONFIG_TYPE_STRING;
  const char *text = is_quoted ? item->values[0].value.string : "";
  if (is_quoted && (text[0] == '\0' || strlen(text) > 9 || strspn(text, "0123456789") != strlen(text)))
    return -1;
  if (is_quoted)
    return atoi(text);
  return cf_util_get_int(item, &number) == 0 ? number : -1;
}

static bool read_value(const option_target_t *option, oconfig_item_t *item) {
  int number = 0;
  if (option->text != NULL)
    return read_text(option, item);
  if (option->read != NULL)
    return option->read(item);
  number = option->is_port ? cf_util_get_port_number(item) : read_number(item);
  bool is_right = number >= (option->may_be_zero ? 0 : 1) && (option->is_port || number <= OBJECTS_MAX);
  if (is_right)
    *option->whole = number;
  return is_right;
}

static void note_option(const option_target_t *option) {
  if (option->given != NULL)
    *option->given = true;
}

static void read_option(block_id_t block, const option_target_t *targets, oconfig_item_t *item) {
  char names[200];
  const char *where = option_blocks[block].block;
  int found = option_find(block, item->key);
  option_names(block, names, sizeof(names));
  if (found >= 0)
    note_option(&targets[found]);
  if (found < 0)
    ERROR("write_mediasoup: %s: there is no option %s, so it is ignored; the options are %s%s", where, item->key, names,
          block == OPTIONS_OF_VIEWS ? ", and the blocks <Readers> and <Receive>" : "");
  else if (!read_value(&targets[found], item))
    ERROR("write_mediasoup: %s: %s takes one %s, so its value is ignored; see collectd-write_mediasoup(5)", where,
          item->key, option_blocks[block].options[found].argument);
}

static void read_receive_option(oconfig_item_t *item) {
  read_option(OPTIONS_OF_RECEIVE, receive_targets, item);
  has_no_path = has_no_path || (strcasecmp(item->key, "Path") == 0 && receive_path == NULL);
}

static void read_readers(const oconfig_item_t *block) {
  readers.is_given = true;
  for (int i = 0; i < block->children_num; i++)
    read_option(OPTIONS_OF_READERS, readers_targets, &block->children[i]);
}

static void read_receive(const oconfig_item_t *block) {
  senders.is_given = true;
  for (int i = 0; i < block->children_num; i++)
    read_receive_option(&block->children[i]);
}

/* Always 0: a mistake in the configuration must not keep collectd from starting. */
static int on_config(oconfig_item_t *block) {
  for (int i = 0; i < block->children_num; i++) {
    if (strcasecmp(block->children[i].key, "Receive") == 0)
      read_receive(&block->children[i]);
    else if (strcasecmp(block->children[i].key, "Readers") == 0)
      read_readers(&block->children[i]);
    else
      read_option(OPTIONS_OF_VIEWS, views_targets, &block->children[i]);
  }
  return 0;
}

/* --- life --- */

static void complain(const char *complaint) { ERROR("write_mediasoup: %s", complaint); }
static void say(const char *news) { NOTICE("write_mediasoup: %s", news); }

static void warn_of_full_store(void) {
  WARNING("write_mediasoup: there are more than %d objects, so new ones are not shown; raise MaxObjects", max_objects);
}

static void warn_of_foreign_data_set(const char *type) {
  WARNING("write_mediasoup: rows of the type %s are not shown: its data set is not this version's; install the same "
          "version of collectd-mediasoup on all hosts, and no TypesDB that defines %s",
          type, type);
}

static secrets_t secrets_of(const secret_options_t *options) {
  return (secrets_t){.token = options->token, .user = options->user, .password = options->password};
}

/* Reads the file of the token. A secret that cannot be read is no reason to do without one. */
static bool take_token(secret_options_t *options, const char *consequence) {
  char token[SECRET_MAX + 1];
  failure_t failure = {0};
  if (options->token_file == NULL)
    return true;
  if (secret_file_read("TokenFile", options->token_file, token, &failure) != STATUS_OK) {
    ERROR("write_mediasoup: %s: %s, so %s; %s", options->block, failure.cause, consequence,
          status_remedy(failure.status));
    return false;
  }
  sfree(options->token);
  options->token = strdup(token);
  return options->token != NULL;
}

/* Whether the block, if there is one, has what it is for. */
static bool take_secrets(secret_options_t *options, const char *consequence) {
  if (!options->is_given)
    return true;
  if (!take_token(options, consequence))
    return false;
  const secrets_t secrets = secrets_of(options);
  if (auth_has_secret(&secrets))
    return true;
  ERROR("write_mediasoup: %s has neither Token nor TokenFile nor User and Password, so %s; add one of them",
        options->block, consequence);
  return false;
}

/* NULL where nothing is to be received. */
static const char *path_to_receive(void) {
  static const char consequence[] = "nothing is received";
  if (!senders.is_given)
    return NULL;
  if (has_no_path) {
    ERROR("write_mediasoup: <Receive> has a wrong Path, so nothing is received; it begins with /, like \"/receive\"");
    return NULL;
  }
  if (!take_secrets(&senders, consequence))
    return NULL;
  return receive_path != NULL ? receive_path : DEFAULT_RECEIVE_PATH;
}

static hosts_t all_hosts(void) {
  hosts_t hosts = {.length = allowed_hosts_length};
  for (size_t i = 0; i < allowed_hosts_length; i++)
    hosts.names[i] = allowed_hosts[i];
  return hosts;
}

/* Both names are there where TLS is wanted, so that what is missing is complained of, and nothing is served without. */
static certificate_files_t certificate_files(void) {
  return (certificate_files_t){.certificate = wants_certificate && certificate_file == NULL ? "" : certificate_file,
                               .key = wants_certificate && certificate_key_file == NULL ? "" : certificate_key_file};
}

static void start_service(void) {
  if (!take_secrets(&readers, "the views are not served"))
    return;
  const char *path = path_to_receive(); /* reads the senders' token */
  http_options_t options = {
      .site = {.address = listen_address != NULL ? listen_address : DEFAULT_LISTEN,
               .port = (unsigned short)listen_port,
               .socket = listen_socket,
               .owner = socket_owner,
               .group = socket_group,
               .mode = socket_perms != NULL ? (unsigned)strtoul(socket_perms, NULL, 8) : 0},
      .hosts = all_hosts(),
      .certificate = certificate_files(),
      .readers = secrets_of(&readers),
      .receive_path = path,
      .chronicle = chronicle,
      .secrets = secrets_of(&senders),
      .history = history,
      .complain = complain,
      .say = say,
  };
  service = service_start(&options, RETRY_MILLISECONDS, target.store);
  if (service == NULL)
    ERROR("write_mediasoup: the views are not served: out of memory; %s", status_remedy(STATUS_NO_MEMORY));
}

static void tell_clock(const char *host, const char *endpoint, double step) {
  NOTICE("write_mediasoup: the clock of %s was set %s by %.0f seconds, as the rows of endpoint \"%s\" show: /events, "
         "/ended and /history go by the new time from now on; if nobody set it, look after the host's time "
         "synchronization",
         host, step < 0 ? "back" : "ahead", step < 0 ? -step : step, endpoint);
}

static bool follow_events(void) {
  notify_select(has_notifications ? notified_kinds : event_kinds_by_default());
  chronicle = chronicle_new(target.store, notify, tell_clock);
  if (chronicle != NULL)
    observer_follow(observer, chronicle_follower(chronicle));
  return chronicle != NULL;
}

static void warn_of_short_history(void) {
  WARNING("write_mediasoup: the history does not reach back %d seconds: its %d MiB are full, so the oldest samples go; "
          "raise HistoryMemory or lower History",
          history_seconds, history_memory);
}

static bool follow_with_history(void) {
  const history_options_t options = {.seconds = (size_t)history_seconds,
                                     .max_bytes = (size_t)history_memory * 1024 * 1024,
                                     .on_full = warn_of_short_history};
  if (history_seconds == 0)
    return true;
  history = history_new(&options);
  if (history == NULL)
    return false;
  history_follower = (follower_t){.observe = history_observe, .context = history};
  observer_follow(observer, &history_follower);
  return true;
}

static void stop_observer(void) {
  observer_free(observer);
  observer = NULL;
  history_free(history);
  history = NULL;
  chronicle_free(chronicle);
  chronicle = NULL;
}

static void start_observer(void) {
  observer = observer_new(target.store);
  if (observer != NULL && follow_with_history() && follow_events() && observer_start(observer))
    return;
  stop_observer();
  ERROR("write_mediasoup: nothing of the past is kept: out of memory; %s", status_remedy(STATUS_NO_MEMORY));
}

/* Threads begin here and not before, since collectd forks between configuration and init. */
static int on_init(void) {
  const user_data_t user_data = {.data = &target};
  if (target.store != NULL)
    return 0;
  target.store = store_new((size_t)max_objects);
  target.on_full = warn_of_full_store;
  target.on_foreign = warn_of_foreign_data_set;
  if (target.store == NULL) {
    ERROR("write_mediasoup: out of memory, so nothing is shown; %s", status_remedy(STATUS_NO_MEMORY));
    return 0;
  }
  start_observer();
  start_service();
  plugin_register_write("write_mediasoup", sample_write, &user_data);
  plugin_register_missing("write_mediasoup", sample_missing, &user_data);
  return 0;
}

static int on_shutdown(void) {
  notify_end();
  service_stop(service);
  service = NULL;
  stop_observer();
  store_free(target.store);
  target.store = NULL;
  char **const texts[] = {&listen_address, &listen_socket,      &socket_owner,     &socket_group,
                          &socket_perms,   &receive_path,       &certificate_file, &certificate_key_file,
                          &readers.token,  &readers.token_file, &readers.user,     &readers.password,
                          &senders.token,  &senders.token_file, &senders.user,     &senders.password};
  for (size_t i = 0; i < STATIC_ARRAY_SIZE(texts); i++)
    sfree(*texts[i]);
  for (size_t i = 0; i < allowed_hosts_length; i++)
    sfree(allowed_hosts[i]);
  allowed_hosts_length = 0;
  return 0;
}

void module_register(void);

void module_register(void) {
  plugin_register_complex_config("write_mediasoup", on_config);
  plugin_register_init("write_mediasoup", on_init);
  plugin_register_shutdown("write_mediasoup", on_shutdown);
}
