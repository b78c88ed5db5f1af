/* SPDX-License-Identifier: MIT */
#include "print.h"
#include "text.h"
#include "write_mediasoup/events/ended.h"
#include "write_mediasoup/events/event.h"
#include "write_mediasoup/participants/figures.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LINE_LENGTH = 78 };

/* Prints a word of a text; what stands between backticks becomes bold. A dot or an apostrophe at the beginning of a
 * line is escaped: it would make the line a request. */
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

/* Whether a sentence ends here. mdoc wants the next one on a line of its own. */
static bool ends_sentence(const char *word, size_t length) {
  const char *next = word + length + strspn(word + length, " ");
  return word[length - 1] == '.' && (isupper((unsigned char)*next) || *next == '`');
}

/* Prints the text in lines of at most LINE_LENGTH. */
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

/* Prints the text of a table's cell as a sentence. */
static void print_sentence(const char *text) {
  char sentence[600];
  (void)snprintf(sentence, sizeof(sentence), "%s.", text);
  sentence[0] = (char)toupper((unsigned char)sentence[0]);
  print_text(sentence);
}

/* --- fields --- */

static void print_field(const field_t *field) {
  char text[400];
  (void)snprintf(text, sizeof(text), "%s, %s: %s", text_of_kind(field), field->unit, text_of_field(field));
  printf(".It Cm %s\n", field->name);
  print_text(text);
}

static void print_list(const class_t *class) {
  puts(".Bl -tag -compact -width channel_round_trip_seconds");
  for (size_t j = 0; j < class->fields_length; j++)
    print_field(&class->fields[j]);
  puts(".El\n.Pp");
  print_text(text_of_attributes(class));
}

void print_man_fields(void) {
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++) {
    printf(".Ss %s: %s\n", classes[i].name, text_of_class(&classes[i]));
    print_list(&classes[i]);
  }
}

/* Classes with the same fields share a list. */
void print_man_summaries(void) {
  for (size_t i = CLASS_ROWS_COUNT; i < CLASS_COUNT; i++) {
    const class_t *class = &classes[i];
    if (!print_is_first(class))
      continue;
    printf(".Ss %s", class->name);
    for (const class_t *alike = print_next_alike(class); alike != NULL; alike = print_next_alike(alike))
      printf(", %s", alike->name);
    puts("\n.Bl -bullet -compact");
    for (const class_t *alike = class; alike != NULL; alike = print_next_alike(alike))
      printf(".It\n%s: %s\n", alike->name, text_of_class(alike));
    puts(".El\n.Pp");
    print_list(class);
  }
}

/* --- participants --- */

void print_man_participants(void) {
  puts(".Bl -tag -compact -width downlinkStreamsSilent");
  for (size_t i = 0; i < PARTICIPANT_FIGURES; i++) {
    char text[400];
    (void)snprintf(text, sizeof(text), "%s: %s", participant_figures[i].unit, participant_figures[i].help);
    printf(".It Cm %s\n", participant_figures[i].key);
    print_text(text);
  }
  puts(".El");
}

/* --- events, and what has ended --- */

static void print_item(const char *key, const char *text) {
  printf(".It Cm %s\n", key);
  print_text(text);
}

static void print_members(const record_type_t *type) {
  puts(".Bl -tag -compact -width worstLossRatio");
  for (size_t i = 0; i < type->length; i++)
    print_item(type->members[i].key, type->members[i].help);
  puts(".El\n.Pp");
}

void print_man_events(void) {
  print_members(&event_type);
  puts("Kinds, and when there is such an event:\n.Bl -tag -compact -width application_restarted");
  for (event_kind_t kind = 0; kind < EVENT_KINDS; kind++) {
    char text[500];
    (void)snprintf(text, sizeof(text), "%s: %s", severity_name(event_kind_severity(kind)), event_kind_when(kind));
    print_item(event_kind_name(kind), text);
  }
  puts(".El");
}

void print_man_ended(void) {
  print_members(&ended_type);
  puts("Outcomes:\n.Bl -tag -compact -width restarted");
  for (ended_outcome_t outcome = 0; outcome < OUTCOMES; outcome++)
    print_item(outcome_name(outcome), outcome_when(outcome));
  puts(".El");
}

/* --- options --- */

void print_man_options(const option_block_t *block) {
  puts(".Bl -tag -width Ds");
  for (size_t i = 0; i < block->length; i++) {
    const option_t *option = &block->options[i];
    printf(".It Cm %s Ar %s\n", option->name, option->argument);
    print_sentence(option->help);
    if (text_of_default(option)[0] != '\0') {
      char fallback[200];
      (void)snprintf(fallback, sizeof(fallback), "Default: %s", text_of_default(option));
      print_text(fallback);
    }
  }
  puts(".El");
}
