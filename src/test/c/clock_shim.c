/*
 * Preloaded into a service under test: its wall clock is the machine's and as many milliseconds
 * more as the file named by CLOCK_SHIM says; its monotonic clock is the machine's. A test writes
 * the file to step the clock.
 *
 *   gcc -shared -fPIC -O2 -o clock_shim.so clock_shim.c -ldl
 *   CLOCK_SHIM=/tmp/offset LD_PRELOAD=$PWD/clock_shim.so java ...
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void load(void) {
  real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
}

/* Read at each call, by system calls that allocate nothing; no file is an offset of none. */
static long offset_millis(void) {
  const char *path = getenv("CLOCK_SHIM");
  char text[32] = {0};
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) {
    return 0;
  }
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  return length > 0 ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  if (!real) {
    load();
  }
  int result = real(clock, time);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    long millis = offset_millis();
    time->tv_sec += millis / 1000;
    time->tv_nsec += millis % 1000 * 1000000L;
    if (time->tv_nsec < 0) {
      time->tv_sec--;
      time->tv_nsec += 1000000000L;
    } else if (time->tv_nsec >= 1000000000L) {
      time->tv_sec++;
      time->tv_nsec -= 1000000000L;
    }
  }
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) {
    *result = now.tv_sec;
  }
  return now.tv_sec;
}
