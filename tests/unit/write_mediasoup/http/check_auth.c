/* SPDX-License-Identifier: MIT */
/* Who may ask: host names on loopback and elsewhere, tokens, users and passwords. */
#include "support/support.h"
#include "write_mediasoup/http/auth.h"

#include <string.h>

/* --- host names --- */

typedef struct {
  const char *name; /* the Host header */
  bool on_loopback; /* whether a server at 127.0.0.2 is meant */
  bool elsewhere;   /* ... and one at 192.0.2.1 */
} host_case_t;

/* Both are also called views.example. */
static const host_case_t host_cases[] = {
    {"localhost", true, true},
    {"LocalHost", true, true},
    {"localhost:4000", true, true},
    {"127.0.0.1", true, true},
    {"[::1]", true, true},
    {"[::1]:4000", true, true},
    {"127.0.0.2", true, true},
    {"127.0.0.2:4000", true, true},
    {"", true, true}, /* HTTP/1.0 has no such header */
    {":4000", false, false},
    {"127.0.0.3", false, true},
    {"127.0.0.22", false, true},
    {"192.0.2.1:4000", false, true},
    {"[2001:db8::1]", false, true},
    {"[2001:db8::1]:4000", false, true},
    {"[2001:db8::1]x", false, false},
    {"[2001:db8::1", false, false},
    {"[192.0.2.1]", false, false},
    {"192.0.2", false, false},
    {"127.0.0.2.evil.example", false, false},
    {"localhost.evil.example", false, false},
    {"evil.example", false, false},
    {"::1", false, false},
    {"views.example", true, true},
    {"VIEWS.example:80", true, true},
    {"views.example.evil.example", false, false},
    {"xviews.example", false, false},
};

static void accepts_host(void **state) {
  const host_case_t *one = *state;
  const hosts_t hosts = {.names = {"other.example", "views.example"}, .length = 2};
  const listener_t loopback = {.is_loopback = true, .host = "127.0.0.2"}, all = {.host = "0.0.0.0"},
                   path = {.host = ""};
  assert_int_equal(auth_accepts_host(&loopback, &hosts, one->name), one->on_loopback);
  assert_int_equal(auth_accepts_host(&all, &hosts, one->name), one->elsewhere);
  assert_true(auth_accepts_host(&path, &hosts, one->name));
  if (strcasestr(one->name, "views.example") == one->name)
    assert_false(auth_accepts_host(&all, &(hosts_t){0}, one->name));
}

/* --- secrets --- */

typedef struct {
  const char *name; /* the Authorization header */
  bool accepted;    /* for the token "a secret" */
} token_case_t;

static const token_case_t token_cases[] = {
    {"Bearer a secret", true},          {"Bearer a secreT", false}, {"Bearer a secre", false},
    {"Bearer a secrets", false},        {"Bearer ", false},         {"Bearer", false},
    {"bearer a secret", true},          {"a secret", false},        {"", false},
    {"Bearer a secreta secret", false}, {"Basic YTpi", false},
};

static void accepts_token(void **state) {
  const token_case_t *one = *state;
  assert_int_equal(auth_accepts_token(&(secrets_t){.token = "a secret"}, one->name), one->accepted);
  assert_false(auth_accepts_token(&(secrets_t){.user = "u", .password = "p"}, one->name));
}

/* Whoever configures it gets it. */
static void an_empty_token_is_one(void **state) {
  (void)state;
  assert_true(auth_accepts_token(&(secrets_t){.token = ""}, "Bearer "));
  assert_false(auth_accepts_token(&(secrets_t){.token = ""}, "Bearer x"));
}

typedef struct {
  const char *name;
  const char *user, *password;
  bool accepted; /* for "collector" and "pass:word" */
} user_case_t;

static const user_case_t user_cases[] = {
    {"both right", "collector", "pass:word", true},
    {"a wrong user", "collectoR", "pass:word", false},
    {"a wrong password", "collector", "pass", false},
    {"no user", NULL, "pass:word", false},
    {"no password", "collector", NULL, false},
    {"neither", NULL, NULL, false},
    {"empty", "", "", false},
};

static void accepts_user(void **state) {
  const user_case_t *one = *state;
  const secrets_t secrets = {.user = "collector", .password = "pass:word"};
  assert_int_equal(auth_accepts_user(&secrets, one->user, one->password), one->accepted);
  assert_false(auth_accepts_user(&(secrets_t){.token = "t"}, one->user, one->password));
  assert_false(auth_accepts_user(&(secrets_t){.user = "collector"}, one->user, one->password));
}

static void knows_whether_there_is_a_secret(void **state) {
  (void)state;
  assert_true(auth_has_secret(&(secrets_t){.token = "t"}));
  assert_true(auth_has_secret(&(secrets_t){.user = "u", .password = "p"}));
  assert_false(auth_has_secret(&(secrets_t){.user = "u"}));
  assert_false(auth_has_secret(&(secrets_t){.password = "p"}));
  assert_false(auth_has_secret(&(secrets_t){0}));
}

int main(void) {
  TEST_CASES(accepts_host, host_cases);
  TEST_CASES(accepts_token, token_cases);
  TEST(an_empty_token_is_one);
  TEST_CASES(accepts_user, user_cases);
  TEST(knows_whether_there_is_a_secret);
  return tests_run("auth");
}
