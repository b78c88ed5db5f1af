/* SPDX-License-Identifier: MIT */
#include "print.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LINE_LENGTH = 78 };

/* A word of a document's text: what is between backticks is bold. A dot or an apostrophe that begins a line would make
 * a request of it. */
static void print_word(const char *word, size_t length, bool begins_line, bool *bold) {
  if (begins_line && (word[0] == '.' || word[0] == '\''))
    printf("\\&");
  for (size_t i = 0; i < length; i++) {
    if (word[i] == '`')
      printf("%s", (*bold = !*bold) ? "\\fB" : "\\fR");
    else if (word[i] == '\\')
      printf("\\e");
    else
      putchar(word[i]);
  }
}

/* Whether mdoc wants the next sentence on a line of its own. */
static bool ends_sentence(const char *word, size_t length) {
  const char *next = word + length + strspn(word + length, " ");
  return word[length - 1] == '.' && (isupper((unsigned char)*next) || *next == '`');
}

/* Lines of text, none of them long. */
static void print_text(const char *text) {
  size_t column = 0;
  bool bold = false;
  for (const char *word = text; *word != '\0'; word += strspn(word, " ")) {
    size_t length = strcspn(word, " ");
    bool begins_line = column == 0 || column + 1 + length > LINE_LENGTH;
    if (column > 0)
      putchar(begins_line ? '\n' : ' ');
    print_word(word, length, begins_line, &bold);
    column = begins_line ? length : column + 1 + length;
    if (ends_sentence(word, length)) {
      puts("");
      column = 0;
    }
    word += length;
  }
  puts("");
}

/* What stands in a table's cell, as a sentence. */
static void print_sentence(const char *text) {
  char sentence[600];
  (void)snprintf(sentence, sizeof(sentence), "%s.", text);
  sentence[0] = (char)toupper((unsigned char)sentence[0]);
  print_text(sentence);
}

/* --- fields --- */

static void print_field(const field_t *field) {
  char text[400];
  (void)snprintf(text, sizeof(text), "%s, %s: %s%s%s", field->kind == KIND_COUNTER ? "counter" : "gauge", field->unit,
                 field->help, field->since != NULL ? "; since mediasoup " : "",
                 field->since != NULL ? field->since : "");
  printf(".It Cm %s\n", field->name);
  print_text(text);
}

static void print_attributes(const class_t *class) {
  char text[1000] = "";
  (void)snprintf(text, sizeof(text), class_is_summary(class) ? "Labels:" : "Metadata:");
  for (size_t i = 0; i < class->attributes_length; i++)
    (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s `%s`", i > 0 ? "," : "",
                   class->attributes[i].key);
  (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s.",
                 class_has_slot(class) ? ", `endpoint` (its name), `process` (of a `Socket` glob)" : "",
                 class_is_made_by_application(class) ? ", `appData`, and the ids of what is above it" : "");
  puts(".Pp");
  print_text(text);
}

static void print_list(const class_t *class) {
  puts(".Bl -tag -compact -width channel_round_trip_seconds");
  for (size_t j = 0; j < class->fields_length; j++)
    print_field(&class->fields[j]);
  puts(".El");
  print_attributes(class);
}

void print_man_fields(void) {
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++) {
    printf(".Ss %s: %s\n", classes[i].name, classes[i].help);
    print_list(&classes[i]);
  }
}

/* Those of the same fields share a list. */
void print_man_summaries(void) {
  for (size_t i = CLASS_ROWS_COUNT; i < CLASS_COUNT; i++) {
    if (!print_is_first(&classes[i]))
      continue;
    printf(".Ss %s", classes[i].name);
    for (const class_t *class = print_next_alike(&classes[i]); class != NULL; class = print_next_alike(class))
      printf(", %s", class->name);
    puts("");
    puts(".Bl -bullet -compact");
    for (const class_t *class = &classes[i]; class != NULL; class = print_next_alike(class))
      printf(".It\n%s: %s%s%s\n", class->name, class->help, class->holds != NULL ? ": " : "",
             class->holds != NULL ? class->holds : "");
    puts(".El\n.Pp");
    print_list(&classes[i]);
  }
}

/* --- options --- */

void print_man_options(const option_block_t *block) {
  puts(".Bl -tag -width Ds");
  for (size_t i = 0; i < block->length; i++) {
    const option_t *option = &block->options[i];
    char fallback[200];
    printf(".It Cm %s Ar %s\n", option->name, option->argument);
    print_sentence(option->help);
    (void)snprintf(fallback, sizeof(fallback), "Default: %s", option->fallback != NULL ? option->fallback : "");
    if (option->fallback != NULL)
      print_text(fallback);
    else if (option->number != 0)
      printf("Default: %d\n", option->number);
  }
  puts(".El");
}
