package minik8s.e2e;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A real Slurm cluster of one node on this machine, in a place and on ports of its own. Closing it
 * removes it. Thread-safe.
 */
final class SlurmBed implements AutoCloseable {
  private final String home;
  private final Map<String, String> environment;

  private SlurmBed(String home, int port) {
    this.home = home;
    this.environment = Map.of("NO_COLOR", "1", "PORT_BASE", Integer.toString(port));
  }

  /** Starts one; its daemons need a folder that users who are not root can enter. */
  static SlurmBed start(String name, int port) {
    SlurmBed bed = new SlurmBed("/var/lib/minik8s-slurm-" + name, port);
    bed.run("start").ok();
    return bed;
  }

  /** Runs the test bed's own program. */
  Ran run(String... args) {
    List<String> command =
        new ArrayList<>(
            List.of(
                TestCluster.example("../../deploy/gpu/testbed/slurm-testbed")
                    .normalize()
                    .toString(),
                "--home",
                home));
    command.addAll(List.of(args));
    return Programs.run(command, environment, "");
  }

  /** The documents that make it known to a cluster. */
  String manifests() {
    return run("manifests").ok().out();
  }

  /** How to log in, by the names of {@code slurm-testbed env}. */
  Map<String, String> logins() {
    Map<String, String> out = new HashMap<>();
    for (String line : run("env").ok().out().lines().toList()) {
      String[] parts = line.replaceFirst("^export ", "").split("=", 2);
      out.put(parts[0], parts[1]);
    }
    return out;
  }

  @Override
  public void close() {
    run("purge").ok();
  }
}
