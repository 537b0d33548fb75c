package minik8s.api;

import java.util.List;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Why a request failed: a closed set of reasons with a meaning for each reader, travelling as
 * {@code metav1.Status}. Immutable.
 *
 * @param message one sentence for people
 * @param group the API group of the object concerned; empty for core or unknown
 * @param kind for {@link Reason#Invalid} and preconditions the kind ({@code Pod}), otherwise the
 *     plural resource ({@code pods}), as Kubernetes has it; may be empty
 * @param name the object concerned; may be empty
 * @param causes the fields at fault
 * @param retryAfterSeconds when the client may try again; null when that is not known
 */
public record Failure(
    Reason reason,
    String message,
    String group,
    String kind,
    String name,
    List<Cause> causes,
    @Nullable Integer retryAfterSeconds) {

  /** The closed set, each with its HTTP status code. Source: {@code metav1.StatusReason}. */
  public enum Reason {
    BadRequest(400),
    Unauthorized(401),
    Forbidden(403),
    NotFound(404),
    MethodNotAllowed(405),
    NotAcceptable(406),
    AlreadyExists(409),
    Conflict(409),
    Gone(410),
    Expired(410),
    RequestEntityTooLarge(413),
    UnsupportedMediaType(415),
    Invalid(422),
    TooManyRequests(429),
    InternalError(500),
    ServiceUnavailable(503),
    Timeout(504);

    private final int code;

    Reason(int code) {
      this.code = code;
    }

    /** The HTTP status code. */
    public int code() {
      return code;
    }

    static Reason of(String text, int code) {
      for (Reason reason : values()) {
        if (reason.name().equals(text)) {
          return reason;
        }
      }
      for (Reason reason : values()) {
        if (reason.code == code) {
          return reason;
        }
      }
      return code >= 400 && code < 500 ? BadRequest : InternalError;
    }
  }

  /**
   * One field at fault.
   *
   * @param reason such as {@code FieldValueRequired}
   * @param field path such as {@code spec.containers[0].image}
   */
  public record Cause(String reason, String message, String field) {}

  public Failure {
    causes = List.copyOf(causes);
  }

  /** A failure with nothing but a reason and a sentence. */
  public static Failure of(Reason reason, String message) {
    return new Failure(reason, message, "", "", "", List.of(), null);
  }

  public static Failure badRequest(String message) {
    return of(Reason.BadRequest, message);
  }

  public static Failure unauthorized() {
    return of(Reason.Unauthorized, "Unauthorized");
  }

  public static Failure forbidden(String group, String plural, String name, String message) {
    return new Failure(Reason.Forbidden, message, group, plural, name, List.of(), null);
  }

  public static Failure notFound(String group, String plural, String name) {
    return new Failure(
        Reason.NotFound,
        qualified(group, plural) + " \"" + name + "\" not found",
        group,
        plural,
        name,
        List.of(),
        null);
  }

  /** The path leads to no resource that is served. */
  public static Failure noSuchResource() {
    return of(Reason.NotFound, "the server could not find the requested resource");
  }

  public static Failure alreadyExists(String group, String plural, String name) {
    return new Failure(
        Reason.AlreadyExists,
        qualified(group, plural) + " \"" + name + "\" already exists",
        group,
        plural,
        name,
        List.of(),
        null);
  }

  public static Failure conflict(String group, String plural, String name, String detail) {
    return new Failure(
        Reason.Conflict,
        "Operation cannot be fulfilled on "
            + qualified(group, plural)
            + " \""
            + name
            + "\": "
            + detail,
        group,
        plural,
        name,
        List.of(),
        null);
  }

  /** The object changed since the client read it. */
  public static Failure modified(String group, String plural, String name) {
    return conflict(
        group,
        plural,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  /** The revision asked for is no longer held. */
  public static Failure expired(String message) {
    return of(Reason.Expired, message);
  }

  /** {@code kind "name" is invalid: cause, cause}. */
  public static Failure invalid(String group, String kind, String name, List<Cause> causes) {
    String all =
        causes.stream()
            .map(c -> c.field().isEmpty() ? c.message() : c.field() + ": " + c.message())
            .collect(java.util.stream.Collectors.joining(", "));
    String text = causes.size() > 1 ? "[" + all + "]" : all;
    return new Failure(
        Reason.Invalid,
        qualified(group, kind) + " \"" + name + "\" is invalid: " + text,
        group,
        kind,
        name,
        causes,
        null);
  }

  public static Failure unsupportedMediaType(String message) {
    return of(Reason.UnsupportedMediaType, message);
  }

  public static Failure tooLarge(String message) {
    return of(Reason.RequestEntityTooLarge, message);
  }

  public static Failure internal(String message) {
    return of(Reason.InternalError, message);
  }

  public static Failure unavailable(String message) {
    return new Failure(Reason.ServiceUnavailable, message, "", "", "", List.of(), 1);
  }

  public static Failure timeout(String message) {
    return new Failure(Reason.Timeout, message, "", "", "", List.of(), 1);
  }

  private static String qualified(String group, String name) {
    return group.isEmpty() ? name : name + "." + group;
  }

  /** Whether a creation was refused because its namespace is being deleted. */
  public boolean namespaceTerminating() {
    return causes.stream().anyMatch(cause -> cause.reason().equals("NamespaceTerminating"));
  }

  /** This failure as an exception. */
  public ApiException asException() {
    return new ApiException(this);
  }

  /** The HTTP status code. */
  public int code() {
    return reason.code();
  }

  /** The {@code metav1.Status} document. */
  public ObjectNode status() {
    ObjectNode status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", message).put("reason", reason.name());
    ObjectNode details = Json.object();
    putUnlessEmpty(details, "name", name);
    putUnlessEmpty(details, "group", group);
    putUnlessEmpty(details, "kind", kind);
    if (!causes.isEmpty()) {
      ArrayNode list = details.putArray("causes");
      for (Cause cause : causes) {
        ObjectNode node = list.addObject();
        node.put("reason", cause.reason()).put("message", cause.message());
        putUnlessEmpty(node, "field", cause.field());
      }
    }
    if (retryAfterSeconds != null) {
      details.put("retryAfterSeconds", retryAfterSeconds);
    }
    if (!details.isEmpty()) {
      status.set("details", details);
    }
    return status.put("code", code());
  }

  private static void putUnlessEmpty(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, value);
    }
  }

  /** Reads a {@code metav1.Status}; a document of another kind gives the HTTP code's meaning. */
  public static Failure ofStatus(JsonNode status, int httpCode) {
    JsonNode details = status.path("details");
    List<Cause> causes =
        details
            .path("causes")
            .valueStream()
            .map(c ->
                new Cause(
                    c.path("reason").asString(""),
                    c.path("message").asString(""),
                    c.path("field").asString("")))
            .toList();
    JsonNode retry = details.path("retryAfterSeconds");
    return new Failure(
        Reason.of(status.path("reason").asString(""), status.path("code").asInt(httpCode)),
        status.path("message").asString("HTTP status " + httpCode),
        details.path("group").asString(""),
        details.path("kind").asString(""),
        details.path("name").asString(""),
        causes,
        retry.isNumber() ? Integer.valueOf(retry.intValue()) : null);
  }
}
