/* SPDX-License-Identifier: MIT */
/* Samples as bits: what is read is what was written, to the last bit, and few bits for what seldom changes. */
#include "support/support.h"
#include "write_mediasoup/history/codec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 200, FIGURES = 2 };
static const uint64_t counters = 1; /* the first figure of two is a counter */

static double of_bits(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

typedef struct {
  unsigned char bytes[SAMPLES * CODEC_SAMPLE_MAX];
  size_t bits;
  codec_t codec;
  store_value_t before[CODEC_FIGURES_MAX];
} written_t;

static written_t written;

static void begin(size_t figures, uint64_t which_count) {
  written = (written_t){.codec = {.figures = figures, .counters = which_count}};
}

/* Returns how many bits it took. */
static size_t add(int64_t time, const store_value_t *figures) {
  size_t before = written.bits;
  written.bits = codec_write(&written.codec, written.before, time, figures, written.bytes, before);
  memcpy(written.before, figures, written.codec.figures * sizeof(*figures));
  assert_true(written.bits - before <= 8 * (CODEC_SAMPLE_MAX - 1));
  return written.bits - before;
}

static size_t length_of_written(void) { return (written.bits + 7) / 8; }

/* Copied, so that the sanitizer sees who reads beyond the end. */
static void assert_read(const int64_t *times, const store_value_t *figures, size_t samples) {
  size_t length = length_of_written(), at = 0;
  char *bytes = exact_copy((const char *)written.bytes, length);
  codec_t codec = {.figures = written.codec.figures, .counters = written.codec.counters};
  store_value_t read[CODEC_FIGURES_MAX] = {0};
  for (size_t i = 0; i < samples; i++) {
    assert_true(codec_read(&codec, read, (const unsigned char *)bytes, length, &at));
    assert_true(codec.time == times[i]);
    assert_memory_equal(read, figures + i * codec.figures, codec.figures * sizeof(*read));
  }
  assert_int_equal(at, written.bits);
  exact_copy_free(bytes);
}

/* --- one figure after the other --- */

static const uint64_t doubles[] = {
    0,                            /* 0 */
    UINT64_C(0x8000000000000000), /* -0 */
    UINT64_C(0x7ff8000000000000), /* NaN */
    UINT64_C(0xfff8000000000000), /* another one */
    UINT64_C(0x7ff8dead0000beef), /* and one with something in it */
    UINT64_C(0x7ff0000000000001), /* a signalling one */
    UINT64_C(0x7ff0000000000000), /* infinity */
    UINT64_C(0xfff0000000000000), /* -infinity */
    1,                            /* the smallest */
    UINT64_C(0x000fffffffffffff), /* denormal */
    UINT64_C(0x7fefffffffffffff), /* the greatest */
    UINT64_C(0x4340000000000000), /* 2^53 */
    UINT64_C(0x4340000000000001),
    UINT64_C(0x43e0000000000000), /* 2^63 */
    UINT64_C(0x3ff0000000000001), /* 1 and a bit */
    UINT64_C(0x36a0000000000000), /* the smallest float */
    UINT64_C(0x47efffffe0000000), /* the greatest float */
    UINT64_C(0x47f0000000000000), /* one more */
};

/* What mediasoup and the plugin make. */
static const double figures_of_streams[] = {1,      64000,      -7,          3.0 / 256,        255.0 / 256,
                                            0.0015, 4.2,        1.0 / 3,     100 / 90e3 * 1e3, 7 / 48e3 * 1e3,
                                            12.5f,  12.345678f, 12.3f / 1e3, 45.776367f / 1e3, 9.1666666666,
                                            1e300,  -1e-300,    1234567.891};

static size_t all_doubles(double *all) {
  size_t length = 0;
  for (size_t i = 0; i < LENGTH(doubles); i++)
    all[length++] = of_bits(doubles[i]);
  for (size_t i = 0; i < LENGTH(figures_of_streams); i++)
    all[length++] = figures_of_streams[i];
  return length;
}

/* Each after each other one. */
static void doubles_are_equal_to_the_last_bit(void **state) {
  (void)state;
  double all[LENGTH(doubles) + LENGTH(figures_of_streams)];
  size_t length = all_doubles(all);
  for (size_t i = 0; i < length; i++)
    for (size_t j = 0; j < length; j++) {
      const int64_t times[] = {10, 20};
      store_value_t figures[2];
      memcpy(&figures[0], &all[i], sizeof(figures[0]));
      memcpy(&figures[1], &all[j], sizeof(figures[1]));
      begin(1, 0);
      (void)add(times[0], &figures[0]);
      (void)add(times[1], &figures[1]);
      assert_read(times, figures, 2);
    }
}

static void counters_are_exact_up_to_the_last_one(void **state) {
  static const int64_t all[] = {0,
                                1,
                                -1,
                                127,
                                128,
                                INT64_MAX,
                                INT64_MAX - 1,
                                INT64_MIN,
                                1LL << 62,
                                1LL << 53,
                                (1LL << 53) + 1,
                                999999999,
                                INT64_MIN + 1};
  (void)state;
  for (size_t i = 0; i < LENGTH(all); i++)
    for (size_t j = 0; j < LENGTH(all); j++) {
      const int64_t times[] = {all[j], all[i]};
      const store_value_t figures[] = {{.counter = all[i]}, {.counter = all[j]}};
      begin(1, 1);
      (void)add(times[0], &figures[0]);
      (void)add(times[1], &figures[1]);
      assert_read(times, figures, 2);
    }
}

/* --- many --- */

/* Numbers of a known sequence. */
static uint64_t next_number(void) {
  static uint64_t number = 88172645463325252;
  number ^= number << 13;
  number ^= number >> 7;
  number ^= number << 17;
  return number;
}

static store_value_t any_value(void) {
  double all[LENGTH(doubles) + LENGTH(figures_of_streams)];
  size_t length = all_doubles(all);
  uint64_t number = next_number();
  store_value_t value = {.counter = (int64_t)next_number()};
  if (number % 4 == 0)
    memcpy(&value, &all[number / 4 % length], sizeof(value));
  else if (number % 4 == 1)
    value.gauge = (double)(number / 4 % 1000) / 90;
  return value;
}

static void any_samples_are_equal(void **state) {
  static store_value_t figures[SAMPLES * CODEC_FIGURES_MAX];
  static const size_t lengths[] = {1, 7, 31, 63, 64};
  int64_t times[SAMPLES];
  (void)state;
  for (size_t of = 0; of < LENGTH(lengths); of++) {
    begin(lengths[of], next_number());
    for (size_t i = 0; i < SAMPLES; i++) {
      store_value_t *sample = &figures[i * lengths[of]];
      times[i] = (int64_t)(1764000000000 + i * 10000 + next_number() % 20);
      for (size_t figure = 0; figure < lengths[of]; figure++)
        sample[figure] = i > 0 && next_number() % 2 ? figures[(i - 1) * lengths[of] + figure] : any_value();
      (void)add(times[i], sample);
    }
    assert_read(times, figures, SAMPLES);
  }
}

/* --- bits --- */

typedef struct {
  const char *name;
  double unit;   /* the figure is noise of so many bits, divided by this */
  double factor; /* and multiplied by this */
  unsigned bits;
  double most; /* bits that a sample takes of it */
} noise_case_t;

/* A difference of noise has one bit more than the noise, and half of one is lost. */
static const noise_case_t noise_cases[] = {
    {"a score", 1, 1, 2, 8},
    {"a bitrate", 1, 1, 18, 20.5},
    {"a loss", 256, 1, 4, 6.5},
    {"jitter of video", 90000, 1000, 7, 9.5},
    {"jitter of audio", 48000, 1000, 7, 9.5},
};

static store_value_t noise(const noise_case_t *one) {
  return (store_value_t){.gauge = (double)(next_number() % (1U << one->bits)) / one->unit * one->factor};
}

/* Without the time, which takes a bit, and what changes, which takes one more where it is the same. */
static double bits_of_samples(store_value_t (*next)(const noise_case_t *), const noise_case_t *one) {
  begin(1, 0);
  store_value_t figure = next(one);
  for (int i = 0; i < 20; i++) /* learns */
    (void)add(10000 * i, &figure), figure = next(one);
  size_t before = written.bits;
  for (int i = 20; i < SAMPLES; i++)
    (void)add(10000 * i, &figure), figure = next(one);
  return (double)(written.bits - before) / (SAMPLES - 20) - 2;
}

static void noise_takes_about_as_many_bits_as_it_has(void **state) {
  const noise_case_t *one = *state;
  double bits = bits_of_samples(noise, one);
  if (bits > one->most)
    fail_msg("%.1f bits", bits);
}

/* As the worker computes it. */
static store_value_t round_trip(const noise_case_t *one) {
  float seconds = (float)(next_number() % 4096) / 65536;
  return (store_value_t){.gauge = (double)(seconds * 1000) / one->unit};
}

static void a_round_trip_time_takes_few_bits(void **state) {
  (void)state;
  assert_true(bits_of_samples(round_trip, &(noise_case_t){.unit = 1}) < 14.5);
  assert_true(bits_of_samples(round_trip, &(noise_case_t){.unit = 1000}) < 14.5);
}

static store_value_t mean(const noise_case_t *one) {
  (void)one;
  return (store_value_t){.gauge = (double)(1000 + next_number() % 1000) / 3001};
}

static void any_other_number_takes_less_than_its_own_bits(void **state) {
  (void)state;
  assert_true(bits_of_samples(mean, NULL) < 57);
}

static void what_does_not_change_takes_two_bits(void **state) {
  static const store_value_t figures[CODEC_FIGURES_MAX] = {{.counter = 7}, {.counter = 8}};
  (void)state;
  begin(CODEC_FIGURES_MAX, 3);
  for (int i = 0; i < 20; i++)
    (void)add(1764000000000 + 10000 * i, figures);
  assert_int_equal(add(1764000200000, figures), 2);
}

/* --- bytes that nobody wrote --- */

static void bytes_that_end_too_early_are_no_sample(void **state) {
  const store_value_t figures[FIGURES] = {{.counter = 123456789}, {.gauge = 1.0 / 3}};
  (void)state;
  begin(FIGURES, counters);
  (void)add(1764000000000, figures);
  for (size_t cut = 0; cut < length_of_written(); cut++) {
    codec_t codec = {.figures = FIGURES, .counters = counters};
    store_value_t read[FIGURES] = {0};
    size_t at = 0;
    char *bytes = exact_copy((const char *)written.bytes, cut);
    assert_false(codec_read(&codec, read, (const unsigned char *)bytes, cut, &at));
    exact_copy_free(bytes);
  }
}

static void any_bytes_are_read_within_their_bounds(void **state) {
  enum { LENGTH_OF_NOISE = 500 };
  unsigned char noise_bytes[LENGTH_OF_NOISE];
  (void)state;
  for (int round = 0; round < 200; round++) {
    codec_t codec = {.figures = CODEC_FIGURES_MAX, .counters = next_number()};
    store_value_t read[CODEC_FIGURES_MAX] = {0};
    size_t at = 0;
    for (size_t i = 0; i < LENGTH_OF_NOISE; i++)
      noise_bytes[i] = (unsigned char)next_number();
    char *bytes = exact_copy((const char *)noise_bytes, LENGTH_OF_NOISE);
    while (codec_read(&codec, read, (const unsigned char *)bytes, LENGTH_OF_NOISE, &at))
      assert_true(at <= 8 * LENGTH_OF_NOISE);
    exact_copy_free(bytes);
  }
}

int main(void) {
  TEST(doubles_are_equal_to_the_last_bit);
  TEST(counters_are_exact_up_to_the_last_one);
  TEST(any_samples_are_equal);
  TEST_CASES(noise_takes_about_as_many_bits_as_it_has, noise_cases);
  TEST(a_round_trip_time_takes_few_bits);
  TEST(any_other_number_takes_less_than_its_own_bits);
  TEST(what_does_not_change_takes_two_bits);
  TEST(bytes_that_end_too_early_are_no_sample);
  TEST(any_bytes_are_read_within_their_bounds);
  return tests_run("codec");
}
