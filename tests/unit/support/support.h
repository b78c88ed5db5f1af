/* SPDX-License-Identifier: MIT */
/*
 * What all unit tests share: tests by name, and an allocator that fails when told to.
 */
#ifndef COLLECTD_MEDIASOUP_SUPPORT_H
#define COLLECTD_MEDIASOUP_SUPPORT_H

#include "common/buffer.h"
#include "common/fields.h"
#include "common/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* --- tests --- */

/* Each test, and each case of a table, is a line of the program's TAP. A case begins with its name. */
void tests_add(const char *name, CMUnitTestFunction test, const void *state);
void tests_add_cases(CMUnitTestFunction test, const void *cases, size_t size, size_t length);
int tests_run(const char *module);

#define TEST(test) tests_add(#test, test, NULL)
#define TEST_CASES(test, cases) tests_add_cases(test, cases, sizeof((cases)[0]), LENGTH(cases))

/* --- allocations --- */

/* These are the allocations of our own code, not those of libraries. The one of this number fails, counted from 1 from
 * now on; 0: none does. */
void allocations_fail_at(unsigned long number);

/* Whether it failed. */
bool allocations_failed(void);

/* Blocks that were not freed. */
long allocations_live(void);

/* The memory of those blocks, with what the allocator takes beside them. */
size_t allocations_bytes(void);

/* Lets the first allocation fail, then the second, and so on, until `fails_at` says that none has: the numbers that
 * `fails_at` was given, so one more than there are allocations. */
unsigned long allocations_fail_in_turn(bool (*fails_at)(unsigned long number));

/* A copy in a block of its own, so that the sanitizer sees who reads beyond its end. It never fails and is not counted.
 */
char *exact_copy(const char *bytes, size_t length);
void exact_copy_free(char *copy);

/* --- JSON --- */

/* `text` with each ' made a ", since C needs no backslash before a '. The caller frees it. */
char *json(const char *text);

#endif
