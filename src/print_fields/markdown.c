/* SPDX-License-Identifier: MIT */
#include "print.h"

#include <stdio.h>

static void print_attributes(const class_t *class) {
  printf(class_is_summary(class) ? "Labels: " : "Metadata: ");
  for (size_t j = 0; j < class->attributes_length; j++)
    printf("%s`%s`", j > 0 ? ", " : "", class->attributes[j].key);
  if (class_has_slot(class))
    printf(", `endpoint` (its name), `process` (of a `Socket` glob)");
  printf("%s.\n\n", class_is_made_by_application(class) ? ", `appData`, and the ids of what is above it" : "");
}

static void print_fields(const class_t *class) {
  puts("| data source | kind | unit | |\n|---|---|---|---|");
  for (size_t j = 0; j < class->fields_length; j++) {
    const field_t *field = &class->fields[j];
    printf("| `%s` | %s | %s | %s%s%s |\n", field->name, field->kind == KIND_COUNTER ? "counter" : "gauge", field->unit,
           field->help, field->since != NULL ? "; since mediasoup " : "", field->since != NULL ? field->since : "");
  }
  puts("");
  print_attributes(class);
}

void print_markdown_fields(void) {
  puts("");
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++) {
    printf("### `%s`: %s\n\n", classes[i].name, classes[i].help);
    print_fields(&classes[i]);
  }
}

/* Those of the same fields share a table. */
void print_markdown_summaries(void) {
  puts("");
  for (size_t i = CLASS_ROWS_COUNT; i < CLASS_COUNT; i++) {
    const class_t *class = &classes[i], *alike = print_next_alike(class);
    if (!print_is_first(class))
      continue;
    printf("### `%s`", class->name);
    for (; alike != NULL; alike = print_next_alike(alike))
      printf(", `%s`", alike->name);
    puts("\n");
    for (alike = class; alike != NULL; alike = print_next_alike(alike))
      printf("- `%s`: %s%s%s\n", alike->name, alike->help, alike->holds != NULL ? ": " : "",
             alike->holds != NULL ? alike->holds : "");
    puts("");
    print_fields(class);
  }
}

void print_markdown_options(const option_block_t *block) {
  printf("\n| option of `%s` | default | |\n|---|---|---|\n", block->block);
  for (size_t i = 0; i < block->length; i++) {
    const option_t *option = &block->options[i];
    printf("| `%s` |", option->name);
    if (option->fallback != NULL)
      printf(" %s", option->fallback);
    else if (option->number != 0)
      printf(" %d", option->number);
    printf(" | %s |\n", option->help);
  }
  puts("");
}
