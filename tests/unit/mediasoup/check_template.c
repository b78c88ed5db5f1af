/* SPDX-License-Identifier: MIT */
/* Templates: what they accept, what they say when they do not, and what becomes of them for an object. */
#include "mediasoup/template.h"
#include "support/chain.h"

#include <stdlib.h>
#include <string.h>

static const char rows[] =
    "{'row':'workers','worker':3,'pid':77}\n"
    "{'row':'routers','routerId':'r','worker':3,'appData':{'room':'a/b','floor':2,'peer':'nobody'}}\n"
    "{'row':'transports','transportId':'t','routerId':'r','transportType':'webrtc','appData':{'peer':'alice'}}\n"
    "{'row':'producers','producerId':'p','transportId':'t','kind':'video','mimeType':'video/VP8','encodings':2,"
    "'paused':false,'stats':{'ssrc':11,'rid':'h'}}\n"
    "{'row':'producers','producerId':'p','transportId':'t','kind':'video','mimeType':'video/VP8','encodings':2,"
    "'paused':false,'stats':{'ssrc':12}}\n"
    "{'row':'consumers','consumerId':'c=1,\\\"x\\\\','transportId':'t','encodings':1,'stats':{'ssrc':13,'rid':'h'}}\n";

typedef struct {
  const char *name;
  const char *template;
  const char *object;
  const char *expected;
} expand_case_t;

static const expand_case_t expand_cases[] = {
    {"nothing", "", "producers p h", ""},
    {"literals stay as they are", "a=b,c/d", "producers p h", "a=b,c/d"},
    {"percent signs", "100%% of %", "producers p h", "100% of %"},
    {"a percent sign before text", "5%x%%{id}", "producers p h", "5%x%{id}"},
    {"an id with its rid", "%{id}", "producers p h", "p,rid=h"},
    {"an id with its ssrc", "%{id}", "producers p 12", "p,ssrc=12"},
    {"an id alone", "<%{id}>", "transports t", "<t>"},
    {"an id is cleaned", "%{id}", "consumers c=1,\"x\\", "c_1__x_~f7e9a9e7f73dcbfa"},
    {"the endpoint, cleaned", "%{endpoint}", "producers p h", "sfu_1"},
    {"attributes, cleaned", "%{kind} %{mimeType} %{paused} %{ssrc}", "producers p h", "video video_VP8 false 11"},
    {"attributes from above", "%{transportType} %{routerId} %{worker} %{pid}", "producers p h", "webrtc r 3 77"},
    {"appData, nearest", "%{appData:peer}", "producers p h", "alice"},
    {"appData from above, cleaned", "%{appData:room}.%{appData:floor}", "producers p h", "a_b.2"},
    {"appData of its own", "%{appData:peer}", "routers r", "nobody"},
    {"what is not there is empty", "<%{appData:none}%{rid}%{kind}%{appData:}>", "transports t", "<>"},
};

static void expands(void **state) {
  const expand_case_t *one = *state;
  chain_t chain;
  chain_init(&chain);
  chain_read(&chain, rows);
  template_t *template = NULL;
  buffer_t text = BUFFER_INIT(1000);
  assert_int_equal(template_new(one->template, &template, NULL), STATUS_OK);
  template_expand(template, chain_find(&chain, one->object), "sfu/1", &text);
  assert_int_equal(buffer_status(&text), STATUS_OK);
  assert_string_equal(buffer_text(&text), one->expected);
  assert_int_equal(template_has_id(template),
                   strstr(one->template, "%{id}") != NULL && strstr(one->template, "%%{id}") == NULL);
  buffer_done(&text);
  template_free(template);
  chain_done(&chain);
}

typedef struct {
  const char *name;
  const char *template;
  const char *cause;
} refuse_case_t;

static const refuse_case_t refuse_cases[] = {
    {"an unknown variable", "a%{roomId}", "there is no variable %{roomId}; there are %{id}, %{endpoint}"},
    {"an empty variable", "%{}", "there is no variable %{}"},
    {"another case", "%{ID}", "there is no variable %{ID}"},
    {"a space", "%{ id}", "there is no variable %{ id}"},
    {"what changes all the time", "%{state}", "there is no variable %{state}"},
    {"a field that is no attribute", "%{byteCount}", "there is no variable %{byteCount}"},
    {"no closing brace", "x%{id", "\"%{id\" lacks a closing brace"},
    {"no closing brace, nothing else", "%{", "\"%{\" lacks a closing brace"},
};

static void refuses(void **state) {
  const refuse_case_t *one = *state;
  failure_t failure = {0};
  long before = allocations_live();
  template_t *template = (template_t *)&failure;
  assert_int_equal(template_new(one->template, &template, &failure), STATUS_OPTION);
  assert_memory_equal(failure.cause, one->cause, strlen(one->cause));
  assert_ptr_equal(template, &failure); /* untouched */
  assert_int_equal(allocations_live(), before);
}

static void fails_as_its_buffer_does(void **state) {
  (void)state;
  chain_t chain;
  chain_init(&chain);
  chain_read(&chain, rows);
  template_t *template = NULL;
  assert_int_equal(template_new("abc%{endpoint}", &template, NULL), STATUS_OK);
  for (size_t maximum = 0; maximum <= 6; maximum++) {
    buffer_t text = BUFFER_INIT(maximum);
    template_expand(template, chain_find(&chain, "transports t"), "sfu", &text);
    assert_int_equal(buffer_status(&text), maximum < 6 ? STATUS_TOO_LARGE : STATUS_OK);
    buffer_done(&text);
  }
  template_free(template);
  chain_done(&chain);
}

static void fails_without_memory(void **state) {
  (void)state;
  long before = allocations_live();
  for (unsigned long number = 1;; number++) {
    failure_t failure = {0};
    template_t *template = NULL;
    allocations_fail_at(number);
    status_t status = template_new("a%%%{id}%{endpoint}%{appData:x}%{kind}", &template, &failure);
    if (!allocations_failed()) {
      assert_int_equal(status, STATUS_OK);
      assert_true(number > 10);
      template_free(template);
      break;
    }
    assert_int_equal(status, STATUS_NO_MEMORY);
    assert_int_equal(failure.status, STATUS_NO_MEMORY);
    assert_int_equal(allocations_live(), before);
  }
  allocations_fail_at(0);
  template_free(NULL);
}

int main(void) {
  TEST_CASES(expands, expand_cases);
  TEST_CASES(refuses, refuse_cases);
  TEST(fails_as_its_buffer_does);
  TEST(fails_without_memory);
  return tests_run("template");
}
