/* SPDX-License-Identifier: MIT */
#include "event_text.h"

#include "common/number.h"
#include "event.h"

#include <math.h>

void event_text_append_seconds(buffer_t *text, double seconds) {
  static const double minute = 60, hour = 3600;
  /* From two of them on, the larger unit says enough. */
  double unit = seconds >= 2 * hour ? hour : seconds >= 2 * minute ? minute : 1;
  number_append_whole(text, (int64_t)floor(seconds / unit + 0.5));
  buffer_append_text(text, unit == hour ? " h" : unit == minute ? " min" : " s");
}

void event_text_put(record_t *event, buffer_t *text) {
  if (buffer_status(text) == STATUS_OK && text->length > 0)
    record_set_text(event, EVENT_TEXT, buffer_text(text));
  buffer_done(text);
}
