package minik8s.kubelet.volume;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.Quantity;
import minik8s.api.SecurityContext;
import minik8s.api.Volume;
import minik8s.files.FolderTree;
import minik8s.kubelet.source.PodFields;
import minik8s.kubelet.source.References;
import minik8s.kubelet.source.SourceFailure;
import org.jspecify.annotations.Nullable;

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

  /** Volumes that their group has got, by uid and name. */
  private final Set<String> given = ConcurrentHashMap.newKeySet();

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
   * @return each volume by name
   * @throws SourceFailure when something that a volume needs is missing
   */
  public Map<String, PreparedVolume> prepare(PodFields fields) {
    Map<String, PreparedVolume> paths = new HashMap<>();
    for (Volume volume : fields.pod().spec().volumes()) {
      try {
        paths.put(volume.name(), prepare(volume, fields));
      } catch (SourceFailure e) {
        if (claims(volume)) {
          throw e;
        }
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

  /** Whether the pod has volumes that name other objects. */
  public static boolean names(Pod pod) {
    return follows(pod) || pod.spec().volumes().stream().anyMatch(PodVolumes::claims);
  }

  private static boolean claims(Volume volume) {
    return volume.persistentVolumeClaim() != null || volume.ephemeral() != null;
  }

  private PreparedVolume prepare(Volume volume, PodFields fields) throws IOException {
    Pod pod = fields.pod();
    if (volume.hostPath() != null) {
      return PreparedVolume.writable(HostPaths.check(volume.hostPath()));
    }
    if (claims(volume)) {
      Claims.Storage storage = new Claims(references).storage(pod, volume);
      if (storage.ownable()) {
        give(pod, volume, storage.volume().path());
      }
      return storage.volume();
    }
    if (volume.emptyDir() != null) {
      return PreparedVolume.writable(emptyDir(volume, fields));
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
    Long group = group(pod);
    if (group != null) {
      files.replaceAll((_, file) -> new Payload(file.bytes(), file.mode() | Ownership.READ_ONLY));
    }
    new AtomicFolder(path, group).write(files);
    return new PreparedVolume(path, true);
  }

  private Path emptyDir(Volume volume, PodFields fields) throws IOException {
    Pod pod = fields.pod();
    Volume.EmptyDir source = Objects.requireNonNull(volume.emptyDir());
    Path path = volumes(pod.uid()).resolve("kubernetes.io~empty-dir").resolve(volume.name());
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path);
      AtomicFolder.permit(path, 0777);
    }
    switch (source.medium()) {
      case "" -> {}
      case "Memory" -> mounts.tmpfs(path, memory(source, fields));
      default ->
          throw new SourceFailure("unknown or unsupported storage medium " + source.medium());
    }
    give(pod, volume, path);
    return path;
  }

  /** What a volume in memory can hold: its own limit, and no more than the pod or node has. */
  private static long memory(Volume.EmptyDir source, PodFields fields) {
    Quantity node = fields.allocatable().get("memory");
    long bytes = node == null ? Long.MAX_VALUE : node.value();
    long ofPod = 0;
    for (Container container : fields.pod().spec().containers()) {
      Quantity limit = container.resources().limits().get("memory");
      ofPod = limit == null || ofPod == Long.MAX_VALUE ? Long.MAX_VALUE : ofPod + limit.value();
    }
    bytes = Math.min(bytes, ofPod == 0 ? Long.MAX_VALUE : ofPod);
    bytes = source.sizeLimit() == null ? bytes : Math.min(bytes, source.sizeLimit().value());
    return bytes == Long.MAX_VALUE ? 0 : bytes;
  }

  private static @Nullable Long group(Pod pod) {
    SecurityContext.OfPod context = pod.spec().securityContext();
    return context == null ? null : context.fsGroup();
  }

  /** Once per kubelet: what containers write later has the folder's group by itself. */
  private void give(Pod pod, Volume volume, Path path) throws IOException {
    Long group = group(pod);
    if (group != null && given.add(pod.uid() + "/" + volume.name())) {
      SecurityContext.OfPod context = Objects.requireNonNull(pod.spec().securityContext());
      Ownership.give(path, group, context.fsGroupChangePolicy().equals("OnRootMismatch"));
    }
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

  /** How many bytes lie in the volumes that live and die with the pod, by volume. */
  public Map<String, Long> sizes(Pod pod) {
    Map<String, Long> sizes = new HashMap<>();
    for (Volume volume : pod.spec().volumes()) {
      if (volume.emptyDir() != null) {
        Path path = volumes(pod.uid()).resolve("kubernetes.io~empty-dir").resolve(volume.name());
        sizes.put(volume.name(), size(path));
      }
    }
    return sizes;
  }

  private static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .mapToLong(file -> file.toFile().length())
          .sum();
    } catch (IOException | UncheckedIOException e) {
      // Files come and go while they are counted: the next count will do.
      return 0;
    }
  }

  /** Removes everything of a pod; idempotent. */
  public void remove(String uid) throws IOException {
    tokens.keySet().removeIf(key -> key.startsWith(uid + "/"));
    given.removeIf(key -> key.startsWith(uid + "/"));
    Path folder = folder(uid);
    mounts.unmountBelow(folder);
    FolderTree.delete(folder);
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
