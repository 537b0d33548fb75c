// The process that holds a pod's namespaces: reaps children, ends on TERM or INT, otherwise sleeps. No libc.
// Every signal is blocked and taken one by one, for the kernel drops an unblocked signal that PID 1 has no handler for.

#if defined(__x86_64__)
enum { EXIT = 60, WAIT4 = 61, SIGPROCMASK = 14, SIGTIMEDWAIT = 128 };
static long call(long number, long a, long b, long c, long d) {
  long result;
  register long r10 __asm__("r10") = d;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
enum { EXIT = 93, WAIT4 = 260, SIGPROCMASK = 135, SIGTIMEDWAIT = 137 };
static long call(long number, long a, long b, long c, long d) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
  return x0;
}
#else
#error "pause.c knows amd64 and arm64"
#endif

enum { SIG_BLOCK = 0, SIGINT = 2, SIGTERM = 15, SIGCHLD = 17, WNOHANG = 1, SET_SIZE = 8 };

void _start(void) {
  unsigned long all = ~0UL;
  call(SIGPROCMASK, SIG_BLOCK, (long)&all, 0, SET_SIZE);
  for (;;) {
    long signal = call(SIGTIMEDWAIT, (long)&all, 0, 0, SET_SIZE);
    if (signal == SIGTERM || signal == SIGINT) call(EXIT, 0, 0, 0, 0);
    if (signal == SIGCHLD) {
      while (call(WAIT4, -1, 0, WNOHANG, 0) > 0) {
      }
    }
  }
}
