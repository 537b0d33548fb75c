package minik8s.kubelet.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import minik8s.api.ConfigMap;
import minik8s.api.Container;
import minik8s.api.ObjectKey;
import minik8s.api.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A container's variables, resolved from all their sources. Stateless; asks {@link References}.
 *
 * <p>Order as in Kubernetes: services, then {@code envFrom}, then {@code env}; later ones win, and
 * {@code $(NAME)} sees what came before.
 */
public final class Environment {
  private Environment() {}

  /**
   * @throws SourceFailure naming what is missing
   */
  public static Map<String, String> of(
      Container container, PodFields fields, References references) {
    String namespace = fields.pod().metadata().namespace();
    boolean links = !Boolean.FALSE.equals(fields.pod().spec().enableServiceLinks());
    Map<String, String> variables =
        new LinkedHashMap<>(ServiceVariables.of(references.services(), namespace, links));
    for (Container.EnvFrom from : container.envFrom()) {
      everything(from, namespace, references)
          .forEach((key, value) -> variables.put(from.prefix() + key, value));
    }
    for (Container.EnvVar variable : container.env()) {
      String value =
          variable.valueFrom() == null
              ? Expansion.expand(variable.value(), variables)
              : sourced(variable.valueFrom(), container, fields, references);
      if (value != null) {
        variables.put(variable.name(), value);
      }
    }
    return variables;
  }

  /** As {@code NAME=value}. */
  public static List<String> lines(Map<String, String> variables) {
    return variables.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  private static Map<String, String> everything(
      Container.EnvFrom from, String namespace, References references) {
    Container.ObjectRef configMap = from.configMapRef();
    if (configMap != null) {
      return references
          .configMap(new ObjectKey(namespace, configMap.name()))
          .map(ConfigMap::data)
          .orElseGet(() -> missing(configMap.optional(), "configmap", configMap.name()));
    }
    Container.ObjectRef secret = from.secretRef();
    if (secret != null) {
      return references
          .secret(new ObjectKey(namespace, secret.name()))
          .map(Environment::texts)
          .orElseGet(() -> missing(secret.optional(), "secret", secret.name()));
    }
    return Map.of();
  }

  private static Map<String, String> missing(boolean optional, String kind, String name) {
    if (optional) {
      return Map.of();
    }
    throw new SourceFailure(kind + " \"" + name + "\" not found");
  }

  private static Map<String, String> texts(Secret secret) {
    Map<String, String> texts = new LinkedHashMap<>();
    secret.data().forEach((key, value) -> texts.put(key, decoded(value)));
    return texts;
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), UTF_8);
  }

  /** The value; null when an optional source is missing. */
  private static @Nullable String sourced(
      Container.EnvVarSource source, Container container, PodFields fields, References references) {
    if (source.fieldRef() != null) {
      return fields.field(source.fieldRef().fieldPath());
    }
    if (source.resourceFieldRef() != null) {
      return fields.resource(source.resourceFieldRef(), container.name());
    }
    String namespace = fields.pod().metadata().namespace();
    Container.KeyRef fromMap = source.configMapKeyRef();
    if (fromMap != null) {
      Optional<ConfigMap> found = references.configMap(new ObjectKey(namespace, fromMap.name()));
      return value(fromMap, found.map(ConfigMap::data), "configmap", "ConfigMap", namespace);
    }
    Container.KeyRef fromSecret = source.secretKeyRef();
    if (fromSecret != null) {
      Optional<Secret> found = references.secret(new ObjectKey(namespace, fromSecret.name()));
      String value = value(fromSecret, found.map(Secret::data), "secret", "Secret", namespace);
      return value == null ? null : decoded(value);
    }
    return "";
  }

  private static @Nullable String value(
      Container.KeyRef ref,
      Optional<Map<String, String>> data,
      String plainKind,
      String kind,
      String namespace) {
    String value = data.map(d -> d.get(ref.key())).orElse(null);
    if (value != null || ref.optional()) {
      return value;
    }
    throw new SourceFailure(
        data.isEmpty()
            ? plainKind + " \"" + ref.name() + "\" not found"
            : "couldn't find key "
                + ref.key()
                + " in "
                + kind
                + " "
                + namespace
                + "/"
                + ref.name());
  }
}
