package minik8s.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import minik8s.api.ApiException;
import minik8s.api.Resource;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Leaves it to the API server who may use a daemon's own routes: a bearer token is shown to it in a
 * TokenReview, and whoever is known is asked about in a SubjectAccessReview. Thread-safe. Answers
 * are kept for {@link #KEPT}, so a permission that was taken away works for so long; when the API
 * server does not answer, nobody gets in but members of {@code system:masters}, whose certificate
 * says so.
 *
 * <p>Source: Kubernetes' delegated authentication and authorization.
 */
public final class Delegation {
  /**
   * Two scrapes long. Kubernetes keeps answers for 10 s in most daemons, and in the kubelet for two
   * minutes (who) and five (may).
   */
  static final Duration KEPT = Duration.ofSeconds(30);

  private static final int MOST = 1000;

  private static final Resource<JsonNode> TOKENS =
      new Resource<>(
          "authentication.k8s.io", "v1", "tokenreviews", "TokenReview", false, JsonNode.class);
  private static final Resource<JsonNode> ACCESS =
      new Resource<>(
          "authorization.k8s.io",
          "v1",
          "subjectaccessreviews",
          "SubjectAccessReview",
          false,
          JsonNode.class);

  private final Reviewer reviewer;
  private final InstantSource clock;
  private final Map<String, Kept<Optional<Caller>>> callers = new ConcurrentHashMap<>();
  private final Map<Question, Kept<Boolean>> permissions = new ConcurrentHashMap<>();

  /** Puts a review to the API server and returns it answered. */
  @FunctionalInterface
  public interface Reviewer {
    /** Throws {@link ApiException} when it cannot be answered. */
    JsonNode review(Resource<JsonNode> kind, ObjectNode review);
  }

  /** What somebody wants, in the words of RBAC. */
  public sealed interface Wanted {
    /** A path that is no resource, such as {@code /metrics}. */
    record Path(String verb, String path) implements Wanted {}

    /** Something of a node, such as its {@code metrics}. */
    record Node(String verb, String subresource, String name) implements Wanted {}
  }

  /** Whether somebody gets in. */
  public sealed interface Verdict {
    /** Yes. */
    record Allowed() implements Verdict {}

    /** It is not known who asks. */
    record Unknown() implements Verdict {}

    /** It is known, and refused. */
    record Refused(String message) implements Verdict {}
  }

  private record Question(Caller caller, Wanted wanted) {}

  private record Kept<T>(T answer, Instant until) {}

  /** Asks through {@code reviewer}. */
  public Delegation(Reviewer reviewer, InstantSource clock) {
    this.reviewer = reviewer;
    this.clock = clock;
  }

  /** Asks through a client that is made when the first question comes. */
  public static Delegation through(Supplier<Api> api, InstantSource clock) {
    Api[] made = new Api[1];
    return new Delegation(
        (kind, review) -> {
          synchronized (made) {
            if (made[0] == null) {
              made[0] = api.get();
            }
          }
          return made[0].create(kind, "", review);
        },
        clock);
  }

  /**
   * Judges one request.
   *
   * @param certificate the client's, verified against the cluster's CA
   * @param authorization the header of that name
   */
  public Verdict judge(
      @Nullable X509Certificate certificate, @Nullable String authorization, Wanted wanted) {
    try {
      Optional<Caller> caller = caller(certificate, authorization);
      if (caller.isEmpty()) {
        return new Verdict.Unknown();
      }
      return allowed(caller.get(), wanted)
          ? new Verdict.Allowed()
          : new Verdict.Refused(refusal(caller.get(), wanted));
    } catch (ApiException e) {
      return new Verdict.Refused("cannot ask the API server: " + e.getMessage());
    }
  }

  private Optional<Caller> caller(
      @Nullable X509Certificate certificate, @Nullable String authorization) {
    if (certificate != null) {
      Optional<Caller> caller = Caller.of(certificate);
      if (caller.isPresent()) {
        return caller;
      }
    }
    if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return Optional.empty();
    }
    String token = authorization.substring(7).strip();
    return token.isEmpty() ? Optional.empty() : kept(callers, digest(token), () -> review(token));
  }

  private Optional<Caller> review(String token) {
    ObjectNode review = document(TOKENS);
    review.putObject("spec").put("token", token);
    JsonNode status = reviewer.review(TOKENS, review).path("status");
    if (!status.path("authenticated").asBoolean(false)) {
      return Optional.empty();
    }
    JsonNode user = status.path("user");
    List<String> groups = new ArrayList<>();
    user.path("groups").forEach(group -> groups.add(group.asString("")));
    return Optional.of(new Caller(user.path("username").asString(""), groups));
  }

  private boolean allowed(Caller caller, Wanted wanted) {
    return caller.groups().contains(Caller.MASTERS)
        || kept(permissions, new Question(caller, wanted), () -> ask(caller, wanted));
  }

  private boolean ask(Caller caller, Wanted wanted) {
    ObjectNode review = document(ACCESS);
    ObjectNode spec = review.putObject("spec").put("user", caller.name());
    ArrayNode groups = spec.putArray("groups");
    caller.groups().forEach(groups::add);
    switch (wanted) {
      case Wanted.Path path ->
          spec.putObject("nonResourceAttributes").put("verb", path.verb()).put("path", path.path());
      case Wanted.Node node ->
          spec.putObject("resourceAttributes")
              .put("verb", node.verb())
              .put("version", "v1")
              .put("resource", "nodes")
              .put("subresource", node.subresource())
              .put("name", node.name());
    }
    return reviewer.review(ACCESS, review).path("status").path("allowed").asBoolean(false);
  }

  private static String refusal(Caller caller, Wanted wanted) {
    return switch (wanted) {
      case Wanted.Path path ->
          "forbidden: User \"%s\" cannot %s path \"%s\""
              .formatted(caller.name(), path.verb(), path.path());
      case Wanted.Node node ->
          "Forbidden (user=%s, verb=%s, resource=nodes, subresource=%s)"
              .formatted(caller.name(), node.verb(), node.subresource());
    };
  }

  /** Bounded: somebody who tries many tokens makes others be asked about again, no more. */
  private <K, T> T kept(Map<K, Kept<T>> cache, K key, Supplier<T> ask) {
    Instant now = clock.instant();
    Kept<T> known = cache.get(key);
    if (known != null && known.until().isAfter(now)) {
      return known.answer();
    }
    T answer = ask.get();
    if (cache.size() >= MOST) {
      cache.clear();
    }
    cache.put(key, new Kept<>(answer, now.plus(KEPT)));
    return answer;
  }

  private static ObjectNode document(Resource<JsonNode> kind) {
    return Json.object().put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
  }

  private static String digest(String token) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
