package minik8s.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A program that runs while the test goes on, such as {@code logs -f}; ends with {@link #close}.
 * Thread-safe.
 */
final class Running implements AutoCloseable {
  private final List<String> command;
  private final Process process;
  private final List<String> lines = new ArrayList<>();

  Running(List<String> command, Process process) {
    this.command = command;
    this.process = process;
    Thread.ofVirtual().start(this::read);
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (lines) {
          lines.add(line);
        }
      }
    } catch (IOException e) {
      // Closed under us: whoever awaits a line will say so.
    }
  }

  /** All lines written so far. */
  List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** Types something into the program. */
  void type(String text) {
    try {
      process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new AssertionError(String.join(" ", command) + " reads no more: " + lines(), e);
    }
  }

  /** Waits until a line fits, and fails with everything written when none comes. */
  void awaitLine(String what, Predicate<String> fits) {
    try {
      Patience.until(what, () -> lines().stream().anyMatch(fits));
    } catch (AssertionError e) {
      throw new AssertionError(String.join(" ", command) + " wrote " + lines(), e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
