/* SPDX-License-Identifier: MIT */
#include "service.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct service {
  http_options_t options;
  int milliseconds;
  store_t *store;
  http_t *http; /* NULL as long as it is not served */
  pthread_t thread;
  bool has_thread;
  pthread_mutex_t lock;
  pthread_cond_t ends;
  bool is_ending; /* under the lock */
};

static void complain(const service_t *service, const failure_t *failure) {
  char complaint[sizeof(failure->cause) + 200];
  bool is_tried_again = failure->status == STATUS_LISTEN;
  const char *remedy = failure->status == STATUS_OPTION ? "correct Listen, Socket, SocketOwner or SocketGroup"
                                                        : status_remedy(failure->status);
  (void)snprintf(complaint, sizeof(complaint), "the views are not served: %s; %s%s", failure->cause, remedy,
                 is_tried_again ? " (it is tried again until then)" : "");
  service->options.complain(complaint);
}

static MUST_CHECK status_t try_once(service_t *service, failure_t *failure) {
  return http_start(&service->options, service->store, &service->http, failure);
}

/* false when the service ends. */
static bool wait_for_turn(service_t *service) {
  struct timespec until;
  (void)clock_gettime(CLOCK_MONOTONIC, &until);
  long nanoseconds = until.tv_nsec + 1000000L * (service->milliseconds % 1000);
  until.tv_sec += service->milliseconds / 1000 + nanoseconds / 1000000000L;
  until.tv_nsec = nanoseconds % 1000000000L;
  pthread_mutex_lock(&service->lock);
  while (!service->is_ending && pthread_cond_timedwait(&service->ends, &service->lock, &until) == 0)
    ;
  bool goes_on = !service->is_ending;
  pthread_mutex_unlock(&service->lock);
  return goes_on;
}

static void *run(void *context) {
  service_t *service = context;
  failure_t failure = {.status = STATUS_LISTEN};
  while (failure.status == STATUS_LISTEN && wait_for_turn(service)) {
    failure = (failure_t){0};
    if (try_once(service, &failure) == STATUS_OK)
      service->options.say("the views are served now");
    else if (failure.status != STATUS_LISTEN)
      complain(service, &failure);
  }
  return NULL;
}

static bool init_lock(service_t *service) {
  pthread_condattr_t clock;
  if (pthread_mutex_init(&service->lock, NULL) != 0)
    return false;
  bool made = pthread_condattr_init(&clock) == 0 && pthread_condattr_setclock(&clock, CLOCK_MONOTONIC) == 0 &&
              pthread_cond_init(&service->ends, &clock) == 0;
  (void)pthread_condattr_destroy(&clock);
  if (!made)
    pthread_mutex_destroy(&service->lock);
  return made;
}

service_t *service_start(const http_options_t *options, int milliseconds, store_t *store) {
  service_t *service = calloc(1, sizeof(*service));
  failure_t failure = {0};
  if (service == NULL)
    return NULL;
  *service = (service_t){.options = *options, .milliseconds = milliseconds, .store = store};
  if (!init_lock(service)) {
    free(service);
    return NULL;
  }
  if (try_once(service, &failure) != STATUS_OK)
    complain(service, &failure);
  if (failure.status == STATUS_LISTEN)
    service->has_thread = pthread_create(&service->thread, NULL, run, service) == 0;
  return service;
}

void service_stop(service_t *service) {
  if (service == NULL)
    return;
  pthread_mutex_lock(&service->lock);
  service->is_ending = true;
  pthread_cond_signal(&service->ends);
  pthread_mutex_unlock(&service->lock);
  if (service->has_thread)
    (void)pthread_join(service->thread, NULL);
  http_stop(service->http);
  pthread_cond_destroy(&service->ends);
  pthread_mutex_destroy(&service->lock);
  free(service);
}
