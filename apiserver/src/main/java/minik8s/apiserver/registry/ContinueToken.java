package minik8s.apiserver.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Where the next page of a list begins, as clients carry it around. Immutable.
 *
 * <p>Source of the form: apiserver's {@code storage/continue.go}.
 *
 * @param revision the revision that all pages show; -1 means the newest
 * @param start the first key wanted, relative to the listed prefix
 */
record ContinueToken(long revision, String start) {
  private static final String VERSION = "meta.k8s.io/v1";

  /** Reads a token; throws BadRequest for anything else. */
  static ContinueToken parse(String token) {
    try {
      JsonNode read = Json.parse(new String(Base64.getUrlDecoder().decode(token), UTF_8));
      long revision = read.path("rv").asLong(0);
      String start = read.path("start").asString("");
      if (!read.path("v").asString("").equals(VERSION) || revision == 0 || start.isEmpty()) {
        throw refused("incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
      }
      return new ContinueToken(revision, start);
    } catch (JacksonException | IllegalArgumentException e) {
      throw refused("illegal base64 data or JSON");
    }
  }

  private static RuntimeException refused(String why) {
    return Failure.badRequest("invalid continue token: continue key is not valid: " + why)
        .asException();
  }

  /** The token as text. */
  String text() {
    byte[] json =
        Json.bytes(Json.object().put("v", VERSION).put("rv", revision).put("start", start));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
  }
}
