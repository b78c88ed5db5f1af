/* SPDX-License-Identifier: MIT */
#include "number.h"

#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* Whole numbers up to here are exact in a double. */
static const double whole_maximum = 9007199254740992.0;

/* A number with at most so many decimals, below the maximum and not tiny, is written without printf: printf takes half
 * a microsecond, and a view has many thousands of numbers. */
enum { DECIMALS = 6 };
static const double millionths = 1e6, millions_maximum = 1e9, least_decimal = 1e-4;

/* Writes the digits of `value`, at least `count` of them, so that they end before `end`; returns the first. */
static char *write_digits(char *end, uint64_t value, int count) {
  for (; value > 0 || count > 0; value /= 10, count--)
    *--end = (char)('0' + value % 10);
  return end;
}

void number_append_whole(buffer_t *text, int64_t value) {
  char digits[24], *end = digits + sizeof(digits);
  char *at = write_digits(end, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 1);
  if (value < 0)
    *--at = '-';
  buffer_append(text, at, (size_t)(end - at));
}

/* `parts` millionths, not a whole number of millions. */
static void append_decimals(buffer_t *text, uint64_t parts, bool is_negative) {
  char digits[32], *end = digits + sizeof(digits);
  char *at = write_digits(end, parts % 1000000, DECIMALS);
  *--at = '.';
  at = write_digits(at, parts / 1000000, 1);
  if (is_negative)
    *--at = '-';
  while (end[-1] == '0')
    end--;
  buffer_append(text, at, (size_t)(end - at));
}

/* No memory is taken for the C locale. NULL where there is none all the same: then the process's own must do. */
static locale_t c_locale(void) { return newlocale(LC_ALL_MASK, "C", (locale_t)0); }

static void free_locale(locale_t locale) {
  if (locale != (locale_t)0)
    freelocale(locale);
}

double number_read(const char *text, char **end) {
  locale_t locale = c_locale();
  double value = locale != (locale_t)0 ? strtod_l(text, end, locale) : strtod(text, end);
  free_locale(locale);
  return value;
}

static void append_printed(buffer_t *text, double value) {
  char digits[40];
  locale_t locale = c_locale(), before = uselocale(locale); /* of this thread */
  (void)snprintf(digits, sizeof(digits), "%.15g", value);
  if (strtod(digits, NULL) != value)
    (void)snprintf(digits, sizeof(digits), "%.17g", value);
  (void)uselocale(before);
  free_locale(locale);
  buffer_append_text(text, digits);
}

void number_append_double(buffer_t *text, double value) {
  double size = fabs(value);
  uint64_t parts = size < millions_maximum ? (uint64_t)(size * millionths + 0.5) : 0;
  if (size < whole_maximum && value == (double)(int64_t)value)
    number_append_whole(text, (int64_t)value);
  else if (size >= least_decimal && (double)parts / millionths == size)
    append_decimals(text, parts, value < 0);
  else
    append_printed(text, value);
}
