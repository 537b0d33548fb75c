package minik8s.kubectl.command;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * The user's terminal with echo and line editing off, by {@code stty}; closing restores it.
 * Thread-safe.
 */
final class RawTerminal implements AutoCloseable {
  private static final File TTY = new File("/dev/tty");

  private final String saved;

  private RawTerminal(String saved) {
    this.saved = saved;
  }

  /** Takes over the terminal if wanted and if standard input is one. */
  static RawTerminal open(boolean wanted) {
    if (!wanted || stty(true, "-g").isEmpty()) {
      return new RawTerminal("");
    }
    String saved = stty(false, "-g").strip();
    if (!saved.isEmpty()) {
      stty(false, "raw", "-echo");
    }
    return new RawTerminal(saved);
  }

  /** Whether there is a terminal. */
  boolean present() {
    return !saved.isEmpty();
  }

  /** The size as the remote side wants it, such as {@code {"Width":80,"Height":24}}. */
  String size() {
    List<String> words = List.of(stty(false, "size").strip().split(" ", -1));
    return words.size() == 2
        ? "{\"Width\":" + words.get(1) + ",\"Height\":" + words.get(0) + "}"
        : "";
  }

  /** Calls back with the new size at each SIGWINCH; does nothing where signals are out of reach. */
  void onResize(Consumer<String> listener) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler calls =
          (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
              listener.accept(size());
            }
            return null;
          };
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, calls);
      Object winch = signal.getConstructor(String.class).newInstance("WINCH");
      signal.getMethod("handle", signal, handler).invoke(null, winch, proxy);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      listener.accept("");
    }
  }

  private static String stty(boolean inherited, String... words) {
    List<String> line = new java.util.ArrayList<>(List.of("stty"));
    line.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.redirectInput(
        inherited ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.from(TTY));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    if (present()) {
      stty(false, saved);
    }
  }
}
