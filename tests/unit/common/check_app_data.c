/* SPDX-License-Identifier: MIT */
/* appData: its scalars, sorted, and its text as it was. */
#include "common/app_data.h"
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *name;
  const char *json;
  const char *scalars; /* "key=text;" in order; NULL: not an object */
} scalars_case_t;

static const scalars_case_t scalars_cases[] = {
    {"empty", "{}", ""},
    {"sorted by key", "{'b':'2','a':'1','B':'3'}", "B=3;a=1;b=2;"},
    {"types", "{'s':'x','n':-1.50e2,'t':true,'f':false}", "f=false;n=-1.50e2;s=x;t=true;"},
    {"null is none", "{'a':null,'b':1,'c':null}", "b=1;"},
    {"objects and arrays are none", "{'a':{'x':1,'y':null},'b':[1,[null,{'z':2}]],'c':3,'d':[],'e':{}}", "c=3;"},
    {"empty key and text", "{'':'','a':''}", "=;a=;"},
    {"decoded", "{'r\\u00fc':'\\ud83d\\ude00\\n'}", "r\xc3\xbc=\xf0\x9f\x98\x80\n;"},
    {"a NUL is another control character", "{'a\\u0000b':'c\\u0000d','e':1}",
     "a\x01"
     "b=c\x01"
     "d;e=1;"},
    {"placeholders of the endpoint are none",
     "{'a':'[WebRtcServerImpl]','b':'[circular]','c':'[deep]','d':'[unreadable]','e':'[object]','f':'[Room_2$]',"
     "'g':'[bigint]','i':'[promise]','h':{'x':'[Y]'}}",
     ""},
    {"names in brackets are",
     "{'a':'[VIP]','b':'[room 2]','c':'[]','d':'[','e':'[Team','f':'Team]','g':'[a b]','h':'[red]','i':'[1]'}",
     "a=[VIP];b=[room 2];c=[];d=[;e=[Team;f=Team];g=[a b];h=[red];i=[1];"},
    {"an array", "[1]", NULL},
    {"an array of arrays", "[[1],2]", NULL},
    {"a number", "1", NULL},
    {"a text", "'a'", NULL},
    {"null", "null", NULL},
    {"nothing", "", NULL},
    {"cut", "{'a':1", NULL},
    {"more than one", "{'a':1}{'b':2}", NULL},
    {"no JSON", "{a:1}", NULL},
};

static void reads_scalars(void **state) {
  const scalars_case_t *one = *state;
  long before = allocations_live();
  char *text = json(one->json);
  app_data_t *app_data = app_data_new(text);
  buffer_t scalars = BUFFER_INIT(1000);
  assert_int_equal(app_data == NULL, one->scalars == NULL);
  for (size_t i = 0; app_data != NULL && i < app_data->length; i++) {
    buffer_append_text(&scalars, app_data->scalars[i].key);
    buffer_append_text(&scalars, "=");
    buffer_append_text(&scalars, app_data->scalars[i].text);
    buffer_append_text(&scalars, ";");
    assert_ptr_equal(app_data_find(app_data, app_data->scalars[i].key), app_data->scalars[i].text);
  }
  if (app_data != NULL) {
    assert_int_equal(buffer_status(&scalars), STATUS_OK);
    assert_string_equal(buffer_text(&scalars), one->scalars);
    assert_string_equal(app_data->json, text);
  }
  app_data_free(app_data);
  buffer_done(&scalars);
  free(text);
  assert_int_equal(allocations_live(), before);
}

static void finds_keys(void **state) {
  (void)state;
  char *text = json("{'b':'2','d':'4','a':'1'}");
  app_data_t *app_data = app_data_new(text);
  assert_string_equal(app_data_find(app_data, "a"), "1");
  assert_string_equal(app_data_find(app_data, "b"), "2");
  assert_string_equal(app_data_find(app_data, "d"), "4");
  assert_null(app_data_find(app_data, "c"));
  assert_null(app_data_find(app_data, ""));
  assert_null(app_data_find(NULL, "a"));
  app_data_free(app_data);
  free(text);
  app_data = app_data_new("{}");
  assert_null(app_data_find(app_data, "a"));
  app_data_free(app_data);
  app_data_free(NULL);
}

static void fails_without_memory(void **state) {
  (void)state;
  long before = allocations_live();
  unsigned long number = 0;
  app_data_t *app_data;
  do {
    allocations_fail_at(++number);
    app_data = app_data_new("{\"a\":1,\"b\":\"x\"}");
    assert_int_equal(app_data == NULL, allocations_failed());
    if (app_data == NULL)
      assert_int_equal(allocations_live(), before);
  } while (app_data == NULL);
  allocations_fail_at(0);
  assert_true(number > 2);
  assert_string_equal(app_data_find(app_data, "b"), "x");
  app_data_free(app_data);
}

int main(void) {
  TEST_CASES(reads_scalars, scalars_cases);
  TEST(finds_keys);
  TEST(fails_without_memory);
  return tests_run("app_data");
}
