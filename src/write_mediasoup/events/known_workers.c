/* SPDX-License-Identifier: MIT */
#include "known_workers.h"

#include "common/identifier.h"
#include "common/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void known_workers_done(known_workers_t *workers) {
  free(workers->list);
  *workers = (known_workers_t){0};
}

static double fact_number(const store_row_t *row, const char *key, double unknown) {
  const char *text = facts_find_text(row->facts, key);
  return text != NULL ? number_read(text, NULL) : unknown;
}

/* A row that came without metadata names its endpoint in plugin_instance only. */
static bool is_of_endpoint(const store_row_t *row, const endpoint_state_t *endpoint) {
  if (strcmp(row->host, endpoint->row->host) != 0) /* first, since there may be many hosts */
    return false;
  const char *name = facts_find_text(row->facts, IDENTIFIER_ENDPOINT);
  if (name == NULL)
    name = row->plugin_instance;
  return fact_number(row, IDENTIFIER_PROCESS, -1) == endpoint->process &&
         (strcmp(name, endpoint->name) == 0 || identifier_is_clean_of(endpoint->name, strlen(endpoint->name), name));
}

/* All rows of a reading have one time. A worker that died has a row of an earlier one for two intervals more. */
static bool is_of_reading(const store_row_t *row, const endpoint_state_t *endpoint) {
  return row->time >= endpoint->row->time && is_of_endpoint(row, endpoint);
}

known_workers_t known_workers_of(const observed_rows_t *rows, const endpoint_state_t *endpoint) {
  known_workers_t workers = {.list = malloc((rows->length + 1) * sizeof(*workers.list))};
  for (size_t i = 0; workers.list != NULL && i < rows->length; i++)
    if (is_of_reading(rows->list[i], endpoint))
      workers.list[workers.length++] = (known_worker_t){.worker = fact_number(rows->list[i], "worker", NAN),
                                                        .pid = fact_number(rows->list[i], "pid", NAN)};
  return workers;
}

/* Without its process a worker that took the slot of a dead one looks like it. */
bool known_workers_have(const known_workers_t *workers, const known_worker_t *worker) {
  for (size_t i = 0; i < workers->length; i++)
    if (workers->list[i].worker == worker->worker &&
        (workers->list[i].pid == worker->pid || isnan(workers->list[i].pid) || isnan(worker->pid)))
      return true;
  return false;
}
