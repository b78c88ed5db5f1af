/* SPDX-License-Identifier: MIT */
/* Names: what a row says, whatever it says it by; and whose name counts of what is above and below. */
#include "support/rows.h"
#include "write_mediasoup/participants/said_names.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *name;
  const char *facts; /* with ' for " */
  const char *room, *room_key, *participant, *participant_key;
} case_t;

static const case_t cases[] = {
    {"nothing", "kind=audio", NULL, NULL, NULL, NULL},
    {"the usual keys", "names={'room':'red','participant':'bob'}", "red", "roomId", "bob", "peerId"},
    {"other keys", "names={'room':'red','roomKey':'hall','participant':'5','participantKey':'userId'}", "red", "hall",
     "5", "userId"},
    {"with escapes", "names={'room':'Team\\u0020\\u00c4'}", "Team \xc3\x84", "roomId", NULL, NULL},
    {"the router's id", "names={'room':'r'}", NULL, NULL, NULL, NULL},
    {"empty texts", "names={'room':'','participant':''}", NULL, NULL, NULL, NULL},
    {"no object", "names=['red']", NULL, NULL, NULL, NULL},
    {"no JSON", "names={'room", NULL, NULL, NULL, NULL},
    {"names before appData", "names={'room':'red'} appData={'roomId':'blue','peerId':'eve'}", "red", "roomId", NULL,
     NULL},
    {"appData without names", "appData={'roomId':'blue','peerId':5}", "blue", "roomId", "5", "peerId"},
    {"what is inherited", "inherited={'roomId':'blue'} appData={'peerId':'eve'}", "blue", "roomId", "eve", "peerId"},
};

static void assert_name(const said_name_t *name, const char *text, const char *key) {
  assert_int_equal(name->text == NULL, text == NULL);
  if (text == NULL)
    return;
  assert_string_equal(name->text, text);
  assert_string_equal(name->key, key);
  assert_false(name->is_adopted || name->is_disputed);
}

static void reads_what_a_row_says(void **state) {
  const case_t *one = *state;
  char *facts = json(one->facts);
  facts_t *told = facts_of(facts);
  said_names_t said = said_names_read(told, "r");
  assert_name(&said.room, one->room, one->room_key);
  assert_name(&said.participant, one->participant, one->participant_key);
  facts_release(told);
  free(facts);
}

static said_name_t named(const char *text) { return (said_name_t){.text = text, .key = "k"}; }

static void a_name_is_adopted_if_all_agree(void **state) {
  (void)state;
  const said_name_t none = {0}, bob = named("bob"), eve = named("eve"), own = named("own");
  said_name_t name = none;
  assert_ptr_equal(said_name_choose(&name, &own), &own);
  said_name_adopt(&name, &none);
  assert_null(name.text);
  said_name_adopt(&name, &bob);
  said_name_adopt(&name, &none);
  said_name_adopt(&name, &bob);
  assert_string_equal(said_name_choose(&name, &own)->text, "bob");
  said_name_adopt(&name, &eve);
  said_name_adopt(&name, &bob);
  assert_ptr_equal(said_name_choose(&name, &own), &own);
}

static void its_own_name_stays(void **state) {
  (void)state;
  const said_name_t bob = named("bob"), eve = named("eve");
  said_name_t name = bob;
  said_name_adopt(&name, &eve);
  assert_string_equal(said_name_choose(&name, &eve)->text, "bob");
}

int main(void) {
  TEST_CASES(reads_what_a_row_says, cases);
  TEST(a_name_is_adopted_if_all_agree);
  TEST(its_own_name_stays);
  return tests_run("said_names");
}
