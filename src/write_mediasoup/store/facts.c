/* SPDX-License-Identifier: MIT */
#include "facts.h"

#include "common/fields.h"
#include "common/heap.h"
#include "common/json.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

/* Thousands of rows are kept, and looked at one after the other: what is finished is one piece of memory, in which the
 * facts stand behind this and the texts behind them. */
struct facts {
  atomic_uint references;
  bool is_finished; /* while they are made, the list and each text have memory of their own */
  bool lacking;     /* there was no memory for one of them */
  uint64_t number;
  fact_t *list;
  size_t length;
  app_data_t *app_data;
  app_data_t *inherited;
  app_data_t *names;
  _Atomic(void *) kept; /* see facts_keep(); NULL until it is asked for */
  _Atomic(void *) json; /* all of them as the text of an object's members; NULL until it is asked for */
  fact_t finished[];
};

/* --- life --- */

facts_t *facts_new(void) {
  static atomic_uint_fast64_t made;
  facts_t *facts = calloc(1, sizeof(*facts));
  if (facts == NULL)
    return NULL;
  atomic_init(&facts->references, 1);
  facts->number = atomic_fetch_add(&made, 1);
  return facts;
}

uint64_t facts_number(const facts_t *facts) { return facts->number; }

static void free_text(const char *text) { free((char *)(uintptr_t)text); }

/* Frees the texts of a fact that has memory of its own. */
static void fact_done(const fact_t *fact) {
  if (fact->owns_key)
    free_text(fact->key);
  free_text(fact->text);
}

facts_t *facts_share(facts_t *facts) {
  if (facts != NULL)
    atomic_fetch_add(&facts->references, 1);
  return facts;
}

void facts_release(facts_t *facts) {
  if (facts == NULL || atomic_fetch_sub(&facts->references, 1) > 1)
    return;
  for (size_t i = 0; i < facts->length && !facts->is_finished; i++)
    fact_done(&facts->list[i]);
  if (!facts->is_finished)
    free(facts->list);
  app_data_free(facts->app_data);
  app_data_free(facts->inherited);
  app_data_free(facts->names);
  free(atomic_load(&facts->kept));
  free(atomic_load(&facts->json));
  free(facts);
}

/* --- what is made when it is first wanted --- */

/* Nobody sees whether facts have it yet. */
static facts_t *writable(const facts_t *facts) { return (facts_t *)(uintptr_t)facts; }

/* NULL when out of memory. */
static const void *keep(const facts_t *facts, _Atomic(void *) *place, void *(*make)(const facts_t *facts)) {
  void *kept = atomic_load(place);
  if (kept != NULL)
    return kept;
  void *made = make(facts);
  if (made == NULL || atomic_compare_exchange_strong(place, &kept, made))
    return made;
  free(made); /* another thread was faster */
  return kept;
}

const void *facts_keep(const facts_t *facts, void *(*make)(const facts_t *facts)) {
  return keep(facts, &writable(facts)->kept, make);
}

/* --- finding --- */

const app_data_t *facts_app_data(const facts_t *facts) { return facts != NULL ? facts->app_data : NULL; }

const app_data_t *facts_inherited(const facts_t *facts) { return facts != NULL ? facts->inherited : NULL; }

const app_data_t *facts_names(const facts_t *facts) { return facts != NULL ? facts->names : NULL; }

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

/* The first byte spares most calls. */
static int compare_bytes(const char *left, const char *right) {
  return left[0] != right[0] ? (unsigned char)left[0] - (unsigned char)right[0] : strcmp(left, right);
}

/* Without digits, keys have the same order by their bytes as by compare_keys(). */
void facts_find_texts(const facts_t *facts, const char *const *keys, size_t length, const char **texts) {
  size_t at = 0, end = facts != NULL ? facts->length : 0;
  for (size_t i = 0; i < length; i++) {
    int order = -1;
    while (at < end && (order = compare_bytes(facts->list[at].key, keys[i])) < 0)
      at++;
    texts[i] = at < end && order == 0 ? facts->list[at].text : NULL;
  }
}

const fact_t *facts_at(const facts_t *facts, size_t index) {
  return facts != NULL && index < facts->length ? &facts->list[index] : NULL;
}

/* --- making --- */

void facts_fail(facts_t *facts) {
  if (facts != NULL)
    facts->lacking = true;
}

/* A fact without its text, whose key is the table's where that has it: thousands of rows have the same few keys.
 * Objects and arrays travel as text, and only the key tells them from a text that looks like JSON. */
static fact_t new_fact(const char *key) {
  static const char *const json_keys[] = {FACT_APP_DATA, FACT_INHERITED, FACT_NAMES};
  const attribute_t *attribute = attribute_find(CLASS_COUNT, key);
  if (attribute != NULL)
    return (fact_t){.key = attribute->key, .may_be_json = attribute->type == ATTRIBUTE_JSON};
  for (size_t i = 0; i < sizeof(json_keys) / sizeof(json_keys[0]); i++)
    if (strcmp(key, json_keys[i]) == 0)
      return (fact_t){.key = json_keys[i], .may_be_json = true};
  return (fact_t){.key = strdup(key), .owns_key = true};
}

static MUST_CHECK bool append_fact(facts_t *facts, const fact_t *fact) {
  fact_t *list = realloc(facts->list, (facts->length + 1) * sizeof(*list));
  if (list == NULL)
    return false;
  facts->list = list;
  facts->list[facts->length++] = *fact;
  return true;
}

void facts_add(facts_t *facts, const char *key, fact_type_t type, const char *text) {
  if (facts == NULL)
    return;
  fact_t fact = new_fact(key);
  fact.type = type;
  fact.text = strdup(text);
  if (fact.key != NULL && fact.text != NULL && append_fact(facts, &fact))
    return;
  facts_fail(facts);
  fact_done(&fact);
}

/* --- finishing --- */

/* appData < appData.2 < appData.10 */
static int compare_keys(const void *left, const void *right) {
  return strverscmp(((const fact_t *)left)->key, ((const fact_t *)right)->key);
}

/* "appData.12" is a piece of "appData". */
static bool is_piece_of(const char *key, const char *whole) {
  size_t length = strlen(whole);
  return strncmp(key, whole, length) == 0 && key[length] == '.' && key[length + 1] != '\0' &&
         strspn(key + length + 1, "0123456789") == strlen(key + length + 1);
}

static const char *put(char **at, const char *text) {
  const char *copy = *at;
  *at = stpcpy(*at, text) + 1;
  return copy;
}

/* Of facts that are made, this is the most that their texts take: of several pieces each has a NUL. */
static size_t texts_size(const facts_t *facts) {
  size_t size = 0;
  for (size_t i = 0; i < facts->length; i++)
    size += strlen(facts->list[i].text) + 1 + (facts->list[i].owns_key ? strlen(facts->list[i].key) + 1 : 0);
  return size;
}

/* How many there are when the pieces of one are put together. */
static size_t count_whole(const facts_t *facts) {
  size_t whole = 0;
  const char *last = NULL;
  for (size_t i = 0; i < facts->length; i++) {
    const char *key = facts->list[i].key;
    if (last != NULL && is_piece_of(key, last))
      continue;
    last = key;
    whole++;
  }
  return whole;
}

/* Copies the sorted facts. A key stands before its text, so that the next piece of the text can follow. */
static void copy_facts(facts_t *finished, const facts_t *made, char *texts) {
  for (size_t i = 0; i < made->length; i++) {
    const fact_t *loose = &made->list[i];
    if (finished->length > 0 && is_piece_of(loose->key, finished->list[finished->length - 1].key)) {
      texts--; /* overwrites the NUL of the piece before */
      (void)put(&texts, loose->text);
      continue;
    }
    fact_t *fact = &finished->list[finished->length++];
    *fact = *loose;
    fact->key = loose->owns_key ? put(&texts, loose->key) : loose->key;
    fact->text = put(&texts, loose->text);
  }
}

/* The sorted facts in one piece of memory. NULL when out of memory. */
static facts_t *pack(const facts_t *made) {
  size_t list_size = count_whole(made) * sizeof(fact_t);
  facts_t *facts = malloc(sizeof(*facts) + list_size + texts_size(made));
  if (facts == NULL)
    return NULL;
  *facts = (facts_t){.is_finished = true, .number = made->number, .list = facts->finished};
  atomic_init(&facts->references, 1);
  copy_facts(facts, made, (char *)facts->finished + list_size);
  return facts;
}

/* yajl takes half of a surrogate pair for UTF-8. */
static bool is_json(const char *text) {
  yajl_handle handle = yajl_alloc(NULL, NULL, NULL);
  bool valid = handle != NULL && json_is_utf8(text, strlen(text)) && (text[0] == '{' || text[0] == '[') &&
               yajl_parse(handle, (const unsigned char *)text, strlen(text)) == yajl_status_ok &&
               yajl_complete_parse(handle) == yajl_status_ok;
  if (handle != NULL)
    yajl_free(handle);
  return valid;
}

/* NULL also where the fact is no object, or when out of memory. */
static app_data_t *read_scalars(const facts_t *facts, const char *key) {
  const fact_t *fact = facts_find(facts, key);
  return fact != NULL && fact->type == FACT_JSON && fact->text[0] == '{' ? app_data_of(fact->text) : NULL;
}

facts_t *facts_finish(facts_t *made) {
  if (made == NULL)
    return NULL;
  if (made->length > 1)
    qsort(made->list, made->length, sizeof(*made->list), compare_keys);
  facts_t *facts = made->lacking ? NULL : pack(made);
  facts_release(made);
  if (facts == NULL)
    return NULL;
  for (size_t i = 0; i < facts->length; i++)
    if (facts->list[i].may_be_json && is_json(facts->list[i].text))
      facts->list[i].type = FACT_JSON;
  facts->app_data = read_scalars(facts, FACT_APP_DATA);
  facts->inherited = read_scalars(facts, FACT_INHERITED);
  facts->names = read_scalars(facts, FACT_NAMES);
  return facts;
}

/* --- as JSON --- */

void fact_write(const fact_t *fact, json_writer_t *json) {
  json_key(json, fact->key);
  if (fact->type == FACT_JSON)
    json_value(json, fact->text);
  else
    json_string(json, fact->text);
}

static void write_all(const facts_t *facts, json_writer_t *json) {
  for (size_t i = 0; i < facts->length; i++)
    fact_write(&facts->list[i], json);
}

/* Without memory to make the text, about as long as it is at the most. */
static size_t json_size(const facts_t *facts) {
  enum { KEY_LENGTH = 32, ESCAPED_LENGTH = 6 };
  json_writer_t json = JSON_WRITER_INIT(SIZE_MAX);
  write_all(facts, &json);
  size_t size = buffer_status(&json.text) == STATUS_OK
                    ? json.text.length + 1
                    : facts->length * KEY_LENGTH + ESCAPED_LENGTH * texts_size(facts);
  buffer_done(&json.text);
  return size;
}

size_t facts_size(const facts_t *facts) {
  if (facts == NULL)
    return 0;
  return heap_block(sizeof(*facts) + facts->length * sizeof(*facts->list) + texts_size(facts)) +
         heap_block(json_size(facts)) + app_data_size(facts->app_data) + app_data_size(facts->inherited) +
         app_data_size(facts->names);
}

/* NULL when out of memory. */
static void *make_json(const facts_t *facts) {
  json_writer_t json = JSON_WRITER_INIT(SIZE_MAX);
  write_all(facts, &json);
  char *made = buffer_copy(&json.text); /* a buffer has more memory than its text needs */
  buffer_done(&json.text);
  return made;
}

void facts_write(const facts_t *facts, json_writer_t *json) {
  const char *text = keep(facts, &writable(facts)->json, make_json);
  if (text == NULL)
    buffer_fail(&json->text, STATUS_NO_MEMORY);
  else if (facts->length > 0)
    json_value(json, text);
}
