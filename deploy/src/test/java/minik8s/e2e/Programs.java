package minik8s.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs programs to their end, or starts them to be read while they run. Thread-safe. */
final class Programs {
  /** Longer than any single command may take, shorter than a patient reader. */
  static final Duration LIMIT = Duration.ofMinutes(5);

  private Programs() {}

  /** Runs with empty input in the current environment. */
  static Ran run(List<String> command) {
    return run(command, Map.of(), "");
  }

  /** Runs to the end; a program that outlives {@link #LIMIT} is killed and fails the test. */
  static Ran run(List<String> command, Map<String, String> environment, String input) {
    try {
      Process process = builder(command, environment).start();
      CompletableFuture<String> out = drain(process.getInputStream());
      CompletableFuture<String> err = drain(process.getErrorStream());
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // The program ended without reading its input: its exit code will tell.
      }
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError("still running after " + LIMIT + ": " + String.join(" ", command));
      }
      return new Ran(command, process.exitValue(), out.join(), err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts a program whose output is read while it runs. */
  static Running start(List<String> command, Map<String, String> environment) {
    try {
      return new Running(command, builder(command, environment).redirectErrorStream(true).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessBuilder builder(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.directory(Path.of(".").toAbsolutePath().toFile());
    return builder;
  }

  private static CompletableFuture<String> drain(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (stream) {
            text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException e) {
            text.completeExceptionally(e);
          }
        });
    return text;
  }
}
