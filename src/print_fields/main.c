/* SPDX-License-Identifier: MIT */
/*
 * print-fields: prints the tables of fields, options, causes and the views' members in the form that a document needs.
 * `make update-documents` writes them into the documents, and `./check docs` compares them. It is never installed.
 */
#include "print.h"
#include "text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* types.db(5), for hosts that receive rows from another host's plugin. */
static void print_types(void) {
  puts("# The types of the plugin mediasoup, for collectd hosts that receive them and do not load it.");
  puts("# Written by `make update-documents`.");
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    printf("%s\t", classes[i].name);
    for (size_t j = 0; j < classes[i].fields_length; j++) {
      const field_t *field = &classes[i].fields[j];
      printf("%s%s:%s", j > 0 ? ", " : "", field->name, field->kind == KIND_COUNTER ? "DERIVE:0:U" : "GAUGE:U:U");
    }
    puts("");
  }
}

/* For the tests: [{"class":...,"place":...,"key":...,"name":...}, ...]. No value has a character to escape. */
static void print_json(void) {
  static const char *const places[] = {[IN_ROW] = "row", [IN_STATS] = "stats", [IN_COUNTS] = "counts"};
  const char *separator = "[";
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    for (size_t j = 0; j < classes[i].fields_length; j++) {
      const field_t *field = &classes[i].fields[j];
      printf("%s{\"class\":\"%s\",\"kind\":\"%s\",\"name\":\"%s\"", separator, classes[i].name, text_of_kind(field),
             field->name);
      if (field->key != NULL)
        printf(",\"place\":\"%s\",\"key\":\"%s\"", places[field->place], field->key);
      puts("}");
      separator = ",";
    }
    for (size_t j = 0; j < classes[i].attributes_length; j++) {
      const attribute_t *attribute = &classes[i].attributes[j];
      printf(",{\"class\":\"%s\",\"kind\":\"%s\",\"key\":\"%s\"", classes[i].name,
             class_is_summary(&classes[i]) ? "label" : "attribute", attribute->key);
      if (!class_is_summary(&classes[i]) && attribute->decided == DECIDED_NOT)
        printf(",\"place\":\"%s\"", places[attribute->place]);
      puts("}");
    }
  }
  puts("]");
}

/* For the tests: [{"name":...,"default":...}, ...]. A default is written as in the documents. */
static void print_json_options(const option_block_t *block) {
  for (size_t i = 0; i < block->length; i++) {
    const option_t *option = &block->options[i];
    printf("%s{\"name\":\"%s\",\"default\":", i > 0 ? "," : "[", option->name);
    if (option->fallback != NULL)
      printf("\"%s\"}\n", option->fallback);
    else
      printf("%d}\n", option->number);
  }
  puts("]");
}

/* --- classes that share their fields --- */

bool print_is_first(const class_t *class) {
  for (const class_t *before = classes; before < class; before++)
    if (before->fields == class->fields)
      return false;
  return true;
}

const class_t *print_next_alike(const class_t *class) {
  for (const class_t *next = class + 1; next < classes + CLASS_COUNT; next++)
    if (next->fields == class->fields)
      return next;
  return NULL;
}

/* --- the command line --- */

enum { PARTS_MAX = 6 };

typedef struct {
  const char *name;
  struct {
    const char *name;
    void (*print)(void);
  } parts[PARTS_MAX];                           /* up to one without a name */
  void (*options)(const option_block_t *block); /* NULL: the form has no options */
} form_t;

static const form_t forms[] = {
    {"types.db", {{"fields", print_types}}, NULL},
    {"json", {{"fields", print_json}}, print_json_options},
    {"markdown",
     {{"fields", print_markdown_fields},
      {"summaries", print_markdown_summaries},
      {"causes", print_markdown_causes},
      {"participants", print_markdown_participants},
      {"events", print_markdown_events},
      {"ended", print_markdown_ended}},
     print_markdown_options},
    {"man",
     {{"fields", print_man_fields},
      {"summaries", print_man_summaries},
      {"participants", print_man_participants},
      {"events", print_man_events},
      {"ended", print_man_ended}},
     print_man_options},
};

static const form_t *find_form(const char *name) {
  for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
    if (strcmp(forms[i].name, name) == 0)
      return &forms[i];
  return NULL;
}

static bool print_part(const form_t *form, const char *part) {
  for (size_t i = 0; i < PARTS_MAX && form->parts[i].name != NULL; i++)
    if (strcmp(part, form->parts[i].name) == 0) {
      form->parts[i].print();
      return true;
    }
  for (size_t i = 0; i < OPTIONS_OF_COUNT && form->options != NULL; i++)
    if (strcmp(part, option_blocks[i].name) == 0) {
      form->options(&option_blocks[i]);
      return true;
    }
  return false;
}

int main(int argc, char **argv) {
  const form_t *form = argc == 3 ? find_form(argv[1]) : NULL;
  if (form != NULL && print_part(form, argv[2]))
    return 0;
  (void)fprintf(stderr, "usage: %s types.db|json|markdown|man fields|summaries|causes|participants|events|ended",
                argv[0]);
  for (size_t i = 0; i < OPTIONS_OF_COUNT; i++)
    (void)fprintf(stderr, "|%s", option_blocks[i].name);
  (void)fputs("\n", stderr);
  return 2;
}
