/* SPDX-License-Identifier: MIT */
/* Bodies: the pieces of a source, in portions of any size; their failure and their end. */
#include "support/support.h"
#include "write_mediasoup/body.h"

#include <string.h>

enum { PIECES = 4 };

/* Gives the texts in turn, then fails where it is told to. */
typedef struct {
  const char *texts[PIECES + 1]; /* NULL after the last */
  size_t next;
  status_t failure; /* of the piece after the last */
  int freed;
  buffer_t piece;
} source_t;

static const buffer_t *next_piece(void *context) {
  source_t *source = context;
  const char *text = source->texts[source->next];
  buffer_clear(&source->piece);
  if (text == NULL && source->failure == STATUS_OK)
    return NULL;
  if (text != NULL)
    buffer_append_text(&source->piece, text);
  else
    buffer_fail(&source->piece, source->failure);
  source->next += text != NULL ? 1 : 0;
  return &source->piece;
}

static void free_source(void *context) {
  source_t *source = context;
  source->freed++;
  buffer_done(&source->piece);
}

static const body_type_t source_type = {.next = next_piece, .free = free_source};

static source_t source_of(const char *const texts[PIECES], status_t failure) {
  source_t source = {.failure = failure, .piece = BUFFER_INIT(100)};
  memcpy(source.texts, texts, PIECES * sizeof(*texts));
  return source;
}

static const char *const texts[PIECES] = {"", "a piece, ", "", "and another"};
static const char whole[] = "a piece, and another";

/* --- pieces of one byte --- */

static const buffer_t *next_byte(void *context) {
  buffer_t *piece = context;
  buffer_clear(piece);
  buffer_append_character(piece, 'x');
  return piece;
}

static void free_byte(void *context) { buffer_done(context); }

static const body_type_t byte_type = {.next = next_byte, .free = free_byte};

/* Other connections have their turn. */
static void makes_few_pieces_at_a_time(void **state) {
  (void)state;
  buffer_t piece = BUFFER_INIT(1);
  static char bytes[100000];
  body_t *body = body_new(&byte_type, &piece, 7);
  for (int i = 0; i < 3; i++) {
    ssize_t read = body_read(body, bytes, sizeof(bytes));
    assert_true(read > 1000 && read < 5000);
  }
  body_free(body);
}

static void is_the_same_in_portions_of_any_size(void **state) {
  (void)state;
  for (size_t size = 1; size <= sizeof(whole); size++) {
    source_t source = source_of(texts, STATUS_OK);
    body_t *body = body_new(&source_type, &source, 7);
    char text[sizeof(whole) + 1] = "";
    size_t length = 0;
    ssize_t read;
    while ((read = body_read(body, text + length, size < sizeof(whole) - length ? size : sizeof(whole) - length)) > 0) {
      assert_true((size_t)read == size || length + (size_t)read == strlen(whole));
      length += (size_t)read;
    }
    text[length] = '\0';
    assert_int_equal(read, 0);
    assert_string_equal(text, whole);
    assert_int_equal(body_read(body, text, size), 0); /* the end stays */
    assert_int_equal(source.freed, 0);
    body_free(body);
    assert_int_equal(source.freed, 1);
  }
}

static void may_be_empty(void **state) {
  (void)state;
  char byte;
  source_t source = source_of((const char *const[PIECES]){"", "", NULL}, STATUS_OK);
  body_t *body = body_new(&source_type, &source, 7);
  assert_int_equal(body_read(body, &byte, 1), 0);
  body_free(body);
}

static void a_failure_stays(void **state) {
  (void)state;
  char text[100];
  source_t source = source_of(texts, STATUS_TOO_LARGE);
  body_t *body = body_new(&source_type, &source, 7);
  assert_int_equal(body_read(body, text, 5), 5);
  assert_int_equal(body_read(body, text, sizeof(text)), -1);
  source.failure = STATUS_OK;
  assert_int_equal(body_read(body, text, sizeof(text)), -1);
  body_free(body);
  assert_int_equal(source.freed, 1);
}

static void has_its_version(void **state) {
  (void)state;
  source_t source = source_of(texts, STATUS_OK);
  body_t *body = body_new(&source_type, &source, UINT64_C(0x123456789abcdef0));
  assert_true(body_version(body) == UINT64_C(0x123456789abcdef0));
  body_free(body);
  body_free(NULL);
}

static void without_memory_the_source_stays_the_callers(void **state) {
  (void)state;
  long before = allocations_live();
  source_t source = source_of(texts, STATUS_OK);
  allocations_fail_at(1);
  assert_null(body_new(&source_type, &source, 7));
  allocations_fail_at(0);
  assert_int_equal(source.freed, 0);
  assert_int_equal(allocations_live(), before);
}

int main(void) {
  TEST(makes_few_pieces_at_a_time);
  TEST(is_the_same_in_portions_of_any_size);
  TEST(may_be_empty);
  TEST(a_failure_stays);
  TEST(has_its_version);
  TEST(without_memory_the_source_stays_the_callers);
  return tests_run("body");
}
