/*
 * print-fields: writes the table of fields down in the form that a document needs. `make check` holds the written-down
 * copies against it, `make update-documents` makes them anew. Never installed.
 */
#include "fields.h"

#include <stdio.h>
#include <string.h>

/* types.db(5), for hosts that receive what another host's plugin sends. */
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

static void print_attributes(const class_t *class) {
  printf("Metadata: ");
  for (size_t j = 0; j < class->attributes_length; j++)
    printf("%s`%s`", j > 0 ? ", " : "", class->attributes[j].key);
  if (class_has_slot(class))
    printf(", `endpoint` (its name), `process` (of a `Socket` glob)");
  printf("%s.\n\n", class_is_made_by_application(class) ? ", `appData`, and the ids of what is above it" : "");
}

/* The README's chapter on metrics. */
static void print_markdown(void) {
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

/* For the tests: [{"class":...,"place":...,"key":...,"name":...}, ...]; neither has a character to escape. */
static void print_json(void) {
  static const char *const places[] = {[IN_ROW] = "row", [IN_STATS] = "stats", [IN_COUNTS] = "counts"};
  const char *separator = "[";
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    for (size_t j = 0; j < classes[i].fields_length; j++) {
      const field_t *field = &classes[i].fields[j];
      printf("%s{\"class\":\"%s\",\"kind\":\"%s\",\"name\":\"%s\"", separator, classes[i].name,
             field->kind == KIND_COUNTER ? "counter" : "gauge", field->name);
      if (field->key != NULL)
        printf(",\"place\":\"%s\",\"key\":\"%s\"", places[field->place], field->key);
      puts("}");
      separator = ",";
    }
    for (size_t j = 0; j < classes[i].attributes_length; j++)
      printf(",{\"class\":\"%s\",\"kind\":\"attribute\",\"place\":\"%s\",\"key\":\"%s\"}\n", classes[i].name,
             places[classes[i].attributes[j].place], classes[i].attributes[j].key);
  }
  puts("]");
}

int main(int argc, char **argv) {
  const char *form = argc == 2 ? argv[1] : "";
  if (strcmp(form, "types.db") == 0)
    print_types();
  else if (strcmp(form, "markdown") == 0)
    print_markdown();
  else if (strcmp(form, "json") == 0)
    print_json();
  else {
    (void)fprintf(stderr, "usage: %s types.db|markdown|json\n", argv[0]);
    return 2;
  }
  return 0;
}
