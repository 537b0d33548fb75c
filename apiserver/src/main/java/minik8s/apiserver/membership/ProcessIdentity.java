package minik8s.apiserver.membership;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * One process of one machine since one boot, so that another on the same machine can say for sure
 * that it is over. Immutable.
 *
 * <p>Source: proc(5).
 *
 * @param boot the machine's {@code boot_id}
 * @param pidNamespace what {@code pid} is counted in
 * @param started the process's start in clock ticks after boot; a later process of the same number
 *     has another
 */
record ProcessIdentity(String boot, String pidNamespace, long pid, long started) {
  private static final Path PROC = Path.of("/proc");

  /** Place of the start time behind the name, which is the second field and may hold spaces. */
  private static final int STARTED = 19;

  /** A process that no other can tell anything of, where there is no {@code /proc}. */
  private static final ProcessIdentity UNKNOWN = new ProcessIdentity("", "", 0, 0);

  /** This process. */
  static ProcessIdentity own() {
    try {
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).trim();
      String namespace = Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
      long pid = ProcessHandle.current().pid();
      return new ProcessIdentity(boot, namespace, pid, started(pid));
    } catch (IOException | UnsupportedOperationException e) {
      return UNKNOWN;
    }
  }

  /** Whether {@code other} ran where this process runs, and is certainly over. */
  boolean outlived(ProcessIdentity other) {
    if (boot.isEmpty() || !boot.equals(other.boot) || !pidNamespace.equals(other.pidNamespace)) {
      return false;
    }
    try {
      return started(other.pid) != other.started;
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static long started(long pid) throws IOException {
    String stat = Files.readString(PROC.resolve(pid + "/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[STARTED]);
  }
}
