/* SPDX-License-Identifier: MIT */
/* The filter target "mediasoup", for a rule of collectd's PreCache chain:
 *
 *   in:  a value list
 *   out: one of the plugin mediasoup in collectd's cache and at the writers that the target names, nowhere else; any
 *        other goes on through the chain
 *
 *   <Target "mediasoup">
 *     Writers "write_prometheus" "write_http/views"
 *     ObjectWriters "write_http/views"
 *   </Target>
 *
 * Without ObjectWriters, the rows of single objects go to the Writers too.
 *
 * Why collectd's own matches and targets are not enough:
 * - Regular expressions took a sixth of what collectd's write threads needed for a row, and the types would stand
 *   in the configuration again.
 * - A PostCache chain replaces collectd's default, which is to write everything. Ours would have to write the values of
 *   other plugins too, and they would be written twice where the operator's chain writes them as well. The PreCache
 *   chain has no such default, so a rule there touches nothing but what it matches.
 * - A rule that stops in the PreCache chain keeps the value list out of the cache. Then write_prometheus never learns
 *   that a series is gone, and unixsock and threshold know nothing of it.
 * - Target "write" logs two lines for each value list when a writer that it names is not loaded. */
#include <collectd/core/daemon/collectd.h>

#include <collectd/core/daemon/configfile.h>
#include <collectd/core/daemon/filter_chain.h>
#include <collectd/core/daemon/plugin.h>
#include <collectd/core/daemon/utils_cache.h>
#include <collectd/core/utils/common/common.h>

#include "common/fields.h"

#include <stdatomic.h>
#include <string.h>

static const char plugin_name[] = "mediasoup";
static const char default_chain[] = "PreCache";

/* Most writers that the shipped configuration names are not loaded, and collectd compares each name with all that it
 * has. So such a writer is tried once in a second. One that has answered is always tried. */
typedef struct {
  char *name; /* under which it registers itself: "csv", "write_http/<Node>" */
  atomic_bool is_loaded;
  atomic_uint missed; /* the second, since the epoch, in which it was tried in vain */
} target_writer_t;

/* What an option names. Written while collectd reads its configuration, only read by its write threads afterwards, but
 * for what is atomic. */
typedef struct {
  const char *option;
  bool is_given;
  target_writer_t *list;
  size_t length;
  atomic_flag said; /* that none of them is loaded */
} writers_t;

/* One <Target> block. */
typedef struct {
  writers_t all;
  writers_t of_objects;
} target_t;

static void add_writer(writers_t *writers, const char *name) {
  target_writer_t *more = realloc(writers->list, (writers->length + 1) * sizeof(*more));
  char *copy = strdup(name);
  if (more != NULL)
    writers->list = more;
  if (more == NULL || copy == NULL) {
    ERROR("target_mediasoup: out of memory: the writer \"%s\" is left out", name);
    free(copy);
    return;
  }
  target_writer_t *writer = &writers->list[writers->length++];
  writer->name = copy;
  atomic_init(&writer->is_loaded, false);
  atomic_init(&writer->missed, 0);
}

static void read_writers(writers_t *writers, const oconfig_item_t *option) {
  writers->is_given = true;
  for (int i = 0; i < option->values_num; i++) {
    if (option->values[i].type == OCONFIG_TYPE_STRING)
      add_writer(writers, option->values[i].value.string);
    else
      ERROR("target_mediasoup: %s takes names in quotes, as in %s \"write_mediasoup\"; value %d is left out",
            writers->option, writers->option, i + 1);
  }
}

static void read_option(target_t *target, const oconfig_item_t *option) {
  writers_t *options[] = {&target->all, &target->of_objects};
  for (size_t i = 0; i < STATIC_ARRAY_SIZE(options); i++)
    if (strcasecmp(option->key, options[i]->option) == 0) {
      read_writers(options[i], option);
      return;
    }
  ERROR("target_mediasoup: unknown option %s in <Target \"mediasoup\">; there are Writers and ObjectWriters",
        option->key);
}

/* A mistake costs no more than the option it is in: collectd frees the whole chain, rules of others included, when a
 * target cannot be created, and goes on using it. */
static int target_create(const oconfig_item_t *block, void **user_data) {
  target_t *target = calloc(1, sizeof(*target));
  if (target == NULL)
    return -1;
  target->all.option = "Writers";
  target->of_objects.option = "ObjectWriters";
  atomic_flag_clear(&target->all.said);
  atomic_flag_clear(&target->of_objects.said);
  for (int i = 0; i < block->children_num; i++)
    read_option(target, &block->children[i]);
  *user_data = target;
  return 0;
}

static void writers_done(writers_t *writers) {
  for (size_t i = 0; i < writers->length; i++)
    free(writers->list[i].name);
  free(writers->list);
}

static int target_destroy(void **user_data) {
  target_t *target = *user_data;
  if (target == NULL)
    return 0;
  writers_done(&target->all);
  writers_done(&target->of_objects);
  free(target);
  *user_data = NULL;
  return 0;
}

/* Not a warning: somebody may want none of these value lists anywhere. */
static void say_once(writers_t *writers, const value_list_t *list) {
  if (!atomic_flag_test_and_set(&writers->said))
    NOTICE("target_mediasoup: no writer stores value lists like type \"%s\" of plugin \"%s\": none of those that %s "
           "names is loaded; load one of them, or add yours to %s",
           list->type, list->plugin, writers->option, writers->option);
}

static writers_t *writers_of(target_t *target, const value_list_t *list) {
  if (!target->of_objects.is_given)
    return &target->all;
  const class_t *class = class_by_name(list->type, strlen(list->type));
  return class != NULL && class_is_made_by_application(class) ? &target->of_objects : &target->all;
}

/* false where it is not loaded. A writer that is loaded may fail with any number, ENOENT's too. */
static bool write_to(target_writer_t *writer, const data_set_t *set, const value_list_t *list, unsigned second) {
  bool is_loaded = atomic_load(&writer->is_loaded);
  if (!is_loaded && atomic_load(&writer->missed) == second)
    return false;
  if (plugin_write(writer->name, set, list) == ENOENT)
    atomic_store(&writer->missed, second);
  else if (!is_loaded)
    atomic_store(&writer->is_loaded, is_loaded = true);
  return is_loaded;
}

/* What collectd does after its PreCache chain: the cache first, then the writers. A writer that fails says so itself.
 */
static int target_invoke(const data_set_t *set, value_list_t *list,
                         notification_meta_t __attribute__((unused)) * *metadata, void **user_data) {
  if (strcmp(list->plugin, plugin_name) != 0)
    return FC_TARGET_CONTINUE;
  writers_t *writers = writers_of(*user_data, list);
  unsigned second = (unsigned)CDTIME_T_TO_TIME_T(cdtime());
  bool loaded = false;
  (void)uc_update(set, list);
  for (size_t i = 0; i < writers->length; i++)
    loaded |= write_to(&writers->list[i], set, list, second);
  if (!loaded)
    say_once(writers, list);
  return FC_TARGET_STOP;
}

/* collectd runs one chain before its cache, the one that PreCacheChain names. */
static int on_init(void) {
  const char *chain = global_option_get("PreCacheChain");
  if (chain != NULL && strcasecmp(chain, default_chain) != 0 && fc_chain_get_by_name(default_chain) != NULL)
    WARNING(
        "target_mediasoup: PreCacheChain is \"%s\", so collectd does not use <Chain \"%s\">: write <Chain \"%s\"> in "
        "mediasoup-writers.conf, or mediasoup's value lists go to every writer",
        chain, default_chain, chain);
  return 0;
}

void module_register(void);

void module_register(void) {
  target_proc_t target = {.create = target_create, .destroy = target_destroy, .invoke = target_invoke};
  if (fc_register_target("mediasoup", target) != 0)
    ERROR("target_mediasoup: out of memory: the target \"mediasoup\" is not registered");
  plugin_register_init("target_mediasoup", on_init);
}
