/* SPDX-License-Identifier: MIT */
/* The table of fields: it says nothing twice, its parts agree, and write_http can carry every row that it describes. */
#include "mediasoup/template.h"
#include "support/support.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  WRITE_HTTP_ARRAY = 512, /* format_json's buffers for a row's values, dstypes and dsnames, with a NUL */
  COUNTER_WIDTH = 20,     /* digits of a 64 bit number */
  GAUGE_WIDTH = 22,       /* "%.15g" of -1.23456789012345e-308 */
  NAME_MAX_LENGTH = 127,  /* collectd's DATA_MAX_NAME_LEN, without its NUL */
};

static bool has_attribute(const class_t *class, const char *key) {
  for (size_t i = 0; i < class->attributes_length; i++)
    if (strcmp(class->attributes[i].key, key) == 0 && class->attributes[i].place == IN_ROW)
      return true;
  return false;
}

static void classes_know_their_place(void **state) {
  (void)state;
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    assert_int_equal(class_id(&classes[i]), i);
    assert_ptr_equal(class_by_name(classes[i].name, strlen(classes[i].name)), &classes[i]);
    assert_int_equal(class_is_made_by_application(&classes[i]), classes[i].parent_id != NULL);
    assert_int_equal(class_is_summary(&classes[i]), classes[i].type_instance == NULL);
    assert_true(strlen(classes[i].help) > 0);
  }
  assert_null(class_by_name("", 0));
  assert_null(class_by_name("worker", 6));
  assert_null(class_by_name("workersx", 8));
  assert_null(class_by_name("end", 3));
}

/* Rows of connections are read, but no type of collectd's: what they tell goes to the groups of transports, by the same
 * keys as the transports' own. */
static void connections_are_summed_up_alone(void **state) {
  (void)state;
  const class_t *class = &classes[CLASS_CONNECTIONS], *transports = &classes[CLASS_TRANSPORTS];
  assert_string_equal(class->name, "connections");
  assert_null(class_by_name(class->name, strlen(class->name)));
  assert_false(class_is_summary(class));
  assert_false(class_is_made_by_application(class));
  assert_ptr_equal(class->group, transports->group);
  for (size_t i = 0; i < transports->attributes_length; i++)
    assert_true(!transports->attributes[i].can_group || has_attribute(class, transports->attributes[i].key));
  assert_true(has_attribute(class, "routerId")); /* a room without a name is its router */
}

/* Parents stand before their children in the enumeration, and the way up ends at one that has none. */
static void parents_are_reachable(void **state) {
  (void)state;
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++) {
    const class_t *class = &classes[i];
    for (; class->parent_id != NULL; class = &classes[class->parent]) {
      assert_true(class->parent < class_id(class));
      assert_string_equal(class->parent_id, classes[class->parent].id);
    }
    assert_int_equal(class->parent, class_id(class));
    assert_true(class_id(class) == i || class_id(class) == CLASS_WORKERS);
  }
}

static void assert_name(const char *name) {
  assert_true(strlen(name) > 0 && strlen(name) <= NAME_MAX_LENGTH);
  for (const char *at = name; *at != '\0'; at++)
    if (!islower((unsigned char)*at) && !isdigit((unsigned char)*at) && *at != '_')
      fail_msg("%s has a character that collectd or Prometheus would change", name);
}

/* collectd parses identifiers back at the first '-'. */
static void names_are_plain(void **state) {
  (void)state;
  for (size_t i = 0; i < CLASSES_LENGTH; i++) {
    assert_name(classes[i].name);
    for (size_t j = 0; j < classes[i].fields_length; j++)
      assert_name(classes[i].fields[j].name);
  }
}

/* A counter's name gets this ending in Prometheus, and the relabelling takes it off again: of a gauge's own name too.
 */
static void no_name_ends_as_a_counter(void **state) {
  (void)state;
  static const char ending[] = "_total";
  for (size_t i = 0; i < CLASSES_LENGTH; i++)
    for (size_t j = 0; j < classes[i].fields_length; j++) {
      const char *name = classes[i].fields[j].name;
      size_t length = strlen(name), shorter = strlen(ending);
      if (length >= shorter && strcmp(name + length - shorter, ending) == 0)
        fail_msg("%s of %s ends in %s", name, classes[i].name, ending);
    }
}

static void fields_differ(void **state) {
  (void)state;
  for (size_t i = 0; i < CLASSES_LENGTH; i++)
    for (size_t j = 0; j < classes[i].fields_length; j++)
      for (size_t k = j + 1; k < classes[i].fields_length; k++) {
        const field_t *a = &classes[i].fields[j], *b = &classes[i].fields[k];
        assert_string_not_equal(a->name, b->name);
        assert_false(a->key != NULL && b->key != NULL && a->place == b->place && strcmp(a->key, b->key) == 0);
        assert_false(a->derived != DERIVED_NOT && a->derived == b->derived);
      }
}

static void attributes_differ(void **state) {
  (void)state;
  for (size_t i = 0; i < CLASSES_LENGTH; i++)
    for (size_t j = 0; j < classes[i].attributes_length; j++)
      for (size_t k = j + 1; k < classes[i].attributes_length; k++)
        assert_string_not_equal(classes[i].attributes[j].key, classes[i].attributes[k].key);
}

/* Rows are read up to the first that is decided, and a group must not change its name with a verdict. */
static void what_is_decided_comes_last(void **state) {
  (void)state;
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    bool is_decided = i == CLASS_ENDPOINT || i == CLASS_PRODUCERS || i == CLASS_CONSUMERS;
    size_t decided = 0;
    for (size_t j = 0; j < classes[i].attributes_length; j++) {
      const attribute_t *attribute = &classes[i].attributes[j];
      assert_true(attribute->decided != DECIDED_NOT || decided == 0);
      assert_false(attribute->decided != DECIDED_NOT && attribute->can_group);
      decided += attribute->decided != DECIDED_NOT ? 1 : 0;
    }
    assert_int_equal(decided > 0, is_decided);
  }
}

static void ids_travel_as_attributes(void **state) {
  (void)state;
  for (size_t i = CLASS_USAGE; i < CLASS_ROWS_COUNT; i++) {
    assert_true(has_attribute(&classes[i], classes[i].id));
    if (classes[i].parent_id != NULL)
      assert_true(has_attribute(&classes[i], classes[i].parent_id));
  }
}

static void fields_are_whole(void **state) {
  (void)state;
  for (size_t i = 0; i < CLASSES_LENGTH; i++)
    for (size_t j = 0; j < classes[i].fields_length; j++) {
      const field_t *field = &classes[i].fields[j];
      assert_int_equal(field->key == NULL, field->derived != DERIVED_NOT);
      assert_true(!field->is_count || (field->key == NULL && field->kind == KIND_GAUGE && field->most > 0));
      assert_true(field->place == IN_ROW || field->place == IN_STATS);
      assert_true(strlen(field->unit) > 0 && strlen(field->help) > 0);
      assert_true(field->kind == KIND_GAUGE || (field->scale == 0 && !field->zero_is_unknown));
      assert_int_equal(class_derived_field(&classes[i], field->derived), field->derived != DERIVED_NOT ? (int)j : -1);
    }
}

static void snake_case(const char *key, char *name, size_t size) {
  size_t length = 0;
  for (; *key != '\0' && length + 2 < size; key++) {
    if (isupper((unsigned char)*key))
      name[length++] = '_';
    name[length++] = (char)tolower((unsigned char)*key);
  }
  name[length] = '\0';
}

/* A field of mediasoup's keeps its name and its unit. */
static void mediasoup_fields_mirror(void **state) {
  (void)state;
  for (size_t i = 0; i < CLASS_COUNT; i++)
    for (size_t j = 0; j < classes[i].fields_length; j++) {
      const field_t *field = &classes[i].fields[j];
      char name[NAME_MAX_LENGTH + 1];
      if (field->key == NULL || field->place != IN_STATS)
        continue;
      snake_case(field->key, name, sizeof(name));
      assert_string_equal(field->name, name);
      assert_true(field->scale == 0);
    }
}

/* Each field that adds to a sum has a growth of its own. The sums stand on the rows of routers and of workers, those of
 * groups on the groups' rows. */
static void sums_have_their_places(void **state) {
  (void)state;
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    size_t sums = 0;
    for (size_t j = 0; j < classes[i].fields_length; j++) {
      const field_t *field = &classes[i].fields[j];
      assert_true(field->sum == DERIVED_NOT || field->kind == KIND_COUNTER);
      assert_true(field->sum == DERIVED_NOT || class_derived_field(&classes[CLASS_ROUTERS], field->sum) >= 0);
      assert_true(field->sum == DERIVED_NOT || class_derived_field(&classes[CLASS_WORKERS], field->sum) >= 0);
      assert_true(field->group_sum == DERIVED_NOT || class_derived_field(classes[i].group, field->group_sum) >= 0);
      if (field_is_summed(field))
        assert_int_equal(field->growth, sums++);
    }
    assert_true(sums <= GROWTHS_MAX);
    assert_int_equal(sums > 0, i == CLASS_TRANSPORTS || i == CLASS_PRODUCERS || i == CLASS_CONSUMERS);
    assert_int_equal(sums > 0, classes[i].group != NULL);
  }
}

static void groups_sum_up_their_own_class(void **state) {
  (void)state;
  assert_ptr_equal(classes[CLASS_PRODUCERS].group, &classes[CLASS_GROUP_PRODUCERS]);
  assert_ptr_equal(classes[CLASS_CONSUMERS].group, &classes[CLASS_GROUP_CONSUMERS]);
  assert_ptr_equal(classes[CLASS_TRANSPORTS].group, &classes[CLASS_GROUP_TRANSPORTS]);
}

/* A distribution and its buckets know each other, and nothing else is one. */
static void distributions_have_buckets(void **state) {
  (void)state;
  size_t distributions = 0;
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    const class_t *class = &classes[i];
    assert_int_equal(class->buckets != NULL, class_derived_field(class, DERIVED_SUM) >= 0);
    assert_int_equal(class->histogram != NULL, class_derived_field(class, DERIVED_BUCKET) >= 0);
    assert_int_equal(class->holds != NULL, class->buckets != NULL || class->histogram != NULL);
    if (class->buckets == NULL)
      continue;
    distributions++;
    char name[NAME_MAX_LENGTH + 1];
    (void)snprintf(name, sizeof(name), "%s_bucket", class->name);
    assert_ptr_equal(class->buckets->histogram, class);
    assert_string_equal(class->buckets->name, name);
    assert_string_equal(class->buckets->help, class->help);
  }
  assert_int_equal(distributions, 5);
}

/* Metadata and views would otherwise read one key as a number here and as a text there. */
static void attributes_have_one_type(void **state) {
  (void)state;
  for (size_t i = 0; i < CLASSES_LENGTH; i++)
    for (size_t j = 0; j < classes[i].attributes_length; j++) {
      const attribute_t *attribute = &classes[i].attributes[j];
      const attribute_t *first = attribute_find(CLASSES_LENGTH, attribute->key);
      assert_int_equal(attribute->type, first->type);
    }
}

static void finds_attributes(void **state) {
  (void)state;
  assert_int_equal(attribute_find(CLASS_ROWS_COUNT, "ssrc")->type, ATTRIBUTE_NUMBER);
  assert_int_equal(attribute_find(CLASS_ROWS_COUNT, "paused")->type, ATTRIBUTE_BOOLEAN);
  assert_int_equal(attribute_find(CLASS_ROWS_COUNT, "tuple")->type, ATTRIBUTE_JSON);
  assert_int_equal(attribute_find(CLASS_ROWS_COUNT, "mimeType")->type, ATTRIBUTE_TEXT);
  assert_null(attribute_find(CLASS_ROWS_COUNT, "rank"));
  assert_int_equal(attribute_find(CLASS_COUNT, "rank")->type, ATTRIBUTE_NUMBER);
  assert_null(attribute_find(CLASS_COUNT, "score"));
  assert_null(attribute_find(CLASS_COUNT, ""));
}

static bool has_label(const class_t *summary, const char *key) {
  for (size_t i = 0; i < summary->attributes_length; i++)
    if (strcmp(summary->attributes[i].key, key) == 0)
      return true;
  return false;
}

/* A key that one can group by is a label of the groups, wherever on the way up it stands. */
static void group_keys_are_labels(void **state) {
  (void)state;
  size_t keys = 0;
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++)
    for (const class_t *above = &classes[i]; classes[i].group != NULL; above = &classes[above->parent]) {
      for (size_t j = 0; j < above->attributes_length; j++)
        if (above->attributes[j].can_group) {
          if (!has_label(classes[i].group, above->attributes[j].key))
            fail_msg("%s has no label %s", classes[i].group->name, above->attributes[j].key);
          keys++;
        }
      if (above->parent_id == NULL)
        break;
    }
  assert_true(keys >= 7);
  assert_true(attribute_find(CLASS_ROWS_COUNT, "kind")->can_group);
  assert_false(attribute_find(CLASS_ROWS_COUNT, "ssrc")->can_group);
}

static void templates_are_valid(void **state) {
  (void)state;
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++) {
    template_t *template = NULL;
    assert_int_equal(template_new(classes[i].type_instance, &template, NULL), STATUS_OK);
    assert_true(!class_is_made_by_application(&classes[i]) || template_has_id(template));
    template_free(template);
  }
}

static void assert_fits(const class_t *class, const char *array, size_t length) {
  if (length > WRITE_HTTP_ARRAY - 1)
    fail_msg("write_http would drop rows of %s: their %s take up to %zu bytes", class->name, array, length);
}

/* Of a whole number. */
static size_t number_width(const field_t *field) {
  char text[COUNTER_WIDTH + 1];
  return field->most > 0 ? (size_t)snprintf(text, sizeof(text), "%.0f", field->most) : COUNTER_WIDTH;
}

/* Each array is [a,b,c]: as many separators and brackets as members, and one more. */
static void rows_fit_into_write_http(void **state) {
  (void)state;
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    const class_t *class = &classes[i];
    size_t values = 1 + class->fields_length, types = values, names = values;
    assert_true(class->fields_length > 0 && class->fields_length <= FIELDS_MAX);
    for (size_t j = 0; j < class->fields_length; j++) {
      bool counter = class->fields[j].kind == KIND_COUNTER;
      values += counter || class->fields[j].is_count ? number_width(&class->fields[j]) : GAUGE_WIDTH;
      types += strlen(counter ? "\"derive\"" : "\"gauge\"");
      names += strlen(class->fields[j].name) + strlen("\"\"");
    }
    assert_fits(class, "values", values);
    assert_fits(class, "dstypes", types);
    assert_fits(class, "dsnames", names);
  }
}

static void a_gauge_is_no_wider(void **state) {
  (void)state;
  char text[64];
  assert_int_equal(snprintf(text, sizeof(text), "%.15g", -1.23456789012345e-308), GAUGE_WIDTH);
}

int main(void) {
  TEST(classes_know_their_place);
  TEST(connections_are_summed_up_alone);
  TEST(parents_are_reachable);
  TEST(names_are_plain);
  TEST(no_name_ends_as_a_counter);
  TEST(fields_differ);
  TEST(attributes_differ);
  TEST(what_is_decided_comes_last);
  TEST(ids_travel_as_attributes);
  TEST(fields_are_whole);
  TEST(mediasoup_fields_mirror);
  TEST(sums_have_their_places);
  TEST(groups_sum_up_their_own_class);
  TEST(distributions_have_buckets);
  TEST(attributes_have_one_type);
  TEST(finds_attributes);
  TEST(group_keys_are_labels);
  TEST(templates_are_valid);
  TEST(rows_fit_into_write_http);
  TEST(a_gauge_is_no_wider);
  return tests_run("fields");
}
