/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a daemon, it makes a host whose clock is wrong by SHIFTED_CLOCK_SECONDS: what tells the time of day is
 * shifted, and so is the time of day until which a thread waits. Other clocks are as they are.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

/* Times of day are beyond it, times since the machine's start are not. */
static const time_t year_2001 = 1000000000;

static time_t shift(void) {
  const char *seconds = getenv("SHIFTED_CLOCK_SECONDS");
  return seconds != NULL ? atol(seconds) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  static int (*next)(clockid_t, struct timespec *);
  if (next == NULL)
    *(void **)&next = dlsym(RTLD_NEXT, "clock_gettime");
  int status = next(clock, now);
  if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    now->tv_sec += shift();
  return status;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec time;
  (void)zone;
  int status = clock_gettime(CLOCK_REALTIME, &time);
  *now = (struct timeval){.tv_sec = time.tv_sec, .tv_usec = time.tv_nsec / 1000};
  return status;
}

time_t time(time_t *now) {
  struct timespec time;
  (void)clock_gettime(CLOCK_REALTIME, &time);
  if (now != NULL)
    *now = time.tv_sec;
  return time.tv_sec;
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until) {
  static int (*next)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
  if (next == NULL)
    *(void **)&next = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2"); /* of x86; there is an older one */
  if (next == NULL)
    *(void **)&next = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
  struct timespec real = *until;
  if (real.tv_sec > year_2001)
    real.tv_sec -= shift();
  return next(condition, mutex, &real);
}
