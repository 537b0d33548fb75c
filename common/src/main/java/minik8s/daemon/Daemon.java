package minik8s.daemon;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * How a daemon's main runs: parse the flags, start, stay until SIGTERM, stop in order. A mistake of
 * the user ends in one sentence on stderr and exit code 1, never in a stack trace.
 */
public final class Daemon {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  private Daemon() {}

  /** Parses {@code args} into the command, runs it and exits the process with its code. */
  public static void main(Callable<Integer> command, String... args) {
    System.exit(execute(command, args));
  }

  /** Parses and runs; returns the exit code. */
  public static int execute(Callable<Integer> command, String... args) {
    CommandLine line = new CommandLine(command);
    line.setParameterExceptionHandler((e, _) -> {
      System.err.println("error: " + e.getMessage() + " (see --help)");
      return 1;
    });
    line.setExecutionExceptionHandler((e, _, _) -> {
      if (e instanceof IllegalArgumentException) {
        System.err.println("error: " + e.getMessage());
      } else {
        LOG.error("cannot start", e);
      }
      return 1;
    });
    return line.execute(args);
  }

  /**
   * Blocks until SIGTERM or SIGINT, then closes the parts in the given order, and lets the process
   * end. A part that fails to close is logged and does not keep the others from closing.
   */
  public static void awaitStop(AutoCloseable... parts) throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(() -> {
                  stop.countDown();
                  try {
                    stopped.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    stop.await();
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("stopping {} failed", part.getClass().getSimpleName(), e);
      }
    }
    stopped.countDown();
  }
}
