// Loaded before the others under valgrind: before 3.20 it writes to the mask that sigsuspend is given, and ends where that is a
// constant, as libdispatch's is.
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *mask) {
    sigset_t copy = *mask;
    return (int)syscall(SYS_rt_sigsuspend, &copy, 8);
}
