package minik8s.kubelet.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import minik8s.api.Pod;
import minik8s.api.Volume;
import minik8s.kubelet.source.PodFields;
import minik8s.kubelet.source.References;
import minik8s.kubelet.source.SourceFailure;

/**
 * The volumes of the node's pods, under {@code <root>/pods/<uid>/volumes}. Thread-safe as long as
 * each pod has one caller at a time.
 */
public final class PodVolumes {
  private final Path pods;
  private final References references;
  private final Mounts mounts;
  private final InstantSource clock;
  private final Map<String, Token> tokens = new ConcurrentHashMap<>();

  private record Token(String text, Instant renewAt) {}

  public PodVolumes(Path root, References references, Mounts mounts, InstantSource clock) {
    this.pods = root.resolve("pods");
    this.references = references;
    this.mounts = mounts;
    this.clock = clock;
  }

  /** The pod's own folder. */
  public Path folder(String uid) {
    return pods.resolve(uid);
  }

  /**
   * Makes all volumes ready and brings their files up to date; idempotent.
   *
   * @return the folder or file of each volume by name
   * @throws SourceFailure when something that a volume needs is missing
   */
  public Map<String, Path> prepare(PodFields fields) {
    Map<String, Path> paths = new HashMap<>();
    for (Volume volume : fields.pod().spec().volumes()) {
      try {
        paths.put(volume.name(), prepare(volume, fields));
      } catch (SourceFailure e) {
        throw failure(volume, String.valueOf(e.getMessage()));
      } catch (IOException e) {
        throw failure(volume, e.getClass().getSimpleName() + ": " + e.getMessage());
      }
    }
    return paths;
  }

  private static SourceFailure failure(Volume volume, String why) {
    return new SourceFailure(
        "MountVolume.SetUp failed for volume \"" + volume.name() + "\" : " + why);
  }

  /** Whether the pod has volumes whose files follow other objects. */
  public static boolean follows(Pod pod) {
    return pod.spec().volumes().stream()
        .anyMatch(v ->
            v.configMap() != null
                || v.secret() != null
                || v.projected() != null
                || v.downwardAPI() != null);
  }

  private Path prepare(Volume volume, PodFields fields) throws IOException {
    Pod pod = fields.pod();
    if (volume.hostPath() != null) {
      return HostPaths.check(volume.hostPath());
    }
    if (volume.emptyDir() != null) {
      Path path = volumes(pod.uid()).resolve("kubernetes.io~empty-dir").resolve(volume.name());
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path);
        AtomicFolder.permit(path, 0777);
      }
      if (volume.emptyDir().medium().equals("Memory")) {
        mounts.tmpfs(path, volume.emptyDir().sizeLimit());
      }
      return path;
    }
    Map<String, Payload> files =
        new Projections(fields, references, (audience, life) -> token(pod, audience, life))
            .files(volume);
    if (files == null) {
      throw new SourceFailure("volume \"" + volume.name() + "\" is of no supported type");
    }
    boolean secret = volume.secret() != null || volume.projected() != null;
    Path parent =
        volumes(pod.uid()).resolve(secret ? "kubernetes.io~secret" : "kubernetes.io~files");
    Path path = parent.resolve(volume.name());
    Files.createDirectories(path);
    if (secret) {
      AtomicFolder.permit(parent, 0700);
    }
    new AtomicFolder(path).write(files);
    return path;
  }

  private Path volumes(String uid) {
    return folder(uid).resolve("volumes");
  }

  /** A token is kept until four fifths of its life are over. */
  private String token(Pod pod, String audience, Duration lifetime) {
    Instant now = clock.instant();
    Token known = tokens.get(pod.uid() + "/" + audience);
    if (known != null && now.isBefore(known.renewAt())) {
      return known.text();
    }
    String text = references.token(pod, audience, lifetime);
    tokens.put(
        pod.uid() + "/" + audience, new Token(text, now.plusSeconds(lifetime.toSeconds() * 4 / 5)));
    return text;
  }

  /** Removes everything of a pod; idempotent. */
  public void remove(String uid) throws IOException {
    tokens.keySet().removeIf(key -> key.startsWith(uid + "/"));
    Path folder = folder(uid);
    mounts.unmountBelow(folder);
    AtomicFolder.deleteTree(folder);
  }

  /** The uids of all pods that have a folder. */
  public Set<String> uids() {
    if (!Files.isDirectory(pods)) {
      return Set.of();
    }
    try (Stream<Path> entries = Files.list(pods)) {
      return entries.map(p -> String.valueOf(p.getFileName())).collect(Collectors.toSet());
    } catch (IOException e) {
      return Set.of();
    }
  }
}
