/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* --- tests --- */

enum { TESTS_MAX = 256 };

static struct CMUnitTest tests[TESTS_MAX];
static size_t tests_length;

void tests_add(const char *name, CMUnitTestFunction test, const void *state) {
  if (tests_length == TESTS_MAX)
    abort();
  tests[tests_length++] =
      (struct CMUnitTest){.name = name, .test_func = test, .initial_state = (void *)(uintptr_t)state};
}

void tests_add_cases(CMUnitTestFunction test, const void *cases, size_t size, size_t length) {
  for (size_t i = 0; i < length; i++) {
    const void *one = (const char *)cases + i * size;
    tests_add(*(const char *const *)one, test, one);
  }
}

int tests_run(const char *module) { return _cmocka_run_group_tests(module, tests, tests_length, NULL, NULL); }

/* --- allocations: the linker puts these in the place of the C library's (--wrap) --- */

/* Some tests have several threads. */
static atomic_ulong countdown;
static atomic_bool failed;
static atomic_long live;
static atomic_size_t live_bytes;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t length);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);
void __wrap_free(void *block);

static bool fails(void) {
  unsigned long left = atomic_load(&countdown);
  if (left == 0)
    return false;
  if (left > 1) {
    atomic_store(&countdown, left - 1);
    return false;
  }
  atomic_store(&countdown, 0);
  failed = true;
  return true;
}

/* glibc keeps the size of a block before it. */
static size_t size_of(void *block) { return block != NULL ? malloc_usable_size(block) + sizeof(size_t) : 0; }

static void *count(void *block) {
  live += block != NULL ? 1 : 0;
  live_bytes += size_of(block);
  return block;
}

void *__wrap_malloc(size_t size) { return fails() ? NULL : count(__real_malloc(size)); }

void *__wrap_calloc(size_t number, size_t size) { return fails() ? NULL : count(__real_calloc(number, size)); }

void *__wrap_realloc(void *block, size_t size) {
  if (fails())
    return NULL;
  if (block == NULL)
    return count(__real_realloc(NULL, size));
  size_t before = size_of(block);
  void *grown = __real_realloc(block, size);
  live_bytes += grown != NULL ? size_of(grown) - before : 0;
  return grown;
}

char *__wrap_strdup(const char *text) { return fails() ? NULL : count(__real_strdup(text)); }

char *__wrap_strndup(const char *text, size_t length) { return fails() ? NULL : count(__real_strndup(text, length)); }

void __wrap_free(void *block) {
  live -= block != NULL ? 1 : 0;
  live_bytes -= size_of(block);
  __real_free(block);
}

void allocations_fail_at(unsigned long number) {
  countdown = number;
  failed = false;
}

bool allocations_failed(void) { return failed; }

long allocations_live(void) { return live; }

size_t allocations_bytes(void) { return live_bytes; }

unsigned long allocations_fail_in_turn(bool (*fails_at)(unsigned long number)) {
  unsigned long number = 1;
  while (fails_at(number))
    number++;
  return number;
}

char *exact_copy(const char *bytes, size_t length) { return memcpy(__real_malloc(length), bytes, length); }

void exact_copy_free(char *copy) { __real_free(copy); }

/* --- JSON --- */

char *json(const char *text) {
  char *copy = strdup(text);
  for (char *at = copy; (at = strchr(at, '\'')) != NULL;)
    *at = '"';
  return copy;
}
