package minik8s.apiserver.authn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import minik8s.apiserver.authn.ServiceAccountTokens.BoundObject;
import minik8s.apiserver.kinds.Lookup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers {@code POST serviceaccounts/NAME/token}. Thread-safe. */
public final class TokenRequests {
  private static final String GROUP = "authentication.k8s.io";
  private static final long DEFAULT_SECONDS = 3600;
  private static final long LEAST_SECONDS = 600;
  private static final long MOST_SECONDS = 1L << 32;

  private final ServiceAccountTokens tokens;
  private final Lookup lookup;

  public TokenRequests(ServiceAccountTokens tokens, Lookup lookup) {
    this.tokens = tokens;
    this.lookup = lookup;
  }

  /**
   * The TokenRequest with its status filled in.
   *
   * @throws ApiException NotFound without that service account or bound object, Invalid for a bad
   *     expiry, Conflict for a bound object of another uid
   */
  public ObjectNode answer(String namespace, String serviceAccount, JsonNode request) {
    JsonNode account =
        lookup
            .get("", "serviceaccounts", namespace, serviceAccount)
            .orElseThrow(
                () -> Failure.notFound("", "serviceaccounts", serviceAccount).asException());
    JsonNode spec = request.path("spec");
    long seconds = spec.path("expirationSeconds").asLong(DEFAULT_SECONDS);
    checkSeconds(seconds);
    List<String> audiences = new ArrayList<>();
    spec.path("audiences").forEach(a -> audiences.add(a.asString("")));
    if (audiences.isEmpty()) {
      audiences.add(tokens.issuer());
    }
    List<BoundObject> bound = bound(namespace, spec.path("boundObjectRef"));
    String uid = account.path("metadata").path("uid").asString("");
    String token =
        tokens.sign(namespace, serviceAccount, uid, bound, audiences, Duration.ofSeconds(seconds));
    return document(namespace, serviceAccount, spec, audiences, seconds, token);
  }

  private ObjectNode document(
      String namespace,
      String serviceAccount,
      JsonNode spec,
      List<String> audiences,
      long seconds,
      String token) {
    ObjectNode answer = Json.object();
    answer.put("kind", "TokenRequest").put("apiVersion", GROUP + "/v1");
    ObjectNode metadata = answer.putObject("metadata");
    metadata.put("name", serviceAccount).put("namespace", namespace);
    metadata.put("creationTimestamp", Json.time(tokens.now()));
    ObjectNode answeredSpec = answer.putObject("spec");
    ArrayNode list = answeredSpec.putArray("audiences");
    audiences.forEach(list::add);
    answeredSpec.put("expirationSeconds", seconds);
    if (spec.path("boundObjectRef").isObject()) {
      answeredSpec.set("boundObjectRef", spec.path("boundObjectRef").deepCopy());
    } else {
      answeredSpec.putNull("boundObjectRef");
    }
    ObjectNode status = answer.putObject("status");
    status.put("token", token);
    status.put("expirationTimestamp", Json.time(tokens.now().plusSeconds(seconds)));
    return answer;
  }

  private static void checkSeconds(long seconds) {
    String problem =
        seconds < LEAST_SECONDS
            ? "may not specify a duration less than 10 minutes"
            : seconds > MOST_SECONDS ? "may not specify a duration larger than 2^32 seconds" : "";
    if (!problem.isEmpty()) {
      throw Failure.invalid(
              GROUP,
              "TokenRequest",
              "",
              List.of(
                  new Failure.Cause(
                      "FieldValueInvalid",
                      "Invalid value: " + seconds + ": " + problem,
                      "spec.expirationSeconds")))
          .asException();
    }
  }

  private List<BoundObject> bound(String namespace, JsonNode reference) {
    if (!reference.isObject()) {
      return List.of();
    }
    String kind = reference.path("kind").asString("");
    String name = reference.path("name").asString("");
    String claim =
        switch (kind) {
          case "Pod" -> "pod";
          case "Secret" -> "secret";
          case "Node" -> "node";
          default ->
              throw Failure.badRequest(
                      "cannot bind token for serviceaccount to object of type "
                          + reference.path("apiVersion").asString("")
                          + ", Kind="
                          + kind)
                  .asException();
        };
    JsonNode object = live(claim + "s", claim.equals("node") ? "" : namespace, name);
    String uid = object.path("metadata").path("uid").asString("");
    String wanted = reference.path("uid").asString("");
    if (!wanted.isEmpty() && !wanted.equals(uid)) {
      throw Failure.conflict(
              "",
              claim + "s",
              name,
              "the UID in the bound object reference (%s) does not match the UID in record. The object might have been deleted and then recreated"
                  .formatted(wanted))
          .asException();
    }
    List<BoundObject> bound = new ArrayList<>();
    bound.add(new BoundObject(claim, name, uid));
    String node = object.path("spec").path("nodeName").asString("");
    if (claim.equals("pod") && !node.isEmpty()) {
      lookup
          .get("", "nodes", "", node)
          .ifPresent(n ->
              bound.add(
                  new BoundObject("node", node, n.path("metadata").path("uid").asString(""))));
    }
    return bound;
  }

  private JsonNode live(String plural, String namespace, String name) {
    return lookup
        .get("", plural, namespace, name)
        .orElseThrow(() -> Failure.notFound("", plural, name).asException());
  }
}
