package minik8s.api;

import java.util.List;
import minik8s.api.codec.Raw;
import org.jspecify.annotations.Nullable;

/** A directory that containers of a pod can mount; at most one source is set. Immutable. */
public record Volume(
    String name,
    @Nullable EmptyDir emptyDir,
    @Nullable HostPath hostPath,
    @Nullable ConfigMapSource configMap,
    @Nullable SecretSource secret,
    @Nullable Projected projected,
    @Nullable DownwardApi downwardAPI,
    @Nullable ClaimSource persistentVolumeClaim,
    @Nullable Ephemeral ephemeral,
    @Nullable ImageSource image) {
  public Volume {
    name = Lists.of(name);
  }

  /** A PersistentVolumeClaim of the pod's namespace. */
  public record ClaimSource(String claimName, boolean readOnly) {
    public ClaimSource {
      claimName = Lists.of(claimName);
    }
  }

  /** A claim of the pod's own, named {@code POD-VOLUME}, made from a template. */
  public record Ephemeral(@Nullable Raw volumeClaimTemplate) {}

  /** The files of an image. */
  public record ImageSource(String reference, String pullPolicy) {
    public ImageSource {
      reference = Lists.of(reference);
      pullPolicy = Lists.of(pullPolicy);
    }
  }

  /** A directory that lives as long as the pod; medium {@code Memory} is a tmpfs. */
  public record EmptyDir(String medium, @Nullable Quantity sizeLimit) {
    public EmptyDir {
      medium = Lists.of(medium);
    }
  }

  /**
   * A path of the node.
   *
   * @param type what must be there, such as {@code DirectoryOrCreate}; empty means no check
   */
  public record HostPath(String path, String type) {
    public HostPath {
      path = Lists.of(path);
      type = Lists.of(type);
    }
  }

  /** One key and the relative path that it becomes; mode in decimal, null for the default. */
  public record Item(String key, String path, @Nullable Integer mode) {
    public Item {
      key = Lists.of(key);
      path = Lists.of(path);
    }
  }

  /** The keys of a ConfigMap as files. */
  public record ConfigMapSource(
      String name, List<Item> items, @Nullable Integer defaultMode, boolean optional) {
    public ConfigMapSource {
      name = Lists.of(name);
      items = Lists.of(items);
    }
  }

  /** The keys of a Secret as files. */
  public record SecretSource(
      String secretName, List<Item> items, @Nullable Integer defaultMode, boolean optional) {
    public SecretSource {
      secretName = Lists.of(secretName);
      items = Lists.of(items);
    }
  }

  /** Several sources in one directory. */
  public record Projected(List<Projection> sources, @Nullable Integer defaultMode) {
    public Projected {
      sources = Lists.of(sources);
    }
  }

  /** One source of a projected volume; exactly one is set. */
  public record Projection(
      @Nullable ConfigMapProjection configMap,
      @Nullable ConfigMapProjection secret,
      @Nullable DownwardApi downwardAPI,
      @Nullable ServiceAccountToken serviceAccountToken) {}

  /** A ConfigMap or Secret inside a projected volume. */
  public record ConfigMapProjection(String name, List<Item> items, boolean optional) {
    public ConfigMapProjection {
      name = Lists.of(name);
      items = Lists.of(items);
    }
  }

  /** Fields of the pod as files. */
  public record DownwardApi(List<DownwardItem> items, @Nullable Integer defaultMode) {
    public DownwardApi {
      items = Lists.of(items);
    }
  }

  /** One field of the pod as a file. */
  public record DownwardItem(
      String path,
      Container.@Nullable FieldRef fieldRef,
      Container.@Nullable ResourceFieldRef resourceFieldRef,
      @Nullable Integer mode) {
    public DownwardItem {
      path = Lists.of(path);
    }
  }

  /** A token of the pod's service account, renewed before it expires. */
  public record ServiceAccountToken(
      String path, String audience, @Nullable Long expirationSeconds) {
    public ServiceAccountToken {
      path = Lists.of(path);
      audience = Lists.of(audience);
    }
  }
}
