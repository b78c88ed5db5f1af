/* SPDX-License-Identifier: MIT */
#include "participant_rows.h"

#include <math.h>
#include <string.h>

/* --- the class --- */

static const char class_name[] = "participants";

bool participant_class_is(const class_t *class) { return strcmp(class->name, class_name) == 0; }

void participant_class_init(participant_class_t *class) {
  for (size_t i = 0; i < PARTICIPANT_FIGURES; i++) {
    const participant_figure_t *figure = &participant_figures[i];
    class->fields[i] = (field_t){
        .name = figure->name, .key = figure->key, .kind = KIND_GAUGE, .unit = figure->unit, .help = figure->help};
  }
  class->fields[SAMPLE_SINCE] = (field_t){.name = "since", .key = "since", .kind = KIND_GAUGE};
  for (int word = 0; word < PARTICIPANT_WORDS; word++)
    class->fields[SAMPLE_WORDS + word] = (field_t){.name = participant_word_name((participant_word_t)word),
                                                   .key = participant_word_key((participant_word_t)word),
                                                   .kind = KIND_GAUGE};
  class->class = (class_t){.name = class_name, .fields = class->fields, .fields_length = SAMPLE_LENGTH};
}

bool participant_class_has_word(const class_t *class, size_t figure) {
  return figure >= SAMPLE_WORDS && participant_class_is(class);
}

const char *participant_class_word(size_t figure, double number) {
  return participant_word_text((participant_word_t)(figure - SAMPLE_WORDS), number);
}

/* --- labels --- */

/* In the order of their keys, see facts_find_texts(). */
typedef enum {
  LABEL_ENDPOINT,
  LABEL_PARTICIPANT,
  LABEL_PARTICIPANT_KEY,
  LABEL_ROOM,
  LABEL_ROOM_KEY,
  LABELS
} label_id_t;

static const char *const label_keys[LABELS] = {"endpoint", "participant", "participantKey", "room", "roomKey"};

bool participant_is_label(const char *key) {
  for (size_t i = 0; i < LABELS; i++)
    if (strcmp(label_keys[i], key) == 0)
      return true;
  return false;
}

/* NULL when out of memory. */
static facts_t *new_labels(const participant_t *participant) {
  const char *const texts[LABELS] = {[LABEL_ENDPOINT] = participant->endpoint,
                                     [LABEL_ROOM] = participant->room,
                                     [LABEL_PARTICIPANT] = participant->participant,
                                     [LABEL_ROOM_KEY] = participant->room_key,
                                     [LABEL_PARTICIPANT_KEY] = participant->participant_key};
  facts_t *facts = facts_new();
  for (size_t i = 0; i < LABELS; i++)
    if (texts[i] != NULL)
      facts_add(facts, label_keys[i], FACT_TEXT, texts[i]);
  return facts_finish(facts);
}

/* --- rows --- */

/* The other labels are its name. */
static bool has_labels(const facts_t *labels, const participant_t *participant) {
  const char *texts[LABELS];
  facts_find_texts(labels, label_keys, LABELS, texts);
  return string_is(texts[LABEL_PARTICIPANT_KEY], participant->participant_key) &&
         string_is(texts[LABEL_ROOM_KEY], participant->room_key);
}

/* Without values. NULL when out of memory. */
static store_row_t *new_row(const class_t *class, const participant_t *participant, const store_row_t *before) {
  bool has_same = before != NULL && has_labels(before->facts, participant);
  facts_t *labels = has_same ? facts_share(before->facts) : new_labels(participant);
  row_name_t *name =
      before != NULL ? row_name_share(before->name) : row_name_of(participant->key.bytes, participant->key.length);
  store_row_t *row = name != NULL && labels != NULL ? store_row_new_named(class, name) : NULL;
  if (row != NULL)
    row->facts = facts_share(labels);
  row_name_release(name);
  facts_release(labels);
  return row;
}

store_row_t *participant_row(const participant_class_t *class, const participant_t *participant,
                             const store_row_t *before) {
  store_row_t *row = new_row(&class->class, participant, before);
  if (row == NULL)
    return NULL;
  row->time = participant->time;
  row->received = participant->received;
  row->interval = INFINITY;
  for (size_t i = 0; i < PARTICIPANT_FIGURES; i++)
    row->values[i].gauge = participant->figures[i];
  row->values[SAMPLE_SINCE].gauge = participant->since;
  for (int word = 0; word < PARTICIPANT_WORDS; word++)
    row->values[SAMPLE_WORDS + word].gauge = participant_word_number((participant_word_t)word, participant);
  return row;
}
