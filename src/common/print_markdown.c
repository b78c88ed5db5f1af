#include "print.h"

#include <stdio.h>

static void print_attributes(const class_t *class) {
  printf("Metadata: ");
  for (size_t j = 0; j < class->attributes_length; j++)
    printf("%s`%s`", j > 0 ? ", " : "", class->attributes[j].key);
  printf("%s.\n\n", class_is_made_by_application(class) ? ", `appData`, and the ids of what is above it" : "");
}

void print_markdown_fields(void) {
  puts("");
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    const class_t *class = &classes[i];
    printf("#### `%s`: %s\n\n", class->name, class->help);
    puts("| data source | kind | unit | |\n|---|---|---|---|");
    for (size_t j = 0; j < class->fields_length; j++) {
      const field_t *field = &class->fields[j];
      printf("| `%s` | %s | %s | %s%s%s |\n", field->name, field->kind == KIND_COUNTER ? "counter" : "gauge",
             field->unit, field->help, field->since != NULL ? "; since mediasoup " : "",
             field->since != NULL ? field->since : "");
    }
    puts("");
    print_attributes(class);
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
