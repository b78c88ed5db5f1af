/* SPDX-License-Identifier: MIT */
/* The filter target "mediasoup", for a rule of collectd's PreCache chain:
 *
 *   in:  a value list that the rule matches
 *   out: the same value list in collectd's cache and at the writers that the rule names, nowhere else
 *
 *   <Target "mediasoup">
 *     Writers "write_prometheus" "write_http/views"
 *   </Target>
 *
 * Why collectd's own targets are not enough:
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

#include <stdatomic.h>
#include <string.h>

static const char default_chain[] = "PreCache";

/* One <Target> block. Written while collectd reads its configuration, only read by its write threads afterwards. */
typedef struct {
  char **writers; /* the names under which writers register themselves: "csv", "write_http/<Node>" */
  size_t writers_length;
  atomic_flag said; /* that none of the writers is loaded */
} target_t;

static void add_writer(target_t *target, const char *name) {
  char **more = realloc(target->writers, (target->writers_length + 1) * sizeof(*more));
  char *copy = strdup(name);
  if (more != NULL)
    target->writers = more;
  if (more == NULL || copy == NULL) {
    ERROR("target_mediasoup: out of memory: the writer \"%s\" is left out", name);
    free(copy);
    return;
  }
  target->writers[target->writers_length++] = copy;
}

static void read_writers(target_t *target, const oconfig_item_t *option) {
  for (int i = 0; i < option->values_num; i++) {
    if (option->values[i].type == OCONFIG_TYPE_STRING)
      add_writer(target, option->values[i].value.string);
    else
      ERROR("target_mediasoup: Writers takes names in quotes, as in Writers \"write_prometheus\"; value %d is left out",
            i + 1);
  }
}

/* A mistake costs no more than the option it is in: collectd frees the whole chain, rules of others included, when a
 * target cannot be created, and goes on using it. */
static int target_create(const oconfig_item_t *block, void **user_data) {
  target_t *target = calloc(1, sizeof(*target));
  if (target == NULL)
    return -1;
  atomic_flag_clear(&target->said);
  for (int i = 0; i < block->children_num; i++) {
    const oconfig_item_t *option = &block->children[i];
    if (strcasecmp(option->key, "Writers") == 0)
      read_writers(target, option);
    else
      ERROR("target_mediasoup: unknown option %s in <Target \"mediasoup\">; there is Writers", option->key);
  }
  *user_data = target;
  return 0;
}

static int target_destroy(void **user_data) {
  target_t *target = *user_data;
  if (target == NULL)
    return 0;
  for (size_t i = 0; i < target->writers_length; i++)
    free(target->writers[i]);
  free(target->writers);
  free(target);
  *user_data = NULL;
  return 0;
}

/* Not a warning: somebody may want none of these value lists anywhere. */
static void say_once(target_t *target, const value_list_t *list) {
  if (!atomic_flag_test_and_set(&target->said))
    NOTICE("target_mediasoup: no writer stores value lists like type \"%s\" of plugin \"%s\": none of the Writers of "
           "their rule is loaded; load one of them, or add yours to Writers",
           list->type, list->plugin);
}

/* What collectd does after its PreCache chain: the cache first, then the writers. A writer that fails says so itself.
 */
static int target_invoke(const data_set_t *set, value_list_t *list,
                         notification_meta_t __attribute__((unused)) * *metadata, void **user_data) {
  target_t *target = *user_data;
  bool loaded = false;
  (void)uc_update(set, list);
  for (size_t i = 0; i < target->writers_length; i++)
    loaded |= plugin_write(target->writers[i], set, list) != ENOENT;
  if (!loaded)
    say_once(target, list);
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
