#include "facts.h"

#include "common/buffer.h"
#include "common/json.h"
#include "common/limits.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct facts {
  atomic_uint references;
  fact_t *list;
  size_t length;
  app_data_t *app_data;
};

facts_t *facts_new(void) {
  facts_t *facts = calloc(1, sizeof(*facts));
  if (facts != NULL)
    atomic_init(&facts->references, 1);
  return facts;
}

facts_t *facts_share(facts_t *facts) {
  if (facts != NULL)
    atomic_fetch_add(&facts->references, 1);
  return facts;
}

void facts_release(facts_t *facts) {
  if (facts == NULL || atomic_fetch_sub(&facts->references, 1) > 1)
    return;
  for (size_t i = 0; i < facts->length; i++) {
    free(facts->list[i].key);
    free(facts->list[i].text);
  }
  free(facts->list);
  app_data_free(facts->app_data);
  free(facts);
}

/* A text that is not JSON stays a text: nobody is served less for it. */
void facts_finish(facts_t *facts) {
  fact_t *json = (fact_t *)facts_find(facts, "appData");
  if (json == NULL)
    return;
  facts->app_data = app_data_new(json->text);
  json->type = facts->app_data != NULL ? FACT_JSON : FACT_TEXT;
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

/* The length of a key without the number of its piece: "appData.12" is a piece of "appData". */
static size_t key_length(const char *key) {
  size_t length = strlen(key);
  const char *point = strrchr(key, '.');
  if (point == NULL || point == key || point[1] == '\0' || strspn(point + 1, "0123456789") != strlen(point + 1))
    return length;
  return (size_t)(point - key);
}

static MUST_CHECK status_t continue_text(fact_t *fact, const char *text) {
  size_t length = strlen(fact->text), more = strlen(text);
  if (length + more > ROW_TEXT_MAX_BYTES)
    return STATUS_TOO_LARGE;
  char *whole = realloc(fact->text, length + more + 1);
  if (whole == NULL)
    return STATUS_NO_MEMORY;
  memcpy(whole + length, text, more + 1);
  fact->text = whole;
  return STATUS_OK;
}

status_t facts_add(facts_t *facts, const char *key, fact_type_t type, const char *text) {
  fact_t fact = {.key = strndup(key, key_length(key)), .type = type, .text = strdup(text)};
  fact_t *there = fact.key != NULL ? (fact_t *)facts_find(facts, fact.key) : NULL;
  status_t status = STATUS_NO_MEMORY;
  if (fact.key != NULL && fact.text != NULL && there != NULL) {
    status = continue_text(there, text);
  } else if (fact.key != NULL && fact.text != NULL) {
    fact_t *list = realloc(facts->list, (facts->length + 1) * sizeof(*list));
    if (list != NULL) {
      facts->list = list;
      facts->list[facts->length++] = fact;
      return STATUS_OK;
    }
  }
  free(fact.key);
  free(fact.text);
  return status;
}

/* --- from identifiers --- */

typedef status_t (*pair_t)(void *context, const char *key, const char *value);

/* Calls `on_pair` for each key=value of "key=value,key=value". */
static MUST_CHECK status_t each_pair(const char *text, pair_t on_pair, void *context) {
  char *copy = strdup(text), *rest = NULL;
  status_t status = copy != NULL ? STATUS_OK : STATUS_NO_MEMORY;
  for (char *pair = copy != NULL ? strtok_r(copy, ",", &rest) : NULL; pair != NULL && status == STATUS_OK;
       pair = strtok_r(NULL, ",", &rest)) {
    char *equals = strchr(pair, '=');
    if (equals == NULL)
      continue;
    *equals = '\0';
    status = on_pair(context, pair, equals + 1);
  }
  free(copy);
  return status;
}

typedef struct {
  facts_t *facts;
  const class_t *class;
} naming_pair_t;

static MUST_CHECK status_t add_name(void *context, const char *key, const char *value) {
  naming_pair_t *naming = context;
  if (strcmp(key, "id") == 0 && naming->class->id != NULL)
    return facts_add(naming->facts, naming->class->id, FACT_TEXT, value);
  if (strcmp(key, "mimeType") != 0)
    return facts_add(naming->facts, key, FACT_TEXT, value);
  status_t status = facts_add(naming->facts, key, FACT_TEXT, value);
  char *slash = status == STATUS_OK ? strchr(naming->facts->list[naming->facts->length - 1].text, '_') : NULL;
  if (slash != NULL)
    *slash = '/';
  return status;
}

static MUST_CHECK status_t add_app_data(void *context, const char *key, const char *value) {
  buffer_t *json = context;
  status_t status = buffer_append(json, json->length > 0 ? "," : "{", 1);
  if (status == STATUS_OK)
    status = json_append_string(json, key, strlen(key));
  if (status == STATUS_OK)
    status = buffer_append(json, ":", 1);
  return status == STATUS_OK ? json_append_string(json, value, strlen(value)) : status;
}

facts_t *facts_from_identifiers(const class_t *class, const char *plugin_instance, const char *type_instance) {
  facts_t *facts = facts_new();
  buffer_t json = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  naming_pair_t naming = {.facts = facts, .class = class};
  status_t status = facts != NULL ? each_pair(type_instance, add_name, &naming) : STATUS_NO_MEMORY;
  if (status == STATUS_OK)
    status = each_pair(plugin_instance, add_app_data, &json);
  if (status == STATUS_OK && json.length > 0)
    status = buffer_append(&json, "}", 1);
  if (status == STATUS_OK && json.length > 0)
    status = facts_add(facts, "appData", FACT_JSON, json.data);
  buffer_done(&json);
  if (status == STATUS_OK) {
    facts_finish(facts);
    return facts;
  }
  facts_release(facts);
  return NULL;
}
