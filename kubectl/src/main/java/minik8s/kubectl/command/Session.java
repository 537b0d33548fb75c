package minik8s.kubectl.command;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.Discovery;
import minik8s.kubectl.client.Endpoint;
import minik8s.kubectl.client.EndpointReader;
import minik8s.kubectl.client.KubeConfig;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Transport;
import org.jspecify.annotations.Nullable;

/**
 * One run of the program: its streams, environment and flags, and the connection, made when first
 * asked for. Confined to one thread.
 */
public final class Session implements AutoCloseable {
  private final Streams streams;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final Arguments arguments;
  private final Set<String> warned = new LinkedHashSet<>();
  private @Nullable KubeConfig config;
  private @Nullable ApiServer server;
  private @Nullable Discovery discovery;

  /** A run with its surroundings. */
  public Session(
      Streams streams, Map<String, String> environment, InstantSource clock, Arguments arguments) {
    this.streams = streams;
    this.environment = environment;
    this.clock = clock;
    this.arguments = arguments;
  }

  /** What the user typed. */
  Arguments arguments() {
    return arguments;
  }

  /** The streams. */
  public Streams streams() {
    return streams;
  }

  /** The clock. */
  public InstantSource clock() {
    return clock;
  }

  /** The environment variables. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Prints a line on standard output. */
  public void print(String line) {
    streams.out().append(line).append('\n');
  }

  /** Prints a line on standard error. */
  public void complain(String line) {
    streams.out().flush();
    streams.err().append(line).append('\n').flush();
  }

  /** The verbosity, from {@code -v}. */
  public int verbosity() {
    return (int) arguments.number("--v");
  }

  /** The home folder's {@code .kube}. */
  public Path kubeFolder() {
    String home = environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
    return Path.of(home, ".kube");
  }

  /** The kubeconfig files in order, whether they exist or not. */
  public List<Path> configFiles() {
    String flag = arguments.text("--kubeconfig");
    if (!flag.isEmpty()) {
      return List.of(Path.of(flag));
    }
    List<Path> out = new ArrayList<>();
    for (String file : environment.getOrDefault("KUBECONFIG", "").split(":", -1)) {
      if (!file.isEmpty()) {
        out.add(Path.of(file));
      }
    }
    return out.isEmpty() ? List.of(kubeFolder().resolve("config")) : out;
  }

  /** The merged kubeconfig. */
  public KubeConfig config() {
    if (config == null) {
      config = KubeConfig.load(configFiles(), !arguments.text("--kubeconfig").isEmpty());
    }
    return config;
  }

  /** The namespace to work in. */
  public String namespace() {
    String flag = arguments.text("--namespace");
    if (!flag.isEmpty()) {
      return flag;
    }
    String fromContext = endpoints().namespace();
    return fromContext.isEmpty() ? "default" : fromContext;
  }

  /** Whether the namespace was demanded by flag. */
  public boolean namespaceGiven() {
    return !arguments.text("--namespace").isEmpty();
  }

  private EndpointReader endpoints() {
    EndpointReader.Overrides overrides =
        new EndpointReader.Overrides(
            arguments.text("--context"),
            arguments.text("--cluster"),
            arguments.text("--user"),
            arguments.text("--server"),
            arguments.text("--token"),
            arguments.text("--certificate-authority"),
            arguments.text("--client-certificate"),
            arguments.text("--client-key"),
            arguments.text("--tls-server-name"),
            arguments.bool("--insecure-skip-tls-verify"),
            timeout(),
            arguments.text("--as"),
            arguments.list("--as-group"));
    return new EndpointReader(config(), overrides, environment);
  }

  private int timeout() {
    String text = arguments.text("--request-timeout");
    boolean seconds = !text.isEmpty() && text.chars().allMatch(Character::isDigit);
    Duration limit = GoDuration.parse(seconds ? text + "s" : text);
    if (limit == null) {
      throw KubectlException.error(
          "invalid timeout value. Timeout must be a single integer in seconds, or an integer"
              + " followed by a corresponding time unit (e.g. 1s | 2m | 3h)");
    }
    return (int) limit.toMillis();
  }

  /** The server. */
  public ApiServer server() {
    if (server == null) {
      Endpoint endpoint = endpoints().read();
      server = new ApiServer(new Transport(endpoint, trace()), this::warn);
    }
    return server;
  }

  private Transport.@Nullable Trace trace() {
    int level = verbosity();
    return level < 6 ? null : new Transport.Trace(streams.err(), level, clock);
  }

  private void warn(String text) {
    if (warned.add(text)) {
      String word = streams.terminal() && Colour.wanted(environment) ? Colour.YELLOW : "";
      complain(word + "Warning:" + (word.isEmpty() ? "" : Colour.RESET) + " " + text);
    }
  }

  /** Whether {@code --warnings-as-errors} turns this run into a failure. */
  public void settleWarnings() {
    if (arguments.bool("--warnings-as-errors") && !warned.isEmpty()) {
      String noun = warned.size() == 1 ? " warning received" : " warnings received";
      throw KubectlException.error(warned.size() + noun);
    }
  }

  /** The kinds of the server. */
  public Discovery discovery() {
    if (discovery == null) {
      String flag = arguments.text("--cache-dir");
      Path folder = flag.isEmpty() ? kubeFolder().resolve("cache") : Path.of(flag);
      discovery = new Discovery(server(), folder, clock);
    }
    return discovery;
  }

  @Override
  public void close() {
    streams.out().flush();
    if (server != null) {
      server.close();
    }
  }
}
