/* SPDX-License-Identifier: MIT */
/* The parser: bytes in pieces of any size become rows, within bounds, or are refused. */
#include "support/chain.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* --- what is accepted --- */

#define ENDPOINT "{'row':'endpoint','protocol':1}\n"
#define END(counts) "{'row':'end','counts':{'endpoint':1" counts "}}\n"
#define BUSY_WORKER "{'row':'workers','worker':0,'routers':7}\n"
#define ONE_WORKER END(",'workers':1")

typedef struct {
  const char *name;
  const char *text;
  double routers; /* of worker 0, as it was read; -1: unknown */
} good_case_t;

static const good_case_t good_cases[] = {
    {"as it should be", ENDPOINT BUSY_WORKER ONE_WORKER, 7},
    {"a carriage return before each newline",
     "{'row':'endpoint','protocol':1}\r\n{'row':'workers','worker':0,'routers':7}\r\n"
     "{'row':'end','counts':{'endpoint':1,'workers':1}}\r\n",
     7},
    {"no newline at the end", ENDPOINT BUSY_WORKER "{'row':'end','counts':{'endpoint':1,'workers':1}}", 7},
    {"blank lines and spaces", "\n \n" ENDPOINT "\t{ 'row' : 'workers' ,\t'worker' : 0, 'routers':7 } \n\n" ONE_WORKER,
     7},
    {"members in another order",
     "{'protocol':1,'row':'endpoint'}\n{'routers':7,'worker':0,'row':'workers'}\n" ONE_WORKER, 7},
    {"members nobody knows",
     ENDPOINT "{'a':[{'b':[1,2,{}]},null,true,'x'],'row':'workers','c':{'routers':9},'worker':0,'routers':7,'d':1e3,"
              "'stats':{'new':[1],'newer':{'worker':3}}}\n" ONE_WORKER,
     7},
    {"null is as good as nothing",
     "{'row':'endpoint','protocol':1,'pid':null}\n"
     "{'row':'workers','worker':0,'routers':null,'stats':{'ru_utime':null},'appData':null,'error':null}\n" ONE_WORKER,
     -1},
    {"null statistics", ENDPOINT "{'row':'workers','worker':0,'routers':7,'stats':null}\n" ONE_WORKER, 7},
    {"rows of a class nobody knows",
     ENDPOINT "{'row':'webrtc_servers','id':1}\n" BUSY_WORKER
              "{'row':'later'}\n" END(",'workers':1,'webrtc_servers':1"),
     7},
    {"counts of classes that did not come", ENDPOINT BUSY_WORKER END(",'workers':1,'usage':0,'consumers':0"), 7},
    {"an array at the end", ENDPOINT BUSY_WORKER "{'row':'end','counts':{'endpoint':1,'workers':1},'more':[1]}\n", 7},
    {"a number in another form", ENDPOINT "{'row':'workers','worker':0,'routers':0.7E+1}\n" ONE_WORKER, 7},
    {"an id that is a text", ENDPOINT "{'row':'workers','worker':'0','routers':7}\n" ONE_WORKER, 7},
};

static void accepts(void **state) {
  const good_case_t *one = *state;
  char *text = json(one->text);
  for (size_t chunk = 0; chunk <= CHUNKS; chunk++) {
    chain_t chain;
    chain_init(&chain);
    chain.chunk = chunk;
    status_t status = chain_read_text(&chain, text, strlen(text));
    assert_string_equal(chain.failure.cause, "");
    assert_int_equal(status, STATUS_OK);
    if (one->routers < 0)
      assert_unknown(&chain, "workers 0", "routers");
    else
      assert_value(&chain, "workers 0", "routers", one->routers);
    chain_done(&chain);
  }
  free(text);
}

/* --- what is refused --- */

typedef struct {
  const char *name;
  const char *text;
  status_t status;
  const char *cause; /* part of it */
} bad_case_t;

static const bad_case_t bad_cases[] = {
    {"nothing", "", STATUS_INCOMPLETE, "the snapshot has no end row"},
    {"only a newline", "\n", STATUS_INCOMPLETE, "the snapshot has no end row"},
    {"no end row", ENDPOINT WORKER, STATUS_INCOMPLETE, "the snapshot has no end row"},
    {"cut within a row", ENDPOINT "{'row':'workers','wor", STATUS_CLOSED, "the answer ends within row 2"},
    {"cut within a number", ENDPOINT "{'row':'workers','worker':1", STATUS_CLOSED, "the answer ends within row 2"},
    {"cut after a brace", "{", STATUS_CLOSED, "the answer ends within row 1"},
    {"cut within an array", ENDPOINT WORKER "{'a':[1,2", STATUS_CLOSED, "the answer ends within row 3"},

    {"no JSON", "hello\n", STATUS_SYNTAX, "row 1: "},
    {"an HTML page", ENDPOINT "<html>\n", STATUS_SYNTAX, "row 2: "},
    {"a byte order mark", "\xef\xbb\xbf" ENDPOINT, STATUS_SYNTAX, "row 1: "},
    {"NaN", ENDPOINT "{'row':'workers','worker':NaN}\n", STATUS_SYNTAX, "row 2: "},
    {"a comma too many", ENDPOINT "{'row':'workers',}\n", STATUS_SYNTAX, "row 2: "},
    {"a brace too many", ENDPOINT WORKER "}\n", STATUS_SYNTAX, "row 3: "},
    {"a bracket for a brace", ENDPOINT "{'a':1]\n", STATUS_SYNTAX, "row 2: "},
    {"a newline in a string", ENDPOINT "{'row':'wor\nkers'}\n", STATUS_SYNTAX, "row 2: "},
    {"a comment", ENDPOINT "/* */\n", STATUS_SYNTAX, "row 2: "},
    {"an escape that is none", ENDPOINT "{'row':'\\x'}\n", STATUS_SYNTAX, "row 2: "},

    {"an array", "[]\n", STATUS_PROTOCOL, "row 1: it is not a JSON object"},
    {"a number", ENDPOINT "1\n", STATUS_PROTOCOL, "row 2: it is not a JSON object"},
    {"a number after an array", ENDPOINT "{'row':'later','a':[1]}1\n", STATUS_PROTOCOL,
     "row 2: it is not a JSON object"},
    {"a text", ENDPOINT "'a'\n", STATUS_PROTOCOL, "row 2: it is not a JSON object"},
    {"true", ENDPOINT "true\n", STATUS_PROTOCOL, "row 2: it is not a JSON object"},
    {"null", ENDPOINT "null\n", STATUS_PROTOCOL, "row 2: it is not a JSON object"},

    {"UTF-8: a byte alone in a text", ENDPOINT "{'row':'\xff'}\n", STATUS_SYNTAX, "row 2: "},
    {"UTF-8: a character cut by the quote", ENDPOINT "{'row':'\xe2\x82'}\n", STATUS_SYNTAX, "row 2: "},
    {"UTF-8: a character cut in a key", ENDPOINT "{'\xc3':1}\n", STATUS_SYNTAX, "row 2: "},
    {"UTF-8: overlong in a text", ENDPOINT "{'row':'\xc0\x80'}\n", STATUS_SYNTAX,
     "row 2: it has text that is not UTF-8"},
    {"UTF-8: overlong in a key", ENDPOINT "{'\xe0\x80\x80':1}\n", STATUS_SYNTAX,
     "row 2: it has text that is not UTF-8"},
    {"UTF-8: overlong in appData", ENDPOINT "{'appData':{'a':'\xc1\x80'}}\n", STATUS_SYNTAX,
     "row 2: it has text that is not UTF-8"},
    {"UTF-8: overlong in appData's key", ENDPOINT "{'appData':{'\xc1\x80':1}}\n", STATUS_SYNTAX,
     "row 2: it has text that is not UTF-8"},
    {"UTF-8: a surrogate", ENDPOINT "{'row':'\xed\xa0\x80'}\n", STATUS_SYNTAX, "row 2: it has text that is not UTF-8"},
    {"UTF-8: beyond Unicode", ENDPOINT "{'row':'\xf4\x90\x80\x80'}\n", STATUS_SYNTAX,
     "row 2: it has text that is not UTF-8"},

    {"a number beyond all numbers", ENDPOINT "{'row':'workers','worker':0,'x':1e999}\n", STATUS_PROTOCOL,
     "row 2: it has a number that is out of range"},
    {"the same below", ENDPOINT "{'row':'workers','worker':0,'stats':{'x':-1e999}}\n", STATUS_PROTOCOL,
     "row 2: it has a number that is out of range"},
};

static void refuses(void **state) {
  const bad_case_t *one = *state;
  assert_refused(one->text, one->status, one->cause);
}

/* --- bounds --- */

/* A snapshot whose second row is `before`, then `piece` as often as it takes, then `after`. */
static char *row_of(const char *before, const char *piece, size_t times, const char *after) {
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  buffer_append_text(&text, ENDPOINT);
  buffer_append_text(&text, before);
  for (size_t i = 0; i < times; i++)
    buffer_append_text(&text, piece);
  buffer_append_text(&text, after);
  assert_int_equal(buffer_status(&text), STATUS_OK);
  char *result = json(buffer_text(&text));
  buffer_done(&text);
  return result;
}

typedef struct {
  const char *name;
  const char *before, *piece;
  size_t times;
  const char *after;
  status_t status;
  const char *cause;
} bound_case_t;

#define LONG_ROW "{'row':'workers','worker':0,'x':'"
enum { LONG_ROW_REST = ROW_MAX_BYTES - (int)(sizeof(LONG_ROW "'}\n") - 1) };

static const bound_case_t bound_cases[] = {
    {"32 levels", "{'row':'workers','worker':0,'x':", "[", 31, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}\n" ONE_WORKER,
     STATUS_OK, ""},
    {"33 levels", "{'row':'workers','worker':0,'x':", "[", 32, "", STATUS_TOO_LARGE, "row 2: it is nested too deep"},
    {"33 levels of objects", "{'row':'workers','worker':0,'x':", "{'a':", 32, "", STATUS_TOO_LARGE,
     "row 2: it is nested too deep"},
    {"33 levels in statistics", "{'row':'workers','worker':0,'stats':{'x':", "[", 31, "", STATUS_TOO_LARGE,
     "row 2: it is nested too deep"},
    {"10,000 levels", "{'row':'workers','worker':0,'x':", "[", 10000, "", STATUS_TOO_LARGE,
     "row 2: it is nested too deep"},
    {"10,000 levels from the start", "", "[", 10000, "", STATUS_PROTOCOL, "row 2: it is not a JSON object"},
    {"a row of just 256 KiB", LONG_ROW, "x", LONG_ROW_REST, "'}\n" ONE_WORKER, STATUS_OK, ""},
    {"a row of a byte more", LONG_ROW, "x", LONG_ROW_REST + 1, "'}\n" ONE_WORKER, STATUS_TOO_LARGE,
     "row 2: it is longer than 262144 bytes"},
    {"a row without an end", LONG_ROW, "x", 1000000, "", STATUS_TOO_LARGE, "row 2: it is longer than 262144 bytes"},
    {"spaces without an end", "", " ", 1000000, "", STATUS_TOO_LARGE, "row 2: it is longer than 262144 bytes"},
    {"a row over many lines", "{'row':'workers','worker':0,'x':[0", ",1\n", 1000000, "", STATUS_TOO_LARGE,
     ": its text is too long"},
    {"128 members", "{'row':'workers','worker':0", ",'x':1", 126, "}\n" ONE_WORKER, STATUS_OK, ""},
    {"129 members", "{'row':'workers','worker':0", ",'x':1", 127, "}\n" ONE_WORKER, STATUS_TOO_LARGE,
     "row 2: it has too many members"},
    {"129 members in statistics", "{'row':'workers','worker':0,'stats':{'y':1", ",'x':1", 126, "}}\n" ONE_WORKER,
     STATUS_TOO_LARGE, "row 2: it has too many members"},
    {"an id of 128 bytes", "{'row':'workers','worker':'", "x", 128, "'}\n" ONE_WORKER, STATUS_OK, ""},
    {"an id of 129 bytes", "{'row':'workers','worker':'", "x", 129, "'}\n" ONE_WORKER, STATUS_PROTOCOL,
     "row 2: worker is not a text of 1 to 128 bytes"},
    {"an id of many digits", "{'row':'workers','worker':1", "0", 128, "}\n" ONE_WORKER, STATUS_PROTOCOL,
     "row 2: worker is not a text of 1 to 128 bytes"},
};

static void is_bounded(void **state) {
  const bound_case_t *one = *state;
  static const size_t chunks[] = {0, 997, 4096}; /* yajl reads an unfinished string anew with each piece */
  char *text = row_of(one->before, one->piece, one->times, one->after);
  for (size_t i = 0; i < LENGTH(chunks); i++) {
    chain_t chain;
    chain_init(&chain);
    chain.chunk = chunks[i];
    chain_read_as(&chain, text, one->status);
    if (strstr(chain.failure.cause, one->cause) == NULL)
      fail_msg("\"%s\" instead of \"%s\"", chain.failure.cause, one->cause);
    assert_value(&chain, "endpoint", "up", one->status == STATUS_OK ? 1 : 0);
    chain_done(&chain);
  }
  free(text);
}

/* Text of six times its bytes, the most that a row can become. */
static void takes_the_widest_row(void **state) {
  (void)state;
  chain_t chain;
  chain_init(&chain);
  char *text = row_of("{'row':'workers','worker':0,'appData':{'x':'", "\x7f", ROW_MAX_BYTES - 50, "'}}\n" ONE_WORKER);
  assert_int_equal(chain_read_text(&chain, text, strlen(text)), STATUS_OK);
  assert_int_equal(strlen(chain_find(&chain, "workers 0")->app_data->json),
                   6 * (ROW_MAX_BYTES - 50) + strlen("{'x':''}"));
  assert_int_equal(strlen(chain_find(&chain, "workers 0")->plugin_instance), IDENTIFIER_MAX);
  free(text);
  chain_done(&chain);
}

/* A host process may have set a locale whose numbers have commas. */
static void reads_numbers_in_any_locale(void **state) {
  (void)state;
  static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "C"};
  chain_t chain;
  for (size_t i = 0; i < LENGTH(locales); i++)
    if (setlocale(LC_ALL, locales[i]) != NULL)
      break;
  chain_init(&chain);
  chain_read(&chain, "{'row':'usage','pid':1,'cpu':12.75}\n");
  (void)setlocale(LC_ALL, "C");
  assert_value(&chain, "usage 1", "cpu", 12.75);
  chain_done(&chain);
}

/* --- its life --- */

static status_t ignore(void *context, const row_t *row, failure_t *failure) {
  (void)row;
  (void)failure;
  ++*(int *)context;
  return STATUS_OK;
}

static void begin_forgets_what_was_under_way(void **state) {
  (void)state;
  int rows = 0;
  parser_t *parser = parser_new(ignore, &rows);
  static const char *const halves[] = {"{\"a\":{\"b\":[1,\"", "{\"a\":", "{\"stats\":{\"b\"", "{", "[1", "}"};
  for (size_t i = 0; i < LENGTH(halves); i++) {
    failure_t failure = {0};
    assert_int_equal(parser_begin(parser, &failure), STATUS_OK);
    (void)!parser_feed(parser, halves[i], strlen(halves[i]), &failure);
    rows = 0;
    assert_int_equal(parser_begin(parser, &failure), STATUS_OK);
    assert_int_equal(parser_feed(parser, "{\"a\":1}{\"a\":2}\n", 15, &failure), STATUS_OK);
    assert_int_equal(parser_end(parser, &failure), STATUS_OK);
    assert_int_equal(rows, 2);
  }
  parser_free(parser);
  parser_free(NULL);
}

/* A receiver of rows that fails ends the snapshot; the row's number comes before its cause. */
static status_t refuse_second(void *context, const row_t *row, failure_t *failure) {
  (void)row;
  return ++*(int *)context < 2 ? STATUS_OK : failure_set(failure, STATUS_VERSION, "enough");
}

static void a_receiver_may_refuse(void **state) {
  (void)state;
  int rows = 0;
  failure_t failure = {0};
  parser_t *parser = parser_new(refuse_second, &rows);
  assert_int_equal(parser_begin(parser, &failure), STATUS_OK);
  assert_int_equal(parser_feed(parser, "{}\n{}\n{}\n", 9, &failure), STATUS_VERSION);
  assert_int_equal(failure.status, STATUS_VERSION);
  assert_string_equal(failure.cause, "row 2: enough");
  assert_int_equal(rows, 2);
  parser_free(parser);
}

static void fails_without_memory(void **state) {
  (void)state;
  long before = allocations_live();
  allocations_fail_at(1);
  assert_null(parser_new(ignore, NULL));
  assert_true(allocations_failed());
  allocations_fail_at(0);
  assert_int_equal(allocations_live(), before);
}

int main(void) {
  TEST_CASES(accepts, good_cases);
  TEST_CASES(refuses, bad_cases);
  TEST_CASES(is_bounded, bound_cases);
  TEST(takes_the_widest_row);
  TEST(reads_numbers_in_any_locale);
  TEST(begin_forgets_what_was_under_way);
  TEST(a_receiver_may_refuse);
  TEST(fails_without_memory);
  return tests_run("parse");
}
