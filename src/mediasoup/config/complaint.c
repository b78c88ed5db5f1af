/* SPDX-License-Identifier: MIT */
#include "complaint.h"

#include "common/buffer.h"
#include "common/number.h"

#include <stdio.h>

enum { NAME_SHOWN = 80, OPTION_SHOWN = 160, COMPLAINT_MAX = 900 };

complaints_t complaints_of_plugin(complain_t complain) {
  return (complaints_t){.complain = complain, .block = "<Plugin mediasoup>"};
}

complaints_t complaints_of_endpoint(complain_t complain, const char *name) {
  complaints_t complaints = {.complain = complain};
  (void)snprintf(complaints.block, sizeof(complaints.block), "<Endpoint \"%.*s\">", NAME_SHOWN, name);
  return complaints;
}

complaints_t complaints_of_group(const complaints_t *endpoint, const char *name) {
  complaints_t complaints = {.complain = endpoint->complain};
  (void)snprintf(complaints.block, sizeof(complaints.block), "%.200s: <Group \"%.*s\">", endpoint->block, NAME_SHOWN,
                 name);
  return complaints;
}

static void append_value(buffer_t *line, const oconfig_value_t *value) {
  switch (value->type) {
  case OCONFIG_TYPE_STRING:
    buffer_append_text(line, " \"");
    buffer_append_text(line, value->value.string);
    buffer_append_character(line, '"');
    break;
  case OCONFIG_TYPE_BOOLEAN:
    buffer_append_text(line, value->value.boolean ? " true" : " false");
    break;
  default:
    buffer_append_character(line, ' ');
    number_append_double(line, value->value.number);
  }
}

/* Socket "/run/x": a value that does not fit is left out, and all after it. */
static void write_option(buffer_t *line, const oconfig_item_t *option) {
  buffer_append_text(line, option->key);
  for (int i = 0; i < option->values_num; i++)
    append_value(line, &option->values[i]);
}

void complaints_add(const complaints_t *complaints, const oconfig_item_t *option, const char *cause,
                    const char *consequence) {
  char complaint[COMPLAINT_MAX];
  buffer_t line = BUFFER_INIT(OPTION_SHOWN);
  if (option != NULL)
    write_option(&line, option);
  (void)snprintf(complaint, sizeof(complaint), "%s: %s%s%s; %s", complaints->block, buffer_text(&line),
                 option != NULL ? ": " : "", cause, consequence);
  complaints->complain(complaint);
  buffer_done(&line);
}

void complaints_add_unknown(const complaints_t *complaints, const oconfig_item_t *option, block_id_t block,
                            const char *more) {
  char names[COMPLAINT_MAX / 4], cause[COMPLAINT_MAX / 2];
  option_names(block, names, sizeof(names));
  (void)snprintf(cause, sizeof(cause), "unknown option; the options are %s%s", names, more);
  complaints_add(complaints, option, cause, "this option is ignored");
}
