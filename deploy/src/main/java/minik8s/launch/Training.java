package minik8s.launch;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs several mains in one JVM until its standard input ends, so that one class-data cache learns
 * the classes of all daemons. Never part of a cluster: the launcher runs it once per build. One
 * platform thread per main.
 */
public final class Training {
  private static final String SEPARATOR = "--";

  private Training() {}

  /** Takes command lines, each beginning with {@code --} and the name of a main class. */
  public static void main(String... args) throws IOException {
    for (List<String> command : commands(args)) {
      Thread.ofPlatform().name(command.getFirst()).start(() -> run(command));
    }
    while (System.in.read() >= 0) {
      // Only the end of the input means anything.
    }
    System.exit(0);
  }

  static List<List<String>> commands(String... args) {
    List<List<String>> commands = new ArrayList<>();
    for (String arg : args) {
      if (arg.equals(SEPARATOR)) {
        commands.add(new ArrayList<>());
      } else if (commands.isEmpty()) {
        throw new IllegalArgumentException(
            "a command line begins with " + SEPARATOR + ", not with " + arg);
      } else {
        commands.getLast().add(arg);
      }
    }
    return commands;
  }

  private static void run(List<String> command) {
    try {
      Method main = Class.forName(command.getFirst()).getMethod("main", String[].class);
      main.invoke(null, (Object) command.subList(1, command.size()).toArray(String[]::new));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot run " + command.getFirst(), e);
    }
  }
}
