package minik8s.client;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import minik8s.api.codec.Yaml;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Where the API server is and how a daemon proves who it is, read from a kubeconfig's current
 * context. Immutable. Our own {@code kubectl} has a fuller reader with contexts and overrides.
 *
 * @param server the base URL
 * @param tls trust and client certificate
 * @param token the bearer token of this moment; empty when the certificate speaks
 */
public record KubeConfig(URI server, SSLContext tls, Supplier<String> token) {

  /**
   * Reads a kubeconfig file.
   *
   * @throws IllegalArgumentException with a sentence that names the file and what is wrong
   */
  public static KubeConfig read(Path file) {
    try {
      List<JsonNode> documents = Yaml.documents(Files.readString(file));
      if (documents.isEmpty()) {
        throw new IllegalArgumentException("kubeconfig " + file + " is empty");
      }
      return of(documents.getFirst(), file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read kubeconfig " + file + ": " + e.getMessage(), e);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "kubeconfig " + file + " is no YAML: " + e.getOriginalMessage(), e);
    }
  }

  private static KubeConfig of(JsonNode config, Path file) {
    String current = config.path("current-context").asString("");
    JsonNode context = named(config.path("contexts"), current).path("context");
    JsonNode cluster =
        named(config.path("clusters"), context.path("cluster").asString("")).path("cluster");
    JsonNode user = named(config.path("users"), context.path("user").asString("")).path("user");
    String server = cluster.path("server").asString("");
    if (server.isEmpty()) {
      throw new IllegalArgumentException(
          "kubeconfig " + file + " names no server for its current context \"" + current + "\"");
    }
    SSLContext tls =
        Pem.context(
            data(cluster, "certificate-authority", file),
            data(user, "client-certificate", file),
            data(user, "client-key", file));
    String token = user.path("token").asString("");
    String tokenFile = user.path("tokenFile").asString("");
    return new KubeConfig(
        URI.create(server),
        tls,
        tokenFile.isEmpty() ? () -> token : new TokenFile(file.resolveSibling(tokenFile), token));
  }

  private static JsonNode named(JsonNode list, String name) {
    for (JsonNode entry : list) {
      if (entry.path("name").asString("").equals(name)) {
        return entry;
      }
    }
    return MissingNode.getInstance();
  }

  private static byte @Nullable [] data(JsonNode node, String field, Path file) {
    String inline = node.path(field + "-data").asString("");
    if (!inline.isEmpty()) {
      return Base64.getDecoder().decode(inline);
    }
    String path = node.path(field).asString("");
    return path.isEmpty() ? null : Pem.file(file.resolveSibling(path));
  }
}
