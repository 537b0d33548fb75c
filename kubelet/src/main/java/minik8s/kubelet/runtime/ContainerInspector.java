package minik8s.kubelet.runtime;

import java.util.Optional;

/** Tells what measuring a container needs to know of it. Thread-safe. */
@FunctionalInterface
public interface ContainerInspector {
  /**
   * One running container; empty when it does not run.
   *
   * @throws RuntimeFailure when the engine does not answer
   */
  Optional<Inspection> look(String id);

  /**
   * A running container, as it stays until it ends. Immutable.
   *
   * @param pid of its first process, in the host's numbering
   * @param image its reference, as asked for at creation
   * @param engineName such as {@code k8s_web_web-1_default_UID_0}
   * @param hostNetwork whether it has no network of its own
   * @param writableLayer folder of what it has written over its image; empty when unknown
   * @param folder of its log and settings; empty when unknown
   */
  record Inspection(
      long pid,
      String image,
      String engineName,
      boolean hostNetwork,
      String writableLayer,
      String folder) {}
}
