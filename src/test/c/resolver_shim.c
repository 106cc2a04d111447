/*
 * Preloaded into a service under test: every name is looked up as many milliseconds late as the
 * file named by RESOLVER_SHIM says, and those that end in ".test" are this machine's. A test writes
 * the file to make name servers slow.
 *
 *   gcc -shared -fPIC -O2 -o resolver_shim.so resolver_shim.c -ldl
 *   RESOLVER_SHIM=/tmp/delay LD_PRELOAD=$PWD/resolver_shim.so java ...
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int (*lookup)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static long delay_millis(void) {
  const char *path = getenv("RESOLVER_SHIM");
  FILE *file = path ? fopen(path, "re") : NULL;
  long millis = 0;
  if (file) {
    if (fscanf(file, "%ld", &millis) != 1) {
      millis = 0;
    }
    fclose(file);
  }
  return millis;
}

int getaddrinfo(const char *restrict node, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict result) {
  lookup real = (lookup)dlsym(RTLD_NEXT, "getaddrinfo");
  long millis = delay_millis();
  struct timespec pause = {millis / 1000, millis % 1000 * 1000000L};
  nanosleep(&pause, NULL);
  size_t length = node ? strlen(node) : 0;
  int here = length > 5 && strcmp(node + length - 5, ".test") == 0;
  return real(here ? "127.0.0.1" : node, service, hints, result);
}
