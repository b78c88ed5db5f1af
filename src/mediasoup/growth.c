/* SPDX-License-Identifier: MIT */
#include "growth.h"

/* --- the plan --- */

static void add_field(growth_plan_t *plan, class_id_t class, size_t index) {
  summed_t *summed = &plan->summed[class][plan->length[class]++];
  summed->field = index;
  for (size_t above = 0; above < CLASS_ROWS_COUNT; above++)
    summed->above[above] = class_derived_field(&classes[above], classes[class].fields[index].sum);
}

void growth_plan_init(growth_plan_t *plan) {
  *plan = (growth_plan_t){0};
  for (size_t class = 0; class < CLASS_ROWS_COUNT; class ++)
    for (size_t i = 0; i < classes[class].fields_length; i++)
      if (field_is_summed(&classes[class].fields[i]))
        add_field(plan, (class_id_t) class, i);
}

/* --- an object --- */

/* A counter that fell began anew, and with it the counters after it: all that it says now is growth. */
static uint64_t counter_growth(uint64_t now, uint64_t *counted, bool *began_anew) {
  uint64_t before = *began_anew ? 0 : *counted;
  *began_anew = *began_anew || now < before;
  *counted = now;
  return now >= before ? now - before : now;
}

/* mediasoup computes packetsLost anew each time. Where it fell, it has to get beyond its highest before it grows
 * again, unless the stream began anew. */
static uint64_t gauge_growth(double now, uint64_t *counted, bool began_anew) {
  uint64_t before = began_anew ? 0 : *counted;
  *counted = before;
  if (!(now > (double)before && now < 9.2e18))
    return 0;
  *counted = (uint64_t)now;
  return *counted - before;
}

static uint64_t growth(object_t *object, size_t index, bool *began_anew) {
  const field_t *field = &object->class->fields[index];
  uint64_t *counted = &object->counted[field->growth];
  if (field->kind == KIND_COUNTER)
    return counter_growth((uint64_t)object->values[index].counter, counted, began_anew);
  return gauge_growth(object->values[index].gauge, counted, *began_anew);
}

static void add_to_sums(const object_t *object, const summed_t *summed, uint64_t grown) {
  for (object_t *above = object->parent; grown > 0 && above != NULL; above = above->parent) {
    int field = summed->above[class_id(above->class)];
    if (field >= 0)
      above->values[field].counter = (int64_t)((uint64_t)above->values[field].counter + grown);
  }
}

void growth_count(const growth_plan_t *plan, object_t *object) {
  class_id_t class = class_id(object->class);
  bool began_anew = false;
  for (size_t i = 0; i < plan->length[class]; i++) {
    const summed_t *summed = &plan->summed[class][i];
    uint64_t grown = object->measured ? growth(object, summed->field, &began_anew) : 0;
    uint64_t *kept = &object->grown[object->class->fields[summed->field].growth];
    *kept = object->has_baseline ? grown : 0;
    add_to_sums(object, summed, *kept);
  }
  object->has_baseline = object->has_baseline || object->answered;
}
