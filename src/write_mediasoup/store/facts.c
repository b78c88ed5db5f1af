/* SPDX-License-Identifier: MIT */
#include "facts.h"

#include "common/buffer.h"
#include "common/identifier.h"
#include "common/json.h"
#include "common/limits.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

/* Thousands of rows have the same few keys: those of the table are not copied, which spares memory and makes the
 * search for one fast. */
static const char *key_of_table(const char *key) {
  static const char app_data[] = "appData";
  if (strcmp(key, app_data) == 0)
    return app_data;
  const attribute_t *attribute = attribute_find(CLASS_COUNT, key);
  return attribute != NULL ? attribute->key : NULL;
}

struct facts {
  atomic_uint references;
  uint64_t number; /* no other facts have it */
  fact_t *list;
  size_t length;
  char *texts; /* all of them in one piece; NULL while they are being made, when each has its own memory */
  app_data_t *app_data;
  _Atomic(char *) json; /* all as members of an object; NULL until somebody asks for it */
};

static void free_text(const char *text) { free((char *)(uintptr_t)text); }

/* While they are being made. */
static void fact_done(const fact_t *fact) {
  if (fact->owns_key)
    free_text(fact->key);
  free_text(fact->text);
}

facts_t *facts_new(void) {
  facts_t *facts = calloc(1, sizeof(*facts));
  static atomic_uint_fast64_t made;
  if (facts == NULL)
    return NULL;
  atomic_init(&facts->references, 1);
  facts->number = atomic_fetch_add(&made, 1);
  return facts;
}

uint64_t facts_number(const facts_t *facts) { return facts->number; }

facts_t *facts_share(facts_t *facts) {
  if (facts != NULL)
    atomic_fetch_add(&facts->references, 1);
  return facts;
}

void facts_release(facts_t *facts) {
  if (facts == NULL || atomic_fetch_sub(&facts->references, 1) > 1)
    return;
  for (size_t i = 0; i < facts->length && facts->texts == NULL; i++)
    fact_done(&facts->list[i]);
  free(facts->texts);
  free(facts->list);
  app_data_free(facts->app_data);
  free(atomic_load(&facts->json));
  free(facts);
}

const app_data_t *facts_app_data(const facts_t *facts) { return facts != NULL ? facts->app_data : NULL; }

const fact_t *facts_find(const facts_t *facts, const char *key) {
  for (size_t i = 0; facts != NULL && i < facts->length; i++)
    if (strcmp(facts->list[i].key, key) == 0)
      return &facts->list[i];
  return NULL;
}

const char *facts_find_text(const facts_t *facts, const char *key) {
  const fact_t *fact = facts_find(facts, key);
  return fact != NULL ? fact->text : NULL;
}

const fact_t *facts_at(const facts_t *facts, size_t index) {
  return facts != NULL && index < facts->length ? &facts->list[index] : NULL;
}

status_t facts_add(facts_t *facts, const char *key, fact_type_t type, const char *text) {
  fact_t fact = {.key = key_of_table(key), .type = type, .text = strdup(text)};
  fact.owns_key = fact.key == NULL;
  if (fact.owns_key)
    fact.key = strdup(key);
  fact_t *list =
      fact.key != NULL && fact.text != NULL ? realloc(facts->list, (facts->length + 1) * sizeof(*list)) : NULL;
  if (list == NULL) {
    fact_done(&fact);
    return STATUS_NO_MEMORY;
  }
  facts->list = list;
  facts->list[facts->length++] = fact;
  return STATUS_OK;
}

/* --- as JSON --- */

void fact_write(const fact_t *fact, json_writer_t *json) {
  json_key(json, fact->key);
  if (fact->type == FACT_JSON)
    json_value(json, fact->text);
  else
    json_string(json, fact->text);
}

/* NULL when out of memory. */
static const char *keep_json(const facts_t *facts) {
  json_writer_t json = JSON_WRITER_INIT(SIZE_MAX);
  facts_t *shared = (facts_t *)(uintptr_t)facts; /* nobody else sees whether it has this text yet */
  char *kept = NULL;
  for (size_t i = 0; i < facts->length; i++)
    fact_write(&facts->list[i], &json);
  char *made = buffer_copy(&json.text); /* without what a buffer spares */
  buffer_done(&json.text);
  if (made == NULL || atomic_compare_exchange_strong(&shared->json, &kept, made))
    return made;
  free(made); /* another thread was faster */
  return kept;
}

void facts_write(const facts_t *facts, json_writer_t *json) {
  const char *text = atomic_load(&facts->json);
  if (text == NULL)
    text = keep_json(facts);
  if (text == NULL)
    buffer_fail(&json->text, STATUS_NO_MEMORY);
  else if (facts->length > 0)
    json_value(json, text);
}

/* --- finishing --- */

/* appData < appData.2 < appData.10 */
static int compare(const void *left, const void *right) {
  return strverscmp(((const fact_t *)left)->key, ((const fact_t *)right)->key);
}

/* "appData.12" is a piece of "appData". */
static bool is_piece_of(const char *key, const char *whole) {
  size_t length = strlen(whole);
  return strncmp(key, whole, length) == 0 && key[length] == '.' && key[length + 1] != '\0' &&
         strspn(key + length + 1, "0123456789") == strlen(key + length + 1);
}

/* Puts the texts of `count` facts into the first of them. */
static MUST_CHECK status_t join(fact_t *facts, size_t count) {
  buffer_t whole = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  for (size_t i = 0; i < count; i++)
    buffer_append_text(&whole, facts[i].text);
  status_t status = buffer_status(&whole);
  if (status != STATUS_OK) {
    buffer_done(&whole);
    return status;
  }
  free_text(facts[0].text);
  facts[0].text = whole.data;
  return STATUS_OK;
}

static MUST_CHECK status_t join_pieces(facts_t *facts) {
  size_t kept = 0, next;
  status_t status = STATUS_OK;
  for (size_t i = 0; i < facts->length; i = next) {
    for (next = i + 1; next < facts->length && is_piece_of(facts->list[next].key, facts->list[i].key); next++)
      ;
    if (next > i + 1 && status == STATUS_OK)
      status = join(&facts->list[i], next - i);
    for (size_t piece = i + 1; piece < next; piece++)
      fact_done(&facts->list[piece]);
    facts->list[kept++] = facts->list[i];
  }
  facts->length = kept;
  return status;
}

static bool is_json(const char *text) {
  yajl_handle handle = yajl_alloc(NULL, NULL, NULL);
  bool valid = handle != NULL && (text[0] == '{' || text[0] == '[') &&
               yajl_parse(handle, (const unsigned char *)text, strlen(text)) == yajl_status_ok &&
               yajl_complete_parse(handle) == yajl_status_ok;
  if (handle != NULL)
    yajl_free(handle);
  return valid;
}

/* What mediasoup has as objects and arrays travels as JSON text. A text of another key may well look like JSON. */
static void recognise_json(fact_t *fact) {
  const attribute_t *attribute = attribute_find(CLASS_COUNT, fact->key);
  bool may_be_json = attribute != NULL ? attribute->type == ATTRIBUTE_JSON : strcmp(fact->key, "appData") == 0;
  if (may_be_json && is_json(fact->text))
    fact->type = FACT_JSON;
}

static const char *put(char **at, const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = memcpy(*at, text, size);
  *at += size;
  return copy;
}

/* Thousands of rows are kept: a text of its own for each fact would take twice the memory. */
static MUST_CHECK status_t pack(facts_t *facts) {
  size_t size = 1;
  for (size_t i = 0; i < facts->length; i++)
    size += strlen(facts->list[i].text) + 1 + (facts->list[i].owns_key ? strlen(facts->list[i].key) + 1 : 0);
  char *texts = malloc(size), *at = texts;
  if (texts == NULL)
    return STATUS_NO_MEMORY;
  for (size_t i = 0; i < facts->length; i++) {
    fact_t *fact = &facts->list[i], loose = *fact;
    fact->text = put(&at, loose.text);
    if (loose.owns_key)
      fact->key = put(&at, loose.key);
    fact_done(&loose);
  }
  facts->texts = texts;
  return STATUS_OK;
}

status_t facts_finish(facts_t *facts) {
  if (facts->length > 1)
    qsort(facts->list, facts->length, sizeof(*facts->list), compare);
  status_t status = join_pieces(facts);
  for (size_t i = 0; i < facts->length; i++)
    recognise_json(&facts->list[i]);
  const fact_t *app_data = facts_find(facts, "appData");
  if (status == STATUS_OK && app_data != NULL && app_data->type == FACT_JSON && app_data->text[0] == '{')
    facts->app_data = app_data_new(app_data->text);
  return status == STATUS_OK ? pack(facts) : status;
}

/* --- from identifiers --- */

typedef status_t (*on_pair_t)(void *context, const char *key, const char *value);

/* Calls `on_pair` for each key=value of "key=value,key=value". */
static MUST_CHECK status_t each_pair(const char *text, on_pair_t on_pair, void *context) {
  char *copy = strdup(text);
  const char *at = copy;
  pair_t pair;
  status_t status = copy != NULL ? STATUS_OK : STATUS_NO_MEMORY;
  while (status == STATUS_OK && identifier_next(&at, &pair)) {
    copy[pair.key + pair.key_length - copy] = '\0';
    copy[pair.value + pair.value_length - copy] = '\0';
    status = on_pair(context, pair.key, pair.value);
  }
  free(copy);
  return status;
}

typedef struct {
  facts_t *facts;
  const class_t *class;
} naming_pair_t;

/* What metadata has as a number is one here too. */
static bool is_number(const char *key, const char *value) {
  size_t length = strlen(value);
  if (length == 0 || length > 10 || strspn(value, "0123456789") != length || (value[0] == '0' && length > 1))
    return false;
  const attribute_t *attribute = attribute_find(CLASS_COUNT, key);
  return attribute != NULL && attribute->type == ATTRIBUTE_NUMBER;
}

static MUST_CHECK status_t add_name(void *context, const char *key, const char *value) {
  naming_pair_t *naming = context;
  if (strcmp(key, IDENTIFIER_ID) == 0 && naming->class->id != NULL)
    return facts_add(naming->facts, naming->class->id, FACT_TEXT, value);
  if (strcmp(key, IDENTIFIER_VIA) == 0 && naming->class->parent_id != NULL)
    return facts_add(naming->facts, naming->class->parent_id, FACT_TEXT, value);
  if (is_number(key, value))
    return facts_add(naming->facts, key, FACT_JSON, value);
  if (strcmp(key, "mimeType") != 0)
    return facts_add(naming->facts, key, FACT_TEXT, value);
  status_t status = facts_add(naming->facts, key, FACT_TEXT, value);
  if (status != STATUS_OK)
    return status;
  char *slash = strchr((char *)(uintptr_t)naming->facts->list[naming->facts->length - 1].text, '_');
  if (slash != NULL)
    *slash = '/';
  return status;
}

static MUST_CHECK status_t add_names(facts_t *facts, const class_t *class, const char *type_instance) {
  naming_pair_t naming = {.facts = facts, .class = class};
  return each_pair(type_instance, add_name, &naming);
}

/* Where plugin_instance has no appData it is the endpoint's name. */
static MUST_CHECK status_t add_endpoint(facts_t *facts, const class_t *class, const char *plugin_instance) {
  bool is_name = class_is_summary(class) && identifier_is_name(plugin_instance);
  return is_name ? facts_add(facts, IDENTIFIER_ENDPOINT, FACT_TEXT, plugin_instance) : STATUS_OK;
}

status_t facts_add_summary(facts_t *facts, const class_t *class, const char *plugin_instance,
                           const char *type_instance) {
  status_t status = add_endpoint(facts, class, plugin_instance);
  return status == STATUS_OK && class_is_summary(class) ? add_names(facts, class, type_instance) : status;
}

static MUST_CHECK status_t add_app_data(void *context, const char *key, const char *value) {
  buffer_t *json = context;
  buffer_append_character(json, json->length > 0 ? ',' : '{');
  json_append_string(json, key, strlen(key));
  buffer_append_character(json, ':');
  json_append_string(json, value, strlen(value));
  return buffer_status(json);
}

/* Without its last value where that was cut: a part of a room's name would be another room. */
static MUST_CHECK status_t add_whole_app_data(const char *plugin_instance, buffer_t *json) {
  char *whole = strndup(plugin_instance, identifier_whole_length(plugin_instance));
  if (whole == NULL)
    return STATUS_NO_MEMORY;
  status_t status = each_pair(whole, add_app_data, json);
  free(whole);
  return status;
}

facts_t *facts_from_identifiers(const class_t *class, const char *plugin_instance, const char *type_instance) {
  facts_t *facts = facts_new();
  buffer_t json = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  status_t status = facts != NULL ? add_names(facts, class, type_instance) : STATUS_NO_MEMORY;
  if (status == STATUS_OK)
    status = add_endpoint(facts, class, plugin_instance);
  if (status == STATUS_OK)
    status = add_whole_app_data(plugin_instance, &json);
  if (status == STATUS_OK && json.length > 0)
    buffer_append_character(&json, '}');
  if (status == STATUS_OK)
    status = buffer_status(&json);
  if (status == STATUS_OK && json.length > 0)
    status = facts_add(facts, "appData", FACT_TEXT, json.data);
  buffer_done(&json);
  if (status == STATUS_OK)
    status = facts_finish(facts);
  if (status == STATUS_OK)
    return facts;
  facts_release(facts);
  return NULL;
}
