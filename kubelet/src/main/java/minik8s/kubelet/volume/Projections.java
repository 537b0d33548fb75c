package minik8s.kubelet.volume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import minik8s.api.ConfigMap;
import minik8s.api.ObjectKey;
import minik8s.api.Secret;
import minik8s.api.Volume;
import minik8s.kubelet.source.PodFields;
import minik8s.kubelet.source.References;
import minik8s.kubelet.source.SourceFailure;
import org.jspecify.annotations.Nullable;

/** The files that a ConfigMap, Secret, downward API or projected volume holds. Stateless. */
final class Projections {
  private static final int DEFAULT_MODE = 0644;
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);

  private final PodFields fields;
  private final References references;
  private final BiFunction<String, Duration, String> tokens;

  /**
   * @param tokens gives a token for an audience and a lifetime
   */
  Projections(
      PodFields fields, References references, BiFunction<String, Duration, String> tokens) {
    this.fields = fields;
    this.references = references;
    this.tokens = tokens;
  }

  /** The volume's files; null when it is of another type. */
  @Nullable Map<String, Payload> files(Volume volume) {
    Map<String, Payload> files = new HashMap<>();
    if (volume.configMap() != null) {
      Volume.ConfigMapSource source = volume.configMap();
      configMap(
          source.name(), source.items(), source.optional(), mode(source.defaultMode()), files);
    } else if (volume.secret() != null) {
      Volume.SecretSource source = volume.secret();
      secret(
          source.secretName(),
          source.items(),
          source.optional(),
          mode(source.defaultMode()),
          files);
    } else if (volume.downwardAPI() != null) {
      downward(volume.downwardAPI(), mode(volume.downwardAPI().defaultMode()), files);
    } else if (volume.projected() != null) {
      int mode = mode(volume.projected().defaultMode());
      volume.projected().sources().forEach(source -> projection(source, mode, files));
    } else {
      return null;
    }
    return files;
  }

  private static int mode(@Nullable Integer mode) {
    return mode == null ? DEFAULT_MODE : mode;
  }

  private void projection(Volume.Projection source, int mode, Map<String, Payload> files) {
    if (source.configMap() != null) {
      Volume.ConfigMapProjection map = source.configMap();
      configMap(map.name(), map.items(), map.optional(), mode, files);
    } else if (source.secret() != null) {
      Volume.ConfigMapProjection secret = source.secret();
      secret(secret.name(), secret.items(), secret.optional(), mode, files);
    } else if (source.downwardAPI() != null) {
      downward(source.downwardAPI(), mode, files);
    } else if (source.serviceAccountToken() != null) {
      Volume.ServiceAccountToken token = source.serviceAccountToken();
      Duration lifetime =
          token.expirationSeconds() == null
              ? TOKEN_LIFETIME
              : Duration.ofSeconds(token.expirationSeconds());
      files.put(
          token.path(),
          new Payload(tokens.apply(token.audience(), lifetime).getBytes(UTF_8), mode));
    }
  }

  private void configMap(
      String name,
      List<Volume.Item> items,
      boolean optional,
      int mode,
      Map<String, Payload> files) {
    Optional<ConfigMap> found = references.configMap(key(name));
    if (found.isEmpty() && !optional) {
      throw new SourceFailure("configmap \"" + name + "\" not found");
    }
    Map<String, byte[]> data = new HashMap<>();
    found.ifPresent(map -> {
      map.data().forEach((key, value) -> data.put(key, value.getBytes(UTF_8)));
      map.binaryData().forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
    });
    select(data, items, optional, mode, files, "configmap");
  }

  private void secret(
      String name,
      List<Volume.Item> items,
      boolean optional,
      int mode,
      Map<String, Payload> files) {
    Optional<Secret> found = references.secret(key(name));
    if (found.isEmpty() && !optional) {
      throw new SourceFailure("secret \"" + name + "\" not found");
    }
    Map<String, byte[]> data = new HashMap<>();
    found.ifPresent(secret ->
        secret.data().forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value))));
    select(data, items, optional, mode, files, "secret");
  }

  private static void select(
      Map<String, byte[]> data,
      List<Volume.Item> items,
      boolean optional,
      int mode,
      Map<String, Payload> files,
      String kind) {
    if (items.isEmpty()) {
      data.forEach((key, bytes) -> files.put(key, new Payload(bytes, mode)));
      return;
    }
    for (Volume.Item item : items) {
      byte[] bytes = data.get(item.key());
      if (bytes != null) {
        files.put(item.path(), new Payload(bytes, item.mode() == null ? mode : item.mode()));
      } else if (!optional) {
        throw new SourceFailure(kind + " references non-existent config key: " + item.key());
      }
    }
  }

  private void downward(Volume.DownwardApi source, int mode, Map<String, Payload> files) {
    for (Volume.DownwardItem item : source.items()) {
      String text =
          item.fieldRef() != null
              ? fields.field(item.fieldRef().fieldPath())
              : item.resourceFieldRef() != null ? fields.resource(item.resourceFieldRef(), "") : "";
      files.put(
          item.path(), new Payload(text.getBytes(UTF_8), item.mode() == null ? mode : item.mode()));
    }
  }

  private ObjectKey key(String name) {
    return new ObjectKey(fields.pod().metadata().namespace(), name);
  }
}
