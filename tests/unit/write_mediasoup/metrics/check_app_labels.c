/* SPDX-License-Identifier: MIT */
/* appData as labels: own and inherited, under names that Prometheus takes, none of them twice; and without memory. */
#include "support/support.h"
#include "write_mediasoup/metrics/app_labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static store_row_t *row_with(class_id_t class, const char *plugin_instance, const char *app_data,
                             const char *inherited) {
  store_row_t *row = store_row_new(&classes[class], "here", plugin_instance, "id=a");
  char *text = json(app_data != NULL ? app_data : ""), *above = json(inherited);
  facts_t *facts = facts_new();
  facts_add(facts, "consumerId", FACT_TEXT, "a");
  if (app_data != NULL)
    facts_add(facts, "appData", FACT_TEXT, text);
  facts_add(facts, "inherited", FACT_TEXT, above);
  row->facts = facts_finish(facts);
  free(text);
  free(above);
  return row;
}

static store_row_t *row_of(class_id_t class, const char *plugin_instance, const char *app_data) {
  return row_with(class, plugin_instance, app_data, "{}");
}

typedef struct {
  const char *name;
  class_id_t class;
  const char *plugin_instance, *app_data;
  const char *labels; /* with ' for " */
} label_case_t;

static const label_case_t label_cases[] = {
    {"none", CLASS_CONSUMERS, "sfu", NULL, ""},
    {"own, sorted", CLASS_CONSUMERS, "sfu", "{'b':'x','a':1.5,'c':true}", "a='1.5',b='x',c='true'"},
    {"own scalars only", CLASS_CONSUMERS, "sfu", "{'a':[1],'b':{'c':1},'d':null}", ""},
    {"inherited", CLASS_CONSUMERS, "roomId=x,peerId=y", NULL, "peerId='y',roomId='x'"},
    {"own before inherited", CLASS_CONSUMERS, "roomId=a_b,peerId=y", "{'roomId':'a/b'}", "peerId='y',roomId='a/b'"},
    {"an inherited key that was cleaned", CLASS_CONSUMERS, "room_id=x", "{'room/id':'y'}", "room_id='y'"},
    {"an empty value is no label", CLASS_CONSUMERS, "a=", "{'b':''}", ""},
    {"a group's own are exact", CLASS_GROUP_CONSUMERS, "roomId=a_b~e620c3190468cf61", "{'roomId':'a/b'}",
     "roomId='a/b'"},
    {"the facts of a summary are its stream's", CLASS_WORST_CONSUMERS, "roomId=x", "{'a':1}", "roomId='x'"},

    {"characters that cannot stand", CLASS_CONSUMERS, "sfu", "{'room-id':1,'a b':2}", "a_b='2',room_id='1'"},
    {"one _ for a character of several bytes", CLASS_CONSUMERS, "sfu", "{'r\xc3\xa4um':1}", "r_um='1'"},
    {"a digit at the beginning", CLASS_CONSUMERS, "sfu", "{'1x':1}", "_1x='1'"},
    {"no name", CLASS_CONSUMERS, "sfu", "{'':1}", "_='1'"},
    {"reserved names", CLASS_CONSUMERS, "sfu", "{'kind':1,'le':2,'__name__':3}",
     "appData___name__='3',appData_kind='1',appData_le='2'"},
    {"a name that becomes reserved", CLASS_CONSUMERS, "sfu", "{'-_a':1}", "appData___a='1'"},

    {"two keys of one name, one of them exact", CLASS_CONSUMERS, "sfu", "{'a-b':1,'a_b':2}",
     "a_b='2',a_b_e61ab31904644883='1'"},
    {"two keys of one name, neither exact", CLASS_CONSUMERS, "sfu", "{'b-c':1,'b.c':2}",
     "b_c_ff6d3d19128bef01='1',b_c_ff772d1912942856='2'"},
    {"a key that is there twice", CLASS_CONSUMERS, "roomId=x,roomId=y", NULL, "roomId='x'"},
    {"a key that is made to look like a marked one", CLASS_CONSUMERS, "sfu",
     "{'b-c':1,'b.c':2,'b_c_ff6d3d19128bef01':3}", "b_c_ff6d3d19128bef01='3',b_c_ff772d1912942856='2'"},
};

static void appends(void **state) {
  const label_case_t *one = *state;
  long before = allocations_live();
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  store_row_t *row = row_of(one->class, one->plugin_instance, one->app_data);
  char *expected = json(one->labels);
  app_labels_append(&text, row);
  assert_int_equal(buffer_status(&text), STATUS_OK);
  assert_string_equal(buffer_text(&text), expected);
  free(expected);
  buffer_done(&text);
  store_row_release(row);
  assert_int_equal(allocations_live(), before);
}

/* Only what plugin_instance names is a label, and is so exactly. */
static void inherits_exactly(void **state) {
  (void)state;
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  store_row_t *row =
      row_with(CLASS_CONSUMERS, "roomId=a_b~e620c3190468cf61,peerId=y", "{'peerId':'y'}", "{'roomId':'a/b','more':1}");
  app_labels_append(&text, row);
  assert_string_equal(buffer_text(&text), "peerId=\"y\",roomId=\"a/b\"");
  buffer_done(&text);
  store_row_release(row);
}

/* 16 KiB of scalars, as much as an endpoint sends. */
static void leaves_out_what_is_too_much_for_a_series(void **state) {
  (void)state;
  buffer_t app_data = BUFFER_INIT(SNAPSHOT_MAX_BYTES), text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  char member[200];
  for (int i = 0; i < 160; i++) {
    (void)snprintf(member, sizeof(member), "%s'k%03d':'%090d'", i > 0 ? "," : "{'a':'first','appData_left_out':1,", i,
                   i);
    buffer_append_text(&app_data, member);
  }
  buffer_append_text(&app_data, ",'z':'last'}");
  store_row_t *row = row_of(CLASS_CONSUMERS, "sfu", buffer_text(&app_data));
  app_labels_append(&text, row);
  const char *labels = buffer_text(&text);
  assert_ptr_equal(strstr(labels, "a=\"first\",appData_appData_left_out=\"1\",k000=\"0"), labels);
  assert_non_null(strstr(labels, ",z=\"last\",appData_left_out=\"140\""));
  assert_true(text.length < 2200);
  buffer_done(&app_data);
  buffer_done(&text);
  store_row_release(row);
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  store_row_t *row = row_of(CLASS_CONSUMERS, "roomId=x", "{'a-b':1}");
  long before = allocations_live();
  bool failed = true;
  unsigned long number = 0;
  while (failed) {
    buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
    allocations_fail_at(++number);
    app_labels_append(&text, row);
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(buffer_status(&text), failed ? STATUS_NO_MEMORY : STATUS_OK);
    buffer_done(&text);
    assert_int_equal(allocations_live(), before);
  }
  assert_int_equal(number, 4); /* the list, the names, the text */
  store_row_release(row);
}

int main(void) {
  TEST_CASES(appends, label_cases);
  TEST(inherits_exactly);
  TEST(leaves_out_what_is_too_much_for_a_series);
  TEST(bears_each_allocation_that_fails);
  return tests_run("app_labels");
}
