package minik8s.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Every kubectl that this machine has or can fetch, pointed at one cluster. */
final class Clients {
  private static final List<Integer> RECENT = List.of(29, 30, 31, 32, 33);

  private final TestCluster cluster;

  Clients(TestCluster cluster) {
    this.cluster = cluster;
  }

  Client ours() {
    return client("ours", Client.OURS, cluster.launcher("kubectl"));
  }

  /** Ours, Debian's 1.20, and those of 1.29 to 1.33 that lie beside the kubectl on the path. */
  List<Client> all() {
    List<Client> all = new ArrayList<>(List.of(ours()));
    debian().ifPresent(path -> all.add(client("kubectl-1-20", 20, List.of(path.toString()))));
    for (int minor : RECENT) {
      beside("kubectl.1." + minor)
          .ifPresent(
              path -> all.add(client("kubectl-1-" + minor, minor, List.of(path.toString()))));
    }
    return all;
  }

  /**
   * Ours first, then the oldest and the newest of the others: enough where seven would tell nothing
   * more.
   */
  List<Client> few() {
    List<Client> all = all();
    return all.size() <= 3 ? all : List.of(all.get(0), all.get(1), all.getLast());
  }

  private Client client(String name, int version, List<String> command) {
    // A home of its own: discovery caches are kept per server address, and ports are used again.
    String home =
        version == Client.OURS
            ? System.getProperty("user.home")
            : cluster.home().resolve("e2e/" + name).toString();
    return new Client(
        name,
        version,
        command,
        Map.of("KUBECONFIG", cluster.kubeconfig().toString(), "HOME", home, "NO_COLOR", "1"));
  }

  private static Optional<Path> beside(String name) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(folder -> Path.of(folder, "kubectl"))
        .filter(Files::isExecutable)
        .map(Clients::real)
        .map(kubectl -> kubectl.resolveSibling(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Debian's kubectl, unpacked without installing it, for another package may own its path. */
  private static Optional<Path> debian() {
    Path folder = Path.of(System.getProperty("user.home"), ".cache/minik8s/kubernetes-client");
    Path kubectl = folder.resolve("usr/bin/kubectl");
    if (!Files.isExecutable(kubectl)) {
      String script =
          "mkdir -p '%s' && cd '%s' && apt-get -q download kubernetes-client && dpkg -x kubernetes-client_*.deb ."
              .formatted(folder, folder);
      Programs.run(List.of("sh", "-c", script));
    }
    return Files.isExecutable(kubectl) ? Optional.of(kubectl) : Optional.empty();
  }
}
