/* SPDX-License-Identifier: MIT */
/* A signal handler can only be told by what is file-scope. */
#include "stop.h"

#include <stddef.h>

enum { SIGNALS = 2 };
static const int signals[SIGNALS] = {SIGINT, SIGTERM};

static volatile sig_atomic_t came;
static void (*handlers[SIGNALS])(int);

static void on_signal(int number) {
  came = 1;
  for (size_t i = 0; i < SIGNALS; i++)
    if (signals[i] == number)
      handlers[i](number);
}

void stop_watch(void) {
  for (size_t i = 0; i < SIGNALS; i++) {
    struct sigaction action;
    if (sigaction(signals[i], NULL, &action) != 0 || (action.sa_flags & SA_SIGINFO) != 0 ||
        action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN || action.sa_handler == on_signal)
      continue;
    handlers[i] = action.sa_handler;
    action.sa_handler = on_signal;
    (void)sigaction(signals[i], &action, NULL);
  }
}

const volatile sig_atomic_t *stop_flag(void) { return &came; }
