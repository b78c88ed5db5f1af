/* SPDX-License-Identifier: MIT */
/*
 * The parser, through the whole chain: bytes in pieces of any size, good and bad ones, and each allocation failing in
 * turn.
 */
#include "support/golden.h"

#include <glob.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNKS = 31 };

/* --- real snapshots --- */

static void becomes_the_golden_text(void **state) {
  const char *path = *state;
  char text_path[4096];
  size_t length, expected_length;
  assert_true(strlen(path) < sizeof(text_path) - 1);
  (void)snprintf(text_path, sizeof(text_path), "%.*s.txt", (int)(strlen(path) - strlen(".ndjson")), path);
  char *content = golden_load(path, &length), *expected = golden_load(text_path, &expected_length);
  assert_non_null(content);
  if (expected == NULL)
    fail_msg("%s is missing: run make update-golden", text_path);
  for (size_t chunk = 0; chunk <= CHUNKS; chunk++) {
    failure_t failure = {0};
    buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
    assert_int_equal(golden_print(content, length, chunk, &text, &failure), STATUS_OK);
    assert_same_text(buffer_text(&text), expected);
    buffer_done(&text);
  }
  free(content);
  free(expected);
}

/* One that a worker did not answer for, between two that are whole, costs no stream its sums or its name. */
static void survives_a_stopped_worker(void **state) {
  static const char stopped[] = "-stopped.ndjson";
  const char *path = *state;
  char whole_path[4096];
  size_t length[2];
  (void)snprintf(whole_path, sizeof(whole_path), "%.*s.ndjson", (int)(strlen(path) - strlen(stopped)), path);
  char *content[2] = {golden_load(whole_path, &length[0]), golden_load(path, &length[1])};
  assert_non_null(content[0]);
  assert_non_null(content[1]);
  buffer_t text[2] = {BUFFER_INIT(SNAPSHOT_MAX_BYTES), BUFFER_INIT(SNAPSHOT_MAX_BYTES)};
  for (int i = 0; i < 2; i++) {
    chain_t chain;
    chain_init(&chain);
    assert_int_equal(chain_read_text(&chain, content[0], length[0]), STATUS_OK);
    assert_int_equal(chain_read_text(&chain, content[i], length[i]), STATUS_OK);
    for (int j = 0; j < 2; j++) /* twice: the other worker's processor time has gone back */
      assert_int_equal(chain_read_text(&chain, content[0], length[0]), STATUS_OK);
    chain_print(&chain, &text[i]);
    assert_int_equal(buffer_status(&text[i]), STATUS_OK);
    chain_done(&chain);
  }
  assert_same_text(buffer_text(&text[1]), buffer_text(&text[0]));
  for (int i = 0; i < 2; i++) {
    buffer_done(&text[i]);
    free(content[i]);
  }
}

static void there_are_golden_snapshots(void **state) {
  (void)state;
  fail_msg("there is no snapshot in %s", getenv("GOLDEN") != NULL ? getenv("GOLDEN") : "$GOLDEN, which is not set");
}

static void add_golden(glob_t *matches) {
  char pattern[4096];
  (void)snprintf(pattern, sizeof(pattern), "%s/*.ndjson", getenv("GOLDEN") != NULL ? getenv("GOLDEN") : ".");
  if (glob(pattern, 0, NULL, matches) != 0)
    TEST(there_are_golden_snapshots);
  for (size_t i = 0; i < matches->gl_pathc; i++) {
    tests_add(strrchr(matches->gl_pathv[i], '/') + 1, becomes_the_golden_text, matches->gl_pathv[i]);
    if (strstr(matches->gl_pathv[i], "-stopped.ndjson") != NULL)
      tests_add("a worker that stops", survives_a_stopped_worker, matches->gl_pathv[i]);
  }
}

static void is_the_same_in_pieces_of_any_size(void **state) {
  (void)state;
  char *content = snapshot(sample_rows);
  buffer_t whole = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  failure_t failure = {0};
  assert_int_equal(golden_print(content, strlen(content), 0, &whole, &failure), STATUS_OK);
  for (size_t chunk = 1; chunk <= CHUNKS; chunk++) {
    buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
    assert_int_equal(golden_print(content, strlen(content), chunk, &text, &failure), STATUS_OK);
    assert_same_text(buffer_text(&text), buffer_text(&whole));
    buffer_done(&text);
  }
  buffer_done(&whole);
  free(content);
}

/* --- what is accepted --- */

#define ENDPOINT "{'row':'endpoint','protocol':1}\n"
#define END(counts) "{'row':'end','counts':{'endpoint':1" counts "}}\n"
#define WORKER "{'row':'workers','worker':0,'routers':7}\n"
#define ONE_WORKER END(",'workers':1")

typedef struct {
  const char *name;
  const char *text;
  double routers; /* of worker 0, as it was read; -1: unknown */
} good_case_t;

static const good_case_t good_cases[] = {
    {"as it should be", ENDPOINT WORKER ONE_WORKER, 7},
    {"a carriage return before each newline",
     "{'row':'endpoint','protocol':1}\r\n{'row':'workers','worker':0,'routers':7}\r\n"
     "{'row':'end','counts':{'endpoint':1,'workers':1}}\r\n",
     7},
    {"no newline at the end", ENDPOINT WORKER "{'row':'end','counts':{'endpoint':1,'workers':1}}", 7},
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
     ENDPOINT "{'row':'webrtc_servers','id':1}\n" WORKER "{'row':'later'}\n" END(",'workers':1,'webrtc_servers':1"), 7},
    {"counts of classes that did not come", ENDPOINT WORKER END(",'workers':1,'usage':0,'consumers':0"), 7},
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

#define PRODUCER(members)                                                                                              \
  ENDPOINT WORKER ROUTER TRANSPORT "{'row':'producers','producerId':'p','transportId':'t'," members "}\n"
#define ROUTER "{'row':'routers','routerId':'r','worker':0}\n"
#define TRANSPORT "{'row':'transports','transportId':'t','routerId':'r'}\n"

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
    {"a counter below 0", PRODUCER("'stats':{'byteCount':-1}"), STATUS_PROTOCOL,
     "row 5: byteCount is not a number from 0 to 2^63"},
    {"a counter beyond 63 bits", PRODUCER("'stats':{'byteCount':9300000000000000000}"), STATUS_PROTOCOL,
     "row 5: byteCount is not a number from 0 to 2^63"},
    {"a counter that is a text", PRODUCER("'stats':{'byteCount':'1'}"), STATUS_PROTOCOL,
     "row 5: byteCount is not a number"},
    {"a gauge that is an object", PRODUCER("'stats':{'jitter':{}}"), STATUS_PROTOCOL, "row 5: jitter is not a number"},
    {"a gauge that is true", PRODUCER("'stats':{'score':true}"), STATUS_PROTOCOL, "row 5: score is not a number"},
    {"appData that is an array", PRODUCER("'appData':[]"), STATUS_PROTOCOL, "row 5: appData is not an object"},
    {"appData that is a text", PRODUCER("'appData':'{}'"), STATUS_PROTOCOL, "row 5: appData is not an object"},

    {"no class", ENDPOINT "{'worker':0}\n", STATUS_PROTOCOL,
     "row 2: its member \"row\", which names its class, is missing"},
    {"a class that is a number", ENDPOINT "{'row':1}\n", STATUS_PROTOCOL,
     "row 2: its member \"row\", which names its class, is missing"},
    {"the endpoint is not the first", WORKER ENDPOINT, STATUS_PROTOCOL, "row 1: it comes before the endpoint row"},
    {"the endpoint is not the only one", ENDPOINT ENDPOINT, STATUS_PROTOCOL, "row 2: it is a second endpoint row"},
    {"only an end", END(""), STATUS_PROTOCOL, "row 1: it comes before the endpoint row"},
    {"another version", "{'row':'endpoint','protocol':2}\n", STATUS_VERSION,
     "row 1: the endpoint speaks version 2 of the protocol, this plugin speaks version 1"},
    {"no version", "{'row':'endpoint'}\n", STATUS_PROTOCOL, "row 1: protocol is missing"},
    {"a version that is a text", "{'row':'endpoint','protocol':'1'}\n", STATUS_PROTOCOL, "row 1: protocol is missing"},
    {"a version between two", "{'row':'endpoint','protocol':1.5}\n", STATUS_PROTOCOL, "row 1: protocol is missing"},

    {"no id", ENDPOINT "{'row':'workers'}\n", STATUS_PROTOCOL, "row 2: worker is missing"},
    {"an id that is an object", ENDPOINT "{'row':'workers','worker':{}}\n", STATUS_PROTOCOL,
     "row 2: worker is missing"},
    {"an id below", ENDPOINT "{'row':'workers','stats':{'worker':0}}\n", STATUS_PROTOCOL, "row 2: worker is missing"},
    {"an empty id", ENDPOINT "{'row':'workers','worker':''}\n", STATUS_PROTOCOL,
     "row 2: worker is not a text of 1 to 128 bytes"},
    {"an id with a NUL", ENDPOINT "{'row':'workers','worker':'a\\u0000b'}\n", STATUS_PROTOCOL,
     "row 2: worker is not a text of 1 to 128 bytes"},
    {"no parent's id", ENDPOINT "{'row':'routers','routerId':'r'}\n", STATUS_PROTOCOL, "row 2: worker is missing"},
    {"no such parent", ENDPOINT "{'row':'routers','routerId':'r','worker':5}\n", STATUS_PROTOCOL,
     "row 2: its parent, worker 5, has no row before it"},
    {"the parent comes later", ENDPOINT ROUTER WORKER, STATUS_PROTOCOL,
     "row 2: its parent, worker 0, has no row before it"},
    {"an id twice", ENDPOINT WORKER WORKER, STATUS_PROTOCOL, "row 3: worker 0 is in this snapshot twice"},
    {"a stream twice",
     ENDPOINT WORKER ROUTER TRANSPORT
     "{'row':'producers','producerId':'p','transportId':'t','encodings':2,'stats':{'rid':'h'}}\n"
     "{'row':'producers','producerId':'p','transportId':'t','encodings':2,'stats':{'rid':'h'}}\n",
     STATUS_PROTOCOL, "row 6: producerId p h is in this snapshot twice"},

    {"more rows than counted", ENDPOINT WORKER END(""), STATUS_INCOMPLETE,
     "row 3: the end row counts 0 rows of workers, but 1 came"},
    {"fewer rows than counted", ENDPOINT END(",'usage':2"), STATUS_INCOMPLETE,
     "row 2: the end row counts 2 rows of usage, but 0 came"},
    {"the endpoint not counted", ENDPOINT "{'row':'end'}\n", STATUS_INCOMPLETE,
     "row 2: the end row counts 0 rows of endpoint, but 1 came"},
    {"a count that is none", ENDPOINT END(",'usage':-1"), STATUS_PROTOCOL, "row 2: counts.usage is not a count"},
    {"a count that is a text", ENDPOINT END(",'usage':'0'"), STATUS_PROTOCOL, "row 2: counts.usage is not a count"},
    {"a row after the end", ENDPOINT END("") WORKER, STATUS_PROTOCOL, "row 3: it comes after the end row"},
    {"an end after the end", ENDPOINT END("") END(""), STATUS_PROTOCOL, "row 3: it comes after the end row"},
};

static void assert_refused(chain_t *chain, const char *text, size_t length, status_t status, const char *cause) {
  assert_int_equal(chain_read_text(chain, text, length), status);
  assert_int_equal(chain->failure.status, status);
  if (strstr(chain->failure.cause, cause) == NULL)
    fail_msg("\"%s\" instead of \"%s\"", chain->failure.cause, cause);
  assert_value(chain, "endpoint", "up", 0);
}

static void refuses(void **state) {
  const bad_case_t *one = *state;
  char *text = json(one->text);
  for (size_t chunk = 0; chunk <= CHUNKS; chunk++) {
    chain_t chain;
    chain_init(&chain);
    chain.chunk = chunk;
    assert_refused(&chain, text, strlen(text), one->status, one->cause);
    chain_read(&chain, sample_rows); /* and the next one is read as if nothing had been */
    assert_value(&chain, "endpoint", "up", 1);
    chain_done(&chain);
  }
  free(text);
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
    if (one->status != STATUS_OK)
      assert_refused(&chain, text, strlen(text), one->status, one->cause);
    else
      assert_int_equal(chain_read_text(&chain, text, strlen(text)), STATUS_OK);
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

/* --- rows --- */

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

static void add_member(row_t *row, place_t place, const char *key, member_t member) {
  row_add(row, place, key, strlen(key));
  assert_int_equal(row_status(row), STATUS_OK);
  member_t *added = row_last(row);
  member.place = added->place;
  member.key = added->key;
  *added = member;
}

static void looks_up_members(void **state) {
  (void)state;
  static row_t row;
  row_init(&row);
  buffer_append(&row.text, "1\000-2\0x\0", 7);
  add_member(&row, IN_ROW, "a", (member_t){.type = MEMBER_NUMBER, .value = 0, .value_length = 1, .number = 1});
  add_member(&row, IN_STATS, "a", (member_t){.type = MEMBER_NUMBER, .value = 2, .value_length = 2, .number = -2});
  add_member(&row, IN_ROW, "b", (member_t){.type = MEMBER_TEXT, .value = 5, .value_length = 1});
  size_t hint = 0;
  uint64_t count = 7;
  assert_ptr_equal(row_find(&row, IN_STATS, "a", &hint), &row.members[1]);
  assert_int_equal(hint, 2);
  assert_ptr_equal(row_find(&row, IN_ROW, "a", &hint), &row.members[0]); /* round the corner */
  assert_int_equal(hint, 1);
  hint = 99;
  assert_ptr_equal(row_find(&row, IN_ROW, "b", &hint), &row.members[2]);
  assert_null(row_find(&row, IN_COUNTS, "a", NULL));
  assert_null(row_find(&row, IN_ROW, "ab", NULL));
  assert_null(row_find(&row, IN_ROW, "", NULL));
  assert_null(row_find_text(&row, IN_ROW, "a"));
  assert_string_equal(row_find_text(&row, IN_ROW, "b"), "x");
  assert_int_equal(row_find_count(&row, IN_STATS, "a", &count), STATUS_PROTOCOL);
  assert_int_equal(row_find_count(&row, IN_ROW, "b", &count), STATUS_PROTOCOL);
  assert_int_equal(row_find_count(&row, IN_ROW, "c", &count), STATUS_PROTOCOL);
  assert_int_equal(count, 7);
  assert_int_equal(row_find_count(&row, IN_ROW, "a", &count), STATUS_OK);
  assert_int_equal(count, 1);
  row_done(&row);
}

/* --- without memory --- */

/* Reads the snapshot twice, as the plugin would: what cannot be had the first time is had the next. */
static status_t read_twice(chain_t *chain, const char *text) {
  status_t first = chain_read_text(chain, text, strlen(text));
  assert_true(first == STATUS_OK || first == STATUS_NO_MEMORY);
  status_t second = chain_read_text(chain, text, strlen(text));
  assert_true(second == STATUS_OK || second == STATUS_NO_MEMORY);
  return first != STATUS_OK ? first : second;
}

static void assert_whole(chain_t *chain, const char *text, const char *expected) {
  buffer_t printed = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  assert_int_equal(chain_read_text(chain, text, strlen(text)), STATUS_OK);
  chain_print(chain, &printed);
  assert_int_equal(buffer_status(&printed), STATUS_OK);
  assert_same_text(buffer_text(&printed), expected);
  buffer_done(&printed);
}

/* Whether the allocation of this number was still needed. */
static bool survives_failure_of(unsigned long number, const char *text, const char *expected) {
  chain_t chain;
  long before = allocations_live();
  allocations_fail_at(number);
  status_t status = chain_init_with(&chain, ALL_CLASSES, OBJECTS_MAX, NULL);
  if (status == STATUS_OK)
    status = read_twice(&chain, text);
  bool failed = allocations_failed();
  allocations_fail_at(0);
  assert_int_equal(status, failed ? STATUS_NO_MEMORY : STATUS_OK);
  if (chain.model != NULL)
    assert_whole(&chain, text, expected);
  chain_done(&chain);
  assert_int_equal(allocations_live(), before);
  return failed;
}

static char *print_after_three(const char *text) {
  chain_t chain;
  buffer_t printed = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  assert_int_equal(chain_init_with(&chain, ALL_CLASSES, OBJECTS_MAX, NULL), STATUS_OK);
  assert_int_equal(read_twice(&chain, text), STATUS_OK);
  assert_int_equal(chain_read_text(&chain, text, strlen(text)), STATUS_OK);
  chain_print(&chain, &printed);
  assert_int_equal(buffer_status(&printed), STATUS_OK);
  chain_done(&chain);
  return printed.data;
}

static void survives_each_allocation_failing(void **state) {
  (void)state;
  unsigned long number = 1;
  char *text = snapshot(sample_rows), *expected = print_after_three(text);
  while (survives_failure_of(number, text, expected))
    number++;
  assert_true(number > 100);
  free(text);
  free(expected);
}

/* Enough objects for the table that finds them to grow. */
static void survives_the_table_not_growing(void **state) {
  (void)state;
  buffer_t rows = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  for (int i = 0; i < 400; i++) {
    char row[64];
    (void)snprintf(row, sizeof(row), "{'row':'usage','pid':%d}\n", i);
    buffer_append_text(&rows, row);
  }
  assert_int_equal(buffer_status(&rows), STATUS_OK);
  char *text = snapshot(buffer_text(&rows)), *expected = print_after_three(text);
  unsigned long number = 1;
  while (survives_failure_of(number, text, expected))
    number += number < 1000 ? 7 : 1; /* they grow at some point; every one is tried in the test above */
  free(text);
  free(expected);
  buffer_done(&rows);
}

int main(void) {
  glob_t golden = {0};
  add_golden(&golden);
  TEST(is_the_same_in_pieces_of_any_size);
  TEST_CASES(accepts, good_cases);
  TEST_CASES(refuses, bad_cases);
  TEST_CASES(is_bounded, bound_cases);
  TEST(takes_the_widest_row);
  TEST(reads_numbers_in_any_locale);
  TEST(begin_forgets_what_was_under_way);
  TEST(looks_up_members);
  TEST(survives_each_allocation_failing);
  TEST(survives_the_table_not_growing);
  int failed = tests_run("parse");
  globfree(&golden);
  return failed;
}
