// glibc 2.34 made SIGSTKSZ a function call; the test library that old workers carry sizes an array with it.
#include <signal.h>
#undef SIGSTKSZ
#define SIGSTKSZ 8192
