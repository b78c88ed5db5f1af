/* SPDX-License-Identifier: MIT */
#include "mediasoup/cause.h"
#include "print.h"
#include "text.h"
#include "write_mediasoup/events/ended.h"
#include "write_mediasoup/events/event.h"
#include "write_mediasoup/participants/figures.h"

#include <stdio.h>

static void print_table(const class_t *class) {
  puts("| data source | kind | unit | |\n|---|---|---|---|");
  for (size_t i = 0; i < class->fields_length; i++) {
    const field_t *field = &class->fields[i];
    printf("| `%s` | %s | %s | %s |\n", field->name, text_of_kind(field), field->unit, text_of_field(field));
  }
  printf("\n%s\n\n", text_of_attributes(class));
}

void print_markdown_fields(void) {
  puts("");
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++) {
    printf("### `%s`: %s\n\n", classes[i].name, text_of_class(&classes[i]));
    print_table(&classes[i]);
  }
}

/* Classes with the same fields share a table. */
void print_markdown_summaries(void) {
  puts("");
  for (size_t i = CLASS_ROWS_COUNT; i < CLASS_COUNT; i++) {
    const class_t *class = &classes[i];
    if (!print_is_first(class))
      continue;
    printf("### `%s`", class->name);
    for (const class_t *alike = print_next_alike(class); alike != NULL; alike = print_next_alike(alike))
      printf(", `%s`", alike->name);
    puts("\n");
    for (const class_t *alike = class; alike != NULL; alike = print_next_alike(alike))
      printf("- `%s`: %s\n", alike->name, text_of_class(alike));
    puts("");
    print_table(class);
  }
}

void print_markdown_participants(void) {
  puts("\n| key | unit | |\n|---|---|---|");
  for (size_t i = 0; i < PARTICIPANT_FIGURES; i++)
    printf("| `%s` | %s | %s |\n", participant_figures[i].key, participant_figures[i].unit,
           participant_figures[i].help);
  puts("");
}

static void print_members(const record_type_t *type) {
  puts("\n| member | |\n|---|---|");
  for (size_t i = 0; i < type->length; i++)
    printf("| `%s` | %s |\n", type->members[i].key, type->members[i].help);
}

void print_markdown_events(void) {
  print_members(&event_type);
  puts("\n| `kind` | `severity` | when |\n|---|---|---|");
  for (event_kind_t kind = 0; kind < EVENT_KINDS; kind++)
    printf("| `%s` | `%s` | %s |\n", event_kind_name(kind), severity_name(event_kind_severity(kind)),
           event_kind_when(kind));
  puts("");
}

void print_markdown_ended(void) {
  print_members(&ended_type);
  puts("\n| `outcome` | when |\n|---|---|");
  for (ended_outcome_t outcome = 0; outcome < OUTCOMES; outcome++)
    printf("| `%s` | %s |\n", outcome_name(outcome), outcome_when(outcome));
  puts("");
}

void print_markdown_options(const option_block_t *block) {
  printf("\n| option of `%s` | default | |\n|---|---|---|\n", block->block);
  for (size_t i = 0; i < block->length; i++) {
    const option_t *option = &block->options[i];
    const char *fallback = text_of_default(option);
    printf("| `%s` |%s%s | %s |\n", option->name, fallback[0] != '\0' ? " " : "", fallback, option->help);
  }
  puts("");
}

/* The last row is for the streams of which no rule holds. */
void print_markdown_causes(void) {
  puts("\n| `cause` | when | why |\n|---|---|---|");
  for (size_t i = 0; i < cause_rules_length; i++)
    printf("| `%s` | %s | %s |\n", cause_name(cause_rules[i].cause), cause_rules[i].when, cause_rules[i].reason);
  printf("| `%s` | none of these | |\n\n", cause_name(CAUSE_UNKNOWN));
}
