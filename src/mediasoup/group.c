#include "group.h"

#include "identify.h"
#include "template.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char other_value[] = "__other__";
static const char app_data_prefix[] = "appData:";
static const double bad_score = 5; /* and below */

/* --- what a block is made of --- */

typedef struct {
  char *name;        /* the label */
  bool is_attribute; /* of the table of fields, rather than a key of appData */
} by_t;

/* The classes that can be grouped, and what sums them up. */
typedef struct {
  class_id_t class;
  class_id_t summary;
} section_class_t;

static const section_class_t section_classes[] = {
    {CLASS_PRODUCERS, CLASS_GROUP_PRODUCERS},
    {CLASS_CONSUMERS, CLASS_GROUP_CONSUMERS},
    {CLASS_TRANSPORTS, CLASS_GROUP_TRANSPORTS},
};

enum { SECTIONS = sizeof(section_classes) / sizeof(section_classes[0]) };

/* A mean in the making. */
typedef struct {
  double sum;
  double count;
} mean_t;

/* What a group has of one class. */
typedef struct {
  object_value_t *values; /* NULL where the block is not of this class */
  bool used;              /* whether it ever had a member */
  size_t members;
  size_t answered; /* members that the reading tells of */
  mean_t score, round_trip_time, jitter;
  double score_minimum;
  double packets; /* what the members grew by in this reading */
  double packets_lost;
} section_t;

typedef struct group {
  UT_hash_handle hh;
  bool over;    /* MaxGroups: it has no series, its members count in __other__ */
  bool seen;    /* in this reading */
  bool is_idle; /* not seen in the reading before, nor in this one so far */
  double idle_since;
  char *plugin_instance;
  char *type_instance;
  section_t sections[SECTIONS];
  size_t key_length;
  char key[];
} group_t;

struct group_block {
  char *endpoint;
  char *name;
  size_t index;
  by_t keys[GROUP_KEYS_MAX];
  size_t keys_length;
  unsigned classes;
  bool by_transport; /* whether piped streams are told apart from the others */
  size_t max_groups;
  group_t *groups;
  group_t *other; /* NULL until it is needed */
  size_t shown;   /* groups that are not over */
  size_t over;
  bool ended; /* there was a reading */
  buffer_t text;
  char *type_instance; /* of the block's own row */
};

void group_options_done(group_options_t *options) {
  free(options->name);
  for (size_t i = 0; i < options->by_length; i++)
    free(options->by[i]);
  *options = (group_options_t){0};
}

/* --- making one --- */

static bool is_attribute(const char *key) {
  static const char *const attributes[] = {"kind", "mimeType", "transportType"};
  for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
    if (strcmp(key, attributes[i]) == 0)
      return true;
  return false;
}

static bool add_key(group_block_t *block, const char *by) {
  size_t prefix = sizeof(app_data_prefix) - 1;
  bool has_prefix = strncmp(by, app_data_prefix, prefix) == 0;
  by_t *key = &block->keys[block->keys_length];
  key->is_attribute = !has_prefix && is_attribute(by);
  key->name = strdup(has_prefix ? by + prefix : by);
  block->keys_length += key->name != NULL ? 1 : 0;
  block->by_transport = block->by_transport || (key->is_attribute && strcmp(by, "transportType") == 0);
  return key->name != NULL;
}

/* group=NAME, and the endpoint where appData has taken its place in plugin_instance. */
static MUST_CHECK status_t begin_type_instance(group_block_t *block, bool names_endpoint) {
  buffer_clear(&block->text);
  status_t status = template_append_pair(&block->text, "group", block->name);
  return status == STATUS_OK && !names_endpoint ? template_append_pair(&block->text, "endpoint", block->endpoint)
                                                : status;
}

static char *take_text(buffer_t *text) { return identity_cut(text) == STATUS_OK ? strdup(buffer_text(text)) : NULL; }

static bool fill(group_block_t *block, const char *endpoint, const group_options_t *options) {
  block->name = strdup(options->name);
  block->text = (buffer_t)BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  block->endpoint = identity_clean(endpoint);
  bool whole = block->name != NULL && block->endpoint != NULL;
  for (size_t i = 0; i < options->by_length && whole; i++)
    whole = add_key(block, options->by[i]);
  if (!whole || begin_type_instance(block, true) != STATUS_OK)
    return false;
  block->type_instance = take_text(&block->text);
  return block->type_instance != NULL;
}

group_block_t *group_block_new(const char *endpoint, const group_options_t *options, size_t index) {
  group_block_t *block = calloc(1, sizeof(*block));
  if (block == NULL)
    return NULL;
  block->index = index;
  block->classes = options->classes;
  block->max_groups = options->max_groups;
  if (fill(block, endpoint, options))
    return block;
  group_block_free(block);
  return NULL;
}

static void free_group(group_t *group) {
  if (group == NULL)
    return;
  for (size_t i = 0; i < SECTIONS; i++)
    free(group->sections[i].values);
  free(group->plugin_instance);
  free(group->type_instance);
  free(group);
}

void group_block_free(group_block_t *block) {
  if (block == NULL)
    return;
  group_t *group, *next;
  HASH_ITER(hh, block->groups, group, next) {
    HASH_DEL(block->groups, group);
    free_group(group);
  }
  free_group(block->other);
  for (size_t i = 0; i < block->keys_length; i++)
    free(block->keys[i].name);
  free(block->endpoint);
  free(block->name);
  free(block->type_instance);
  buffer_done(&block->text);
  free(block);
}

/* --- groups --- */

static bool has_class(const group_block_t *block, class_id_t class) { return (block->classes & (1U << class)) != 0; }

static bool new_values(section_t *section, const class_t *class) {
  section->values = calloc(class->fields_length, sizeof(*section->values));
  section->score_minimum = NAN;
  return section->values != NULL;
}

/* The value of a key for an object, or for `__other__` where there is none; NULL where the object lacks it. */
static const char *key_value(const by_t *key, const object_t *object) {
  if (object == NULL)
    return other_value;
  if (key->is_attribute)
    return object_find_attribute(object, key->name);
  return object_find_app_data(object, key->name);
}

/* A room may be called like the group of the rest. */
static MUST_CHECK status_t append_app_data(buffer_t *text, const char *key, const char *value, bool is_other) {
  if (is_other || strcmp(value, other_value) != 0)
    return template_append_unique_pair(text, key, value);
  return template_append_unique_pair(text, key, "__other__,"); /* which is cleaned, and so marked */
}

static MUST_CHECK status_t append_pairs(group_block_t *block, const object_t *object, bool attributes) {
  status_t status = STATUS_OK;
  for (size_t i = 0; i < block->keys_length && status == STATUS_OK; i++) {
    const char *value = key_value(&block->keys[i], object);
    if (value == NULL || block->keys[i].is_attribute != attributes)
      continue;
    /* mediasoup's own values (video/VP8) stay apart when they are cleaned. */
    status = attributes ? template_append_pair(&block->text, block->keys[i].name, value)
                        : append_app_data(&block->text, block->keys[i].name, value, object == NULL);
  }
  return status;
}

/* Names the group that `object` is in. What appData tells is its plugin_instance, what attributes tell its
 * type_instance, as with the rows of single objects. */
static bool name_group(group_block_t *block, group_t *group, const object_t *object) {
  buffer_clear(&block->text);
  if (append_pairs(block, object, false) != STATUS_OK)
    return false;
  bool names_endpoint = block->text.length == 0;
  group->plugin_instance = names_endpoint ? strdup(block->endpoint) : take_text(&block->text);
  if (group->plugin_instance == NULL || begin_type_instance(block, names_endpoint) != STATUS_OK ||
      append_pairs(block, object, true) != STATUS_OK)
    return false;
  group->type_instance = take_text(&block->text);
  return group->type_instance != NULL;
}

/* A group with series of its own; `object` is one of its members, NULL for `__other__`. */
static group_t *new_shown(group_block_t *block, const object_t *object, const char *key, size_t key_length) {
  group_t *group = calloc(1, sizeof(*group) + key_length);
  if (group == NULL)
    return NULL;
  memcpy(group->key, key, key_length);
  group->key_length = key_length;
  bool whole = true;
  for (size_t i = 0; i < SECTIONS && whole; i++)
    if (has_class(block, section_classes[i].class))
      whole = new_values(&group->sections[i], &classes[section_classes[i].summary]);
  if (whole)
    whole = name_group(block, group, object);
  if (whole)
    return group;
  free_group(group);
  return NULL;
}

/* Only its key: its members count elsewhere. */
static group_t *new_over(const char *key, size_t key_length) {
  group_t *group = calloc(1, sizeof(*group) + key_length);
  if (group == NULL)
    return NULL;
  group->over = true;
  memcpy(group->key, key, key_length);
  group->key_length = key_length;
  return group;
}

/* The values one after the other, each led by whether there is one and followed by a NUL. */
static MUST_CHECK status_t write_key(group_block_t *block, const object_t *object) {
  status_t status = STATUS_OK;
  buffer_clear(&block->text);
  for (size_t i = 0; i < block->keys_length && status == STATUS_OK; i++) {
    const char *value = key_value(&block->keys[i], object);
    status = buffer_append(&block->text, value != NULL ? "=" : "-", 1);
    if (status == STATUS_OK)
      status = buffer_append(&block->text, value != NULL ? value : "", (value != NULL ? strlen(value) : 0) + 1);
  }
  return status;
}

static void remove_group(group_block_t *block, group_t *group) {
  *(group->over ? &block->over : &block->shown) -= 1;
  HASH_DEL(block->groups, group);
  free_group(group);
}

/* Where all places are taken, the group that has been without members for longest makes room, if there is one: rooms
 * that have ended keep out none that lives. */
static void make_room(group_block_t *block) {
  group_t *oldest = NULL;
  for (group_t *group = block->groups; group != NULL; group = group->hh.next)
    if (!group->over && group->is_idle && (oldest == NULL || group->idle_since < oldest->idle_since))
      oldest = group;
  if (oldest != NULL)
    remove_group(block, oldest);
}

static group_t *add_group(group_block_t *block, const object_t *object, const char *key, size_t key_length) {
  if (block->shown >= block->max_groups)
    make_room(block);
  bool over = block->shown >= block->max_groups;
  if (over && block->other == NULL)
    block->other = new_shown(block, NULL, "", 0);
  if (over && block->other == NULL)
    return NULL;
  group_t *group = over ? new_over(key, key_length) : new_shown(block, object, key, key_length);
  if (group == NULL)
    return NULL;
  HASH_ADD_KEYPTR(hh, block->groups, group->key, group->key_length, group);
  if (group->hh.tbl == NULL) {
    free_group(group);
    return NULL;
  }
  *(over ? &block->over : &block->shown) += 1;
  return group;
}

/* NULL when out of memory. */
static group_t *find_group(group_block_t *block, object_t *object) {
  group_t **place = &object->membership.groups[block->index];
  if (*place != NULL)
    return *place;
  if (write_key(block, object) != STATUS_OK)
    return NULL;
  HASH_FIND(hh, block->groups, buffer_text(&block->text), block->text.length, *place);
  if (*place != NULL)
    return *place;
  /* Naming it writes to block->text as well. */
  size_t length = block->text.length;
  char *key = malloc(length + 1);
  if (key == NULL)
    return NULL;
  memcpy(key, buffer_text(&block->text), length);
  *place = add_group(block, object, key, length);
  free(key);
  return *place;
}

/* --- a reading --- */

/* Counters stay. */
static void begin_section(section_t *section, const class_t *class) {
  *section = (section_t){.values = section->values, .used = section->used, .score_minimum = NAN};
  for (size_t i = 0; section->values != NULL && i < class->fields_length; i++)
    if (class->fields[i].kind == KIND_GAUGE)
      section->values[i].gauge = 0;
}

static void begin_group(group_t *group) {
  group->is_idle = !group->seen;
  group->seen = false;
  for (size_t i = 0; i < SECTIONS; i++)
    begin_section(&group->sections[i], &classes[section_classes[i].summary]);
}

void group_block_begin(group_block_t *block) {
  for (group_t *group = block->groups; group != NULL; group = group->hh.next)
    begin_group(group);
  if (block->other != NULL)
    begin_group(block->other);
}

static object_value_t *value_of(section_t *section, const class_t *class, derived_t derived) {
  return &section->values[class_derived_field(class, derived)];
}

static void add_number(mean_t *mean, double number) {
  if (isnan(number))
    return;
  mean->sum += number;
  mean->count++;
}

/* What is unknown adds nothing. */
static void add_to_gauge(object_value_t *value, double number) { value->gauge += isnan(number) ? 0 : number; }

/* What the members grew by. */
static void add_growth(section_t *section, const class_t *class, const object_t *object) {
  size_t index = 0;
  for (size_t i = 0; i < object->class->fields_length; i++) {
    const field_t *field = &object->class->fields[i];
    if (field->group_sum != DERIVED_NOT) {
      object_value_t *sum = value_of(section, class, field->group_sum);
      sum->counter = (int64_t)((uint64_t)sum->counter + object->grown[index]);
      section->packets += field->group_sum == DERIVED_PACKETS ? (double)object->grown[index] : 0;
      section->packets_lost += field->group_sum == DERIVED_PACKETS_LOST ? (double)object->grown[index] : 0;
    }
    index += field->sum != DERIVED_NOT || field->group_sum != DERIVED_NOT ? 1 : 0;
  }
}

static void count_stream(section_t *section, const class_t *class, const object_t *stream) {
  derived_t count = stream->membership.paused ? DERIVED_STREAMS_PAUSED : DERIVED_STREAMS;
  add_to_gauge(value_of(section, class, count), 1);
}

static void add_stream(section_t *section, const class_t *class, const object_t *stream, const reading_t *reading) {
  if (stream->membership.paused)
    return;
  add_to_gauge(value_of(section, class, DERIVED_STREAMS_BAD), reading->score <= bad_score ? 1 : 0);
  add_to_gauge(value_of(section, class, DERIVED_BITRATE), reading->bitrate);
  add_number(&section->score, reading->score);
  add_number(&section->round_trip_time, reading->round_trip_time);
  add_number(&section->jitter, reading->jitter);
  if (!isnan(reading->score) && !(section->score_minimum <= reading->score)) /* which is NaN at first */
    section->score_minimum = reading->score;
}

static bool has_failed(const object_t *transport) {
  const char *ice = object_find_attribute(transport, "iceState"), *dtls = object_find_attribute(transport, "dtlsState");
  return (ice != NULL && strcmp(ice, "disconnected") == 0) || (dtls != NULL && strcmp(dtls, "failed") == 0);
}

static void add_transport(section_t *section, const class_t *class, const object_t *transport) {
  const class_t *transports = transport->class;
  add_to_gauge(value_of(section, class, DERIVED_TRANSPORTS), 1);
  add_to_gauge(value_of(section, class, DERIVED_TRANSPORTS_FAILED), has_failed(transport) ? 1 : 0);
  add_to_gauge(value_of(section, class, DERIVED_RECEIVE_BITRATE),
               transport->values[class_field(transports, "recv_bitrate")].gauge);
  add_to_gauge(value_of(section, class, DERIVED_SEND_BITRATE),
               transport->values[class_field(transports, "send_bitrate")].gauge);
}

static int section_of(const class_t *class) {
  for (int i = 0; i < SECTIONS; i++)
    if (section_classes[i].class == class_id(class))
      return i;
  return -1;
}

static void see(group_t *group) {
  group->seen = true;
  group->is_idle = false;
}

void group_block_add(group_block_t *block, object_t *object, const reading_t *reading, bool answered) {
  int index = section_of(object->class);
  if (index < 0 || !has_class(block, class_id(object->class)))
    return;
  /* What goes from router to router of one application was received and will be sent by its members: it would count
   * twice. */
  if (object->membership.piped && !block->by_transport)
    return;
  group_t *group = find_group(block, object);
  if (group == NULL)
    return;
  see(group);
  if (group->over)
    group = block->other;
  see(group);
  section_t *section = &group->sections[index];
  const class_t *class = &classes[section_classes[index].summary];
  section->members++;
  section->used = true;
  if (!answered)
    return;
  section->answered++;
  bool is_stream = class_id(object->class) != CLASS_TRANSPORTS;
  if (is_stream)
    count_stream(section, class, object);
  if (!object->measured)
    return;
  add_growth(section, class, object);
  if (is_stream)
    add_stream(section, class, object, reading);
  else
    add_transport(section, class, object);
}

/* --- its end --- */

static double mean(const mean_t *mean) { return mean->count > 0 ? mean->sum / mean->count : NAN; }

/* Consumers count what was sent, lost packets among it; producers what was received, lost ones not. */
static double loss_ratio(const section_t *section, const class_t *class) {
  double all = section->packets + (class == &classes[CLASS_GROUP_PRODUCERS] ? section->packets_lost : 0);
  /* What was sent in one interval may be reported as lost in the next. */
  return all > 0 ? (section->packets_lost < all ? section->packets_lost / all : 1) : NAN;
}

/* What does not add up: unknown without members. */
static void end_section(section_t *section, const class_t *class) {
  if (class == &classes[CLASS_GROUP_TRANSPORTS])
    return;
  value_of(section, class, DERIVED_LOSS_RATIO)->gauge = loss_ratio(section, class);
  value_of(section, class, DERIVED_ROUND_TRIP_TIME)->gauge = mean(&section->round_trip_time);
  value_of(section, class, DERIVED_JITTER)->gauge = mean(&section->jitter);
  value_of(section, class, DERIVED_SCORE_MINIMUM)->gauge = section->score_minimum;
  value_of(section, class, DERIVED_SCORE_MEAN)->gauge = mean(&section->score);
}

static void end_group(group_t *group, double now) {
  for (size_t i = 0; i < SECTIONS; i++)
    if (group->sections[i].values != NULL)
      end_section(&group->sections[i], &classes[section_classes[i].summary]);
  if (group->seen)
    group->idle_since = now;
}

/* One that is over waits for a place of its own until it has no members: its counters are not torn apart. */
static bool is_done(const group_t *group, double now) {
  return !group->seen && (group->over || now >= group->idle_since + GROUP_IDLE_SECONDS);
}

void group_block_end(group_block_t *block, double now) {
  group_t *group, *next;
  HASH_ITER(hh, block->groups, group, next) {
    end_group(group, now);
    if (is_done(group, now))
      remove_group(block, group);
  }
  if (block->other != NULL)
    end_group(block->other, now);
  block->ended = true;
}

/* --- rows --- */

/* Where nobody answered for any member, nothing is known of the group; without members it is known to be empty. */
static void visit_group(const group_t *group, group_visit_t visit, void *context) {
  for (size_t i = 0; i < SECTIONS; i++) {
    const section_t *section = &group->sections[i];
    if (section->used && (section->answered > 0 || section->members == 0))
      visit(context, &classes[section_classes[i].summary], group->plugin_instance, group->type_instance,
            section->values);
  }
}

void group_block_each(const group_block_t *block, group_visit_t visit, void *context) {
  const class_t *class = &classes[CLASS_GROUPS];
  object_value_t values[FIELDS_MAX];
  if (!block->ended)
    return;
  values[class_derived_field(class, DERIVED_GROUPS)].gauge = (double)block->shown;
  values[class_derived_field(class, DERIVED_GROUPS_MAX)].gauge = (double)block->max_groups;
  values[class_derived_field(class, DERIVED_GROUPS_OTHER)].gauge = (double)block->over;
  visit(context, class, block->endpoint, block->type_instance, values);
  for (const group_t *group = block->groups; group != NULL; group = group->hh.next)
    if (!group->over)
      visit_group(group, visit, context);
  if (block->other != NULL)
    visit_group(block->other, visit, context);
}
