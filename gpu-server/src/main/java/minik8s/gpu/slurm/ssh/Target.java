package minik8s.gpu.slurm.ssh;

import java.time.Duration;
import java.util.List;

/**
 * Where to connect, and what is trusted there. Immutable.
 *
 * @param spacing the least time between two attempts to connect
 */
public record Target(String host, int port, List<String> hostKeys, Duration spacing) {
  public Target {
    hostKeys = List.copyOf(hostKeys);
  }
}
