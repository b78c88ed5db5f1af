/* SPDX-License-Identifier: MIT */
/*
 * Few gauges are any number. Most are whole, or were whole before they were divided: mediasoup tells losses in 1/256,
 * round trip times in 1/65536 of a second as a float of milliseconds, and jitter in ticks of an RTP clock of 48 or 90
 * kHz. A double that comes from such a number has 52 bits that look like noise, and the number has a few. So a gauge is
 * written as the number that it comes from, where computing it again gives the very same bits.
 */
#include "codec.h"

#include <math.h>
#include <string.h>

/* --- bits, the lowest first --- */

typedef struct {
  unsigned char *bytes;
  size_t at; /* bits */
} writer_t;

static void put(writer_t *writer, uint64_t bits, unsigned length) {
  for (unsigned taken; length > 0; length -= taken) {
    unsigned used = writer->at % 8;
    unsigned char *byte = &writer->bytes[writer->at / 8];
    taken = 8 - used < length ? 8 - used : length;
    unsigned kept = used > 0 ? *byte & ((1U << used) - 1) : 0;
    *byte = (unsigned char)(kept | (unsigned)(bits & ((1U << taken) - 1)) << used);
    bits >>= taken;
    writer->at += taken;
  }
}

typedef struct {
  const unsigned char *bytes;
  size_t at, end; /* bits */
  bool is_short;  /* they ended too early */
} reader_t;

static uint64_t get(reader_t *reader, unsigned length) {
  uint64_t bits = 0;
  reader->is_short = reader->is_short || reader->end - reader->at < length;
  for (unsigned done = 0, taken; done < length && !reader->is_short; done += taken) {
    unsigned used = reader->at % 8;
    taken = 8 - used < length - done ? 8 - used : length - done;
    bits |= (uint64_t)((unsigned)reader->bytes[reader->at / 8] >> used & ((1U << taken) - 1)) << done;
    reader->at += taken;
  }
  return bits;
}

/* --- numbers --- */

static uint64_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof(bits));
  return bits;
}

static double double_of(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

/* -1 is 1, 1 is 2, -2 is 3. Differences wrap around, so they are never out of range. */
static uint64_t fold(uint64_t difference) { return difference << 1 ^ (0 - (difference >> 63)); }

static uint64_t unfold(uint64_t folded) { return folded >> 1 ^ (0 - (folded & 1)); }

static unsigned length_of(uint64_t number) { return number > 0 ? 64 - (unsigned)__builtin_clzll(number) : 0; }

/* --- forms --- */

/* What a gauge comes from. Of several forms that fit the one of the number before it is taken, or the first. Their
 * places are part of what is kept. */
typedef enum { FORM_TICKS_48 = 3, FORM_TICKS_90, FORM_ROUND_TRIP, FORM_ROUND_TRIP_SECONDS, FORM_BITS, FORMS } form_t;

/* The forms before FORM_ROUND_TRIP: a whole number, divided by the first and multiplied by the second. Jitter in
 * milliseconds is made of ticks in this order; in the other its last bit would often be another. */
typedef struct {
  double denominator, factor;
} fraction_t;
static const fraction_t fractions[FORM_ROUND_TRIP] = {
    {1, 1}, {256, 1}, {1000, 1}, [FORM_TICKS_48] = {48000, 1000}, [FORM_TICKS_90] = {90000, 1000}};

static const double milliseconds = 1000, round_trip_unit = 65536;

/* Whole numbers up to here are exact in a double. */
static const double whole_maximum = 9007199254740992.0;

/* The gauge that the number makes. */
static double gauge_of(form_t form, uint64_t number) {
  double whole = (double)(int64_t)number;
  if (form == FORM_BITS)
    return double_of(number);
  if (form < FORM_ROUND_TRIP)
    return whole / fractions[form].denominator * fractions[form].factor;
  double round_trip = (float)(whole * milliseconds / round_trip_unit);
  return form == FORM_ROUND_TRIP ? round_trip : round_trip / milliseconds;
}

/* About the number that makes it. */
static double scaled(form_t form, double gauge) {
  if (form < FORM_ROUND_TRIP)
    return gauge / fractions[form].factor * fractions[form].denominator;
  return form == FORM_ROUND_TRIP ? gauge / milliseconds * round_trip_unit : gauge * round_trip_unit;
}

/* The number that makes the gauge in this form. false where none does: it is 0. */
static bool number_of(form_t form, double gauge, uint64_t *number) {
  double about = form == FORM_BITS ? 0 : scaled(form, gauge);
  *number = 0;
  if (!(fabs(about) < whole_maximum))
    return false;
  *number = form == FORM_BITS ? bits_of(gauge) : (uint64_t)(int64_t)nearbyint(about);
  if (bits_of(gauge_of(form, *number)) == bits_of(gauge))
    return true;
  *number = 0;
  return false;
}

/* FORM_BITS fits every gauge. */
static form_t form_of(double gauge, form_t before) {
  uint64_t number;
  int form = 0;
  if (before != FORM_BITS && number_of(before, gauge, &number))
    return before;
  while (!number_of((form_t)form, gauge, &number))
    form++;
  return (form_t)form;
}

/* --- differences --- */

/* What is learnt of a figure: its form, and how many bits its differences have on average, in sixteenths. */
enum { FORM_LENGTH = 3, LENGTH_LENGTH = 6, SIXTEENTHS = 16, WEIGHT = 3 };

_Static_assert((int)FORMS == 1 << FORM_LENGTH, "a form has its bits");

/* So many ones say that the form and the length follow, and then all bits. */
enum { ONES_MAX = 8 };

static form_t learnt_form(uint16_t learnt) { return (form_t)(learnt & (FORMS - 1)); }

static uint16_t learn(form_t form, unsigned average) { return (uint16_t)(average << FORM_LENGTH | (unsigned)form); }

static unsigned average_of(uint16_t learnt) { return learnt >> FORM_LENGTH; }

/* How many of the bits are the lower ones: one less than there are on average. */
static unsigned lower_of(uint16_t learnt) {
  unsigned average = (average_of(learnt) + SIXTEENTHS / 2) / SIXTEENTHS;
  return average > 1 ? average - 1 : 0;
}

static uint16_t learn_more(uint16_t learnt, uint64_t folded) {
  int average = (int)average_of(learnt), now = (int)(length_of(folded) * SIXTEENTHS);
  return learn(learnt_form(learnt), (unsigned)(average + (now - average) / WEIGHT));
}

static void put_difference(writer_t *writer, uint16_t *learnt, form_t form, uint64_t difference) {
  uint64_t folded = fold(difference);
  unsigned lower = lower_of(*learnt), length = length_of(folded | 1);
  uint64_t ones = folded >> lower;
  if (form == learnt_form(*learnt) && ones < ONES_MAX) {
    put(writer, (UINT64_C(1) << ones) - 1, (unsigned)ones + 1);
    put(writer, folded, lower);
    *learnt = learn_more(*learnt, folded);
    return;
  }
  put(writer, (1U << ONES_MAX) - 1, ONES_MAX);
  put(writer, (uint64_t)form, FORM_LENGTH);
  put(writer, length - 1, LENGTH_LENGTH);
  put(writer, folded, length);
  *learnt = learn(form, length * SIXTEENTHS);
}

/* The form is then what is learnt. */
static uint64_t get_difference(reader_t *reader, uint16_t *learnt) {
  unsigned lower = lower_of(*learnt);
  uint64_t ones = 0;
  while (ones < ONES_MAX && get(reader, 1) == 1)
    ones++;
  if (ones < ONES_MAX) {
    uint64_t folded = ones << lower | get(reader, lower);
    *learnt = learn_more(*learnt, folded);
    return unfold(folded);
  }
  form_t form = (form_t)get(reader, FORM_LENGTH);
  unsigned length = (unsigned)get(reader, LENGTH_LENGTH) + 1;
  *learnt = learn(form, length * SIXTEENTHS);
  return unfold(get(reader, length));
}

/* --- figures --- */

static void put_figure(writer_t *writer, uint16_t *learnt, bool is_counter, store_value_t before, store_value_t value) {
  uint64_t from, to;
  form_t form = is_counter ? learnt_form(*learnt) : form_of(value.gauge, learnt_form(*learnt));
  if (is_counter) {
    put_difference(writer, learnt, form, (uint64_t)value.counter - (uint64_t)before.counter);
    return;
  }
  (void)number_of(form, before.gauge, &from); /* 0 where it is not of this form */
  (void)number_of(form, value.gauge, &to);
  put_difference(writer, learnt, form, to - from);
}

static store_value_t get_figure(reader_t *reader, uint16_t *learnt, bool is_counter, store_value_t before) {
  uint64_t from, difference = get_difference(reader, learnt);
  if (is_counter)
    return (store_value_t){.counter = (int64_t)((uint64_t)before.counter + difference)};
  (void)number_of(learnt_form(*learnt), before.gauge, &from);
  return (store_value_t){.gauge = gauge_of(learnt_form(*learnt), from + difference)};
}

/* --- samples --- */

enum { PLACE_LENGTH = 6 };

_Static_assert(CODEC_FIGURES_MAX == 1 << PLACE_LENGTH, "a place has its bits");

static bool is_in(uint64_t set, size_t figure) { return (set >> figure & 1) != 0; }

static uint64_t changes_of(size_t figures, const store_value_t *before, const store_value_t *after) {
  uint64_t changes = 0;
  for (size_t i = 0; i < figures; i++)
    changes |= (uint64_t)(before[i].counter != after[i].counter) << i; /* compares the bits of a gauge */
  return changes;
}

static void put_set(writer_t *writer, uint64_t set) {
  for (; set != 0; set &= set - 1) {
    put(writer, 1, 1);
    put(writer, (uint64_t)__builtin_ctzll(set), PLACE_LENGTH);
  }
  put(writer, 0, 1);
}

static uint64_t get_set(reader_t *reader) {
  uint64_t set = 0;
  while (get(reader, 1) == 1)
    set |= UINT64_C(1) << get(reader, PLACE_LENGTH);
  return set;
}

size_t codec_write(codec_t *codec, const store_value_t *before, int64_t time, const store_value_t *figures,
                   unsigned char *bytes, size_t at) {
  writer_t writer = {.bytes = bytes, .at = at};
  int64_t step = (int64_t)((uint64_t)time - (uint64_t)codec->time);
  uint64_t changes = changes_of(codec->figures, before, figures);
  put_difference(&writer, &codec->learnt_of_time, 0, (uint64_t)step - (uint64_t)codec->step);
  put_set(&writer, changes ^ codec->changes);
  codec->changes = changes;
  codec->time = time;
  codec->step = step;
  for (size_t i = 0; i < codec->figures; i++)
    if (is_in(changes, i))
      put_figure(&writer, &codec->learnt[i], is_in(codec->counters, i), before[i], figures[i]);
  return writer.at;
}

bool codec_read(codec_t *codec, store_value_t *figures, const unsigned char *bytes, size_t length, size_t *at) {
  reader_t reader = {.bytes = bytes, .at = *at, .end = length * 8};
  codec->step = (int64_t)((uint64_t)codec->step + get_difference(&reader, &codec->learnt_of_time));
  codec->time = (int64_t)((uint64_t)codec->time + (uint64_t)codec->step);
  codec->changes ^= get_set(&reader);
  for (size_t i = 0; i < codec->figures; i++)
    if (is_in(codec->changes, i))
      figures[i] = get_figure(&reader, &codec->learnt[i], is_in(codec->counters, i), figures[i]);
  *at = reader.at;
  return !reader.is_short;
}
