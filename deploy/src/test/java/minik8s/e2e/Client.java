package minik8s.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A kubectl: ours or somebody else's, pointed at one cluster and one namespace. Immutable.
 *
 * @param version minor version of the Kubernetes release, or {@link #OURS}
 */
record Client(String name, int version, List<String> command, Map<String, String> environment) {
  static final int OURS = Integer.MAX_VALUE;

  /** This client with a default namespace for every command. */
  Client in(String namespace) {
    List<String> longer = new ArrayList<>(command);
    longer.addAll(List.of("-n", namespace));
    return new Client(name, version, List.copyOf(longer), environment);
  }

  Ran run(String... args) {
    return Programs.run(line(args), environment, "");
  }

  /** Runs with something on standard input. */
  Ran feed(String input, String... args) {
    return Programs.run(line(args), environment, input);
  }

  Running start(String... args) {
    return Programs.start(line(args), environment);
  }

  /** Applies an example manifest. */
  Ran apply(Path manifest) {
    return run("apply", "-f", manifest.toString());
  }

  /** One field of one object, as jsonpath prints it. */
  String field(String object, String path) {
    return run("get", object, "-o", "jsonpath=" + path).ok().out().strip();
  }

  private List<String> line(String... args) {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of(args));
    return line;
  }

  @Override
  public String toString() {
    return name;
  }
}
