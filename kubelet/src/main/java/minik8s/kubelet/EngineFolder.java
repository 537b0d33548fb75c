package minik8s.kubelet;

import java.nio.file.Path;
import java.util.function.Supplier;
import minik8s.kubelet.runtime.ContainerRuntime;
import minik8s.kubelet.runtime.RuntimeFailure;
import org.jspecify.annotations.Nullable;

/**
 * Where the engine keeps images, asked for once; the kubelet's own folder while the engine does not
 * answer. Thread-safe.
 */
final class EngineFolder implements Supplier<Path> {
  private final ContainerRuntime runtime;
  private final Path otherwise;
  private volatile @Nullable Path known;

  EngineFolder(ContainerRuntime runtime, Path otherwise) {
    this.runtime = runtime;
    this.otherwise = otherwise;
  }

  @Override
  public Path get() {
    Path folder = known;
    if (folder == null) {
      try {
        folder = runtime.folder();
        known = folder;
      } catch (RuntimeFailure e) {
        return otherwise;
      }
    }
    return folder;
  }
}
