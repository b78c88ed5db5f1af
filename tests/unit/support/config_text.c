/* SPDX-License-Identifier: MIT */
#include "config_text.h"

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MAX = 16, CHILDREN_MAX = 32, WORD_MAX = 400 };

static void need(bool held, const char *text) {
  if (held)
    return;
  (void)fprintf(stderr, "this is no configuration: %s\n", text);
  abort();
}

/* One word of the line, which ends before `>` or the line's end; a string keeps its first quotation mark. */
static const char *read_word(const char *at, char *word) {
  size_t length = 0;
  at += strspn(at, " \t");
  if (at[0] == '"') {
    word[length++] = *at++;
    while (at[0] != '"' && length < WORD_MAX - 1) {
      need(at[0] != '\0', at);
      at += at[0] == '\\' ? 1 : 0;
      word[length++] = *at++;
    }
    at++;
  } else {
    length = strcspn(at, " \t\n>");
    need(length < WORD_MAX, at);
    memcpy(word, at, length);
    at += length;
  }
  word[length] = '\0';
  return at;
}

static oconfig_value_t value_of(const char *word) {
  char *end;
  if (word[0] == '"')
    return (oconfig_value_t){.type = OCONFIG_TYPE_STRING, .value.string = strdup(word + 1)};
  if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0)
    return (oconfig_value_t){.type = OCONFIG_TYPE_BOOLEAN, .value.boolean = strcmp(word, "true") == 0};
  double number = strtod(word, &end);
  need(end != word && *end == '\0', word);
  return (oconfig_value_t){.type = OCONFIG_TYPE_NUMBER, .value.number = number};
}

static const char *read_line(const char *at, oconfig_item_t *item) {
  char word[WORD_MAX];
  at = read_word(at, word);
  item->key = strdup(word);
  item->values = calloc(VALUES_MAX, sizeof(*item->values));
  for (;;) {
    at = read_word(at, word);
    if (word[0] == '\0')
      return at;
    need(item->values_num < VALUES_MAX, at);
    item->values[item->values_num++] = value_of(word);
  }
}

static const char *read_item(const char *at, oconfig_item_t *item) {
  at += strspn(at, " \t\n");
  if (at[0] != '<')
    return read_line(at, item);
  at = read_line(at + 1, item);
  need(at[0] == '>', at);
  item->children = calloc(CHILDREN_MAX, sizeof(*item->children));
  for (at += 1 + strspn(at + 1, " \t\n"); strncmp(at, "</", 2) != 0; at += strspn(at, " \t\n")) {
    need(at[0] != '\0' && item->children_num < CHILDREN_MAX, at);
    item->children[item->children_num].parent = item;
    at = read_item(at, &item->children[item->children_num++]);
  }
  return at + strcspn(at, ">") + 1;
}

oconfig_item_t *config_text_read(const char *text) {
  oconfig_item_t *item = calloc(1, sizeof(*item));
  const char *end = read_item(text, item);
  need(end[strspn(end, " \t\n")] == '\0', end);
  return item;
}

static void free_content(oconfig_item_t *item) {
  for (int i = 0; i < item->values_num; i++)
    if (item->values[i].type == OCONFIG_TYPE_STRING)
      free(item->values[i].value.string);
  for (int i = 0; i < item->children_num; i++)
    free_content(&item->children[i]);
  free(item->values);
  free(item->children);
  free(item->key);
}

void config_text_free(oconfig_item_t *item) {
  free_content(item);
  free(item);
}

/* --- complaints --- */

static char complaints[8000];

void complaints_take(const char *complaint) {
  size_t length = strlen(complaints);
  (void)snprintf(complaints + length, sizeof(complaints) - length, "%s\n", complaint);
}

void complaints_forget(void) { complaints[0] = '\0'; }

bool complaints_any(void) { return complaints[0] != '\0'; }

void assert_complaints(const char *expected) { assert_string_equal(complaints, expected); }
