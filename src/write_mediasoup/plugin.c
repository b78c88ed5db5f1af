/* SPDX-License-Identifier: MIT */
/*
 * The write plugin `write_mediasoup`: keeps the last row of each object of the plugin mediasoup, and serves the rows
 * over HTTP. This file registers the callbacks, brings the parts to life and logs for them. But for config/, the
 * rest does not log.
 */
#include "config/config.h"
#include "notify.h"
#include "observer.h"
#include "sample.h"
#include "write_mediasoup/events/chronicle.h"
#include "write_mediasoup/events/event.h"
#include "write_mediasoup/history/history.h"
#include "write_mediasoup/http/service.h"

#include <collectd/core/utils/common/common.h>

static sample_target_t target;
static service_t *service;
static observer_t *observer;
static history_t *history; /* NULL: nothing is kept */
static follower_t history_follower;
static chronicle_t *chronicle; /* NULL: nobody looks at what happens */

/* How often an address that is taken is tried again. */
enum { RETRY_MILLISECONDS = 1000 };

static void complain(const char *complaint) { ERROR("write_mediasoup: %s", complaint); }
static void say(const char *news) { NOTICE("write_mediasoup: %s", news); }

static void warn_of_full_store(void) {
  WARNING("write_mediasoup: there are more than %d objects, so new ones are not shown; raise MaxObjects",
          config.max_objects);
}

static void warn_of_foreign_data_set(const char *type) {
  WARNING("write_mediasoup: rows of the type %s are not shown: its data set is not this version's; install the same "
          "version of collectd-mediasoup on all hosts, and no TypesDB that defines %s",
          type, type);
}

static void start_service(void) {
  if (!secret_options_take(&config.readers, "the views are not served"))
    return;
  const char *path = config_receive_path(); /* reads the senders' token */
  http_options_t options = {
      .site = {.address = config_address(),
               .port = (unsigned short)config.listen_port,
               .socket = config.listen_socket,
               .owner = config.socket_owner,
               .group = config.socket_group,
               .mode = config_socket_mode()},
      .hosts = config_hosts(),
      .certificate = config_certificate(),
      .readers = secret_options_secrets(&config.readers),
      .receive_path = path,
      .chronicle = chronicle,
      .secrets = secret_options_secrets(&config.senders),
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
  notify_select(config.has_notifications ? config.notified_kinds : event_kinds_by_default());
  chronicle = chronicle_new(notify, tell_clock);
  if (chronicle != NULL)
    observer_follow(observer, chronicle_follower(chronicle));
  return chronicle != NULL;
}

static void warn_of_short_history(void) {
  WARNING("write_mediasoup: the history does not reach back %d seconds: its %d MiB are full, so the oldest samples go; "
          "raise HistoryMemory or lower History",
          config.history_seconds, config.history_memory);
}

static bool follow_with_history(void) {
  const history_options_t options = {.seconds = (size_t)config.history_seconds,
                                     .max_bytes = (size_t)config.history_memory * 1024 * 1024,
                                     .on_full = warn_of_short_history};
  if (config.history_seconds == 0)
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
  target.store = store_new((size_t)config.max_objects);
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
  config_done();
  return 0;
}

/* Always 0: a mistake in the configuration must not keep collectd from starting. */
static int on_config(oconfig_item_t *block) {
  config_read(block);
  return 0;
}

void module_register(void);

void module_register(void) {
  plugin_register_complex_config("write_mediasoup", on_config);
  plugin_register_init("write_mediasoup", on_init);
  plugin_register_shutdown("write_mediasoup", on_shutdown);
}
