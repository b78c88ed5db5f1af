/* SPDX-License-Identifier: MIT */
/*
 * A read plugin for collectd that dispatches value lists and does nothing else: what collectd itself takes for each row
 * of the plugin mediasoup, the same names and numbers in the same types. Its log tells of each reading's end.
 */
#include <collectd/core/daemon/collectd.h>

#include <collectd/core/daemon/plugin.h>
#include <collectd/core/utils/common/common.h>

#define FIELDS 16
#define COUNTERS 10
#define ROOM 100

static int rows;

static int read_rows(void) {
  static derive_t reading;
  value_t values[FIELDS];
  reading++;
  for (int i = 0; i < FIELDS; i++)
    if (i < COUNTERS)
      values[i].derive = reading;
    else
      values[i].gauge = i;
  for (int n = 0; n < rows; n++) {
    value_list_t list = {.values = values, .values_len = FIELDS, .time = cdtime(), .interval = plugin_get_interval()};
    sstrncpy(list.plugin, "dispatch_only", sizeof(list.plugin));
    ssnprintf(list.plugin_instance, sizeof(list.plugin_instance), "roomId=room-%d,peerId=peer-%d", n / ROOM, n % ROOM);
    sstrncpy(list.type, "bench_consumers", sizeof(list.type));
    ssnprintf(list.type_instance, sizeof(list.type_instance),
              "kind=video,mimeType=video_VP8,id=00000000-0000-4000-8000-%012d", n);
    (void)plugin_dispatch_values(&list);
  }
  INFO("dispatch_only: %d rows", rows);
  return 0;
}

static int on_config(const char *key, const char *value) {
  if (strcasecmp(key, "Rows") != 0)
    return -1;
  rows = atoi(value);
  return 0;
}

static void register_type(void) {
  data_source_t sources[FIELDS];
  data_set_t set = {.ds_num = FIELDS, .ds = sources};
  sstrncpy(set.type, "bench_consumers", sizeof(set.type));
  for (int i = 0; i < FIELDS; i++) {
    sources[i] = (data_source_t){
        .type = i < COUNTERS ? DS_TYPE_DERIVE : DS_TYPE_GAUGE, .min = i < COUNTERS ? 0 : NAN, .max = NAN};
    ssnprintf(sources[i].name, sizeof(sources[i].name), "field_%d", i);
  }
  (void)plugin_register_data_set(&set);
}

void module_register(void);

void module_register(void) {
  static const char *keys[] = {"Rows"};
  register_type();
  plugin_register_config("dispatch_only", on_config, keys, 1);
  plugin_register_read("dispatch_only", read_rows);
}
