/* SPDX-License-Identifier: MIT */
/* Compressed bodies: the same bytes again, in portions of any size; failures pass through; and without memory. */
#include "support/support.h"
#include "write_mediasoup/http/gzip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Gives `pieces` pieces of `length` bytes, then ends, or fails. */
typedef struct {
  int pieces;
  size_t length;
  bool fails;
  int freed;
  buffer_t piece;
} source_t;

static char byte_at(size_t i) { return (char)('a' + (i * i >> 4) % 26); }

static const buffer_t *next_piece(void *context) {
  source_t *source = context;
  buffer_clear(&source->piece);
  if (source->pieces == 0) {
    if (source->fails)
      buffer_fail(&source->piece, STATUS_NO_MEMORY);
    return source->fails ? &source->piece : NULL;
  }
  source->pieces--;
  for (size_t i = 0; i < source->length; i++)
    buffer_append_character(&source->piece, byte_at(i));
  return &source->piece;
}

static void free_source(void *context) {
  source_t *source = context;
  source->freed++;
  buffer_done(&source->piece);
}

static const body_type_t source_type = {.next = next_piece, .free = free_source};

/* What the compressed bytes are, for the caller to free. */
static char *inflated(const buffer_t *compressed, size_t expected) {
  char *plain = calloc(1, expected + 2);
  z_stream stream = {.next_in = (unsigned char *)compressed->data,
                     .avail_in = (uInt)compressed->length,
                     .next_out = (unsigned char *)plain,
                     .avail_out = (uInt)(expected + 1)};
  assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK); /* gzip's format only */
  assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
  assert_int_equal(stream.avail_in, 0);
  assert_int_equal(stream.total_out, expected);
  assert_int_equal(inflateEnd(&stream), Z_OK);
  return plain;
}

typedef struct {
  const char *name;
  int pieces;
  size_t length;
  size_t portion;
} read_case_t;

static const read_case_t read_cases[] = {
    {"nothing", 0, 0, 100},
    {"a few bytes", 1, 3, 100},
    {"a byte at a time", 2, 300, 1},
    {"a megabyte in large portions", 100, 10000, 128 * 1024},
    {"a megabyte in small portions", 100, 10000, 1000},
    {"one long piece", 1, 300000, 16 * 1024},
};

static void gives_the_same_bytes(void **state) {
  const read_case_t *one = *state;
  long before = allocations_live();
  source_t source = {.pieces = one->pieces, .length = one->length, .piece = BUFFER_INIT(SNAPSHOT_MAX_BYTES)};
  size_t expected = (size_t)one->pieces * one->length;
  buffer_t compressed = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  body_t *body = gzip_new(body_new(&source_type, &source, 7));
  char *portion = malloc(one->portion);
  ssize_t length;
  assert_true(body_version(body) == 7);
  while ((length = body_read(body, portion, one->portion)) > 0)
    buffer_append(&compressed, portion, (size_t)length);
  assert_int_equal(length, 0);
  char *plain = inflated(&compressed, expected);
  for (size_t i = 0; i < expected; i++)
    if (plain[i] != byte_at(i % one->length))
      fail_msg("byte %zu differs", i);
  body_free(body);
  assert_int_equal(source.freed, 1);
  free(plain);
  free(portion);
  buffer_done(&compressed);
  assert_int_equal(allocations_live(), before);
}

static void a_failure_passes_through(void **state) {
  (void)state;
  char portion[1000];
  ssize_t length;
  source_t source = {.pieces = 3, .length = 1000, .fails = true, .piece = BUFFER_INIT(SNAPSHOT_MAX_BYTES)};
  body_t *body = gzip_new(body_new(&source_type, &source, 7));
  while ((length = body_read(body, portion, sizeof(portion))) > 0)
    continue;
  assert_int_equal(length, -1);
  body_free(body);
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  long before = allocations_live();
  bool failed = true;
  unsigned long number = 0;
  while (failed) {
    char portion[1000];
    ssize_t length = -1;
    source_t source = {.pieces = 1, .length = 100, .piece = BUFFER_INIT(1000)};
    body_t *plain = body_new(&source_type, &source, 7);
    buffer_append_text(&source.piece, "memory of its own, before any is missing");
    allocations_fail_at(++number);
    body_t *body = gzip_new(plain);
    while (body != NULL && (length = body_read(body, portion, sizeof(portion))) > 0)
      continue;
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(length == 0, !failed);
    if (body == NULL)
      assert_int_equal(source.freed, 0); /* the plain body is still the caller's */
    body_free(body != NULL ? body : plain);
    assert_int_equal(source.freed, 1);
    assert_int_equal(allocations_live(), before);
  }
  assert_int_equal(number, 4); /* itself, its body, its piece */
}

int main(void) {
  TEST_CASES(gives_the_same_bytes, read_cases);
  TEST(a_failure_passes_through);
  TEST(bears_each_allocation_that_fails);
  return tests_run("gzip");
}
