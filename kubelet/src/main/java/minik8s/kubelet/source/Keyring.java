package minik8s.kubelet.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import minik8s.api.Secret;
import minik8s.api.codec.Json;
import minik8s.kubelet.runtime.ContainerRuntime.Login;
import tools.jackson.databind.JsonNode;

/**
 * The logins that secrets hold for registries. Immutable. Source: Kubernetes' {@code
 * credentialprovider}: the longest fitting entry first.
 */
public final class Keyring {
  private static final String HUB = "docker.io";

  private record Key(String place, Login login) {}

  private final List<Key> keys;

  private Keyring(List<Key> keys) {
    this.keys = keys;
  }

  /** Reads secrets of both of Docker's forms; what is malformed holds no login. */
  public static Keyring of(List<Secret> secrets) {
    List<Key> keys = new ArrayList<>();
    for (Secret secret : secrets) {
      String modern = secret.data().get(".dockerconfigjson");
      String old = secret.data().get(".dockercfg");
      if (modern != null) {
        read(parsed(modern).path("auths"), keys);
      } else if (old != null) {
        read(parsed(old), keys);
      }
    }
    keys.sort((a, b) -> Integer.compare(b.place().length(), a.place().length()));
    return new Keyring(List.copyOf(keys));
  }

  private static JsonNode parsed(String base64) {
    try {
      return Json.parse(new String(Base64.getDecoder().decode(base64), UTF_8));
    } catch (RuntimeException e) {
      return Json.object();
    }
  }

  private static void read(JsonNode entries, List<Key> keys) {
    for (Map.Entry<String, JsonNode> entry : entries.properties()) {
      String place = entry.getKey().replaceFirst("^https?://", "").replaceFirst("/v[12]/?$", "");
      place = place.replaceFirst("/$", "");
      place = place.equals("index.docker.io") ? HUB : place;
      String user = entry.getValue().path("username").asString("");
      String password = entry.getValue().path("password").asString("");
      String both = decoded(entry.getValue().path("auth").asString(""));
      int colon = both.indexOf(':');
      if (colon > 0) {
        user = both.substring(0, colon);
        password = both.substring(colon + 1);
      }
      String token = entry.getValue().path("identitytoken").asString("");
      if (!user.isEmpty() || !token.isEmpty()) {
        keys.add(new Key(place, new Login(entry.getKey(), user, password, token)));
      }
    }
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** The logins to try for an image, the best first; empty for none. */
  public List<Login> logins(String image) {
    int slash = image.indexOf('/');
    String host = slash < 0 ? "" : image.substring(0, slash);
    boolean named = host.contains(".") || host.contains(":") || host.equals("localhost");
    String full = named ? image : HUB + "/" + image;
    return keys.stream().filter(key -> fits(key.place(), full)).map(Key::login).toList();
  }

  /** A host of the key may hold {@code *} for any one label; its path is a prefix. */
  private static boolean fits(String place, String image) {
    String[] wanted = place.split("/", 2);
    String[] given = image.split("/", 2);
    String pattern = ("\\Q" + wanted[0] + "\\E").replace("*", "\\E[^.]*\\Q");
    return given[0].matches(pattern)
        && (wanted.length < 2 || (given.length == 2 && given[1].startsWith(wanted[1])));
  }
}
