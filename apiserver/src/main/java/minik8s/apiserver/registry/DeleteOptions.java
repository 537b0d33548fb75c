package minik8s.apiserver.registry;

import java.util.List;
import minik8s.api.Failure;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How an object is to be deleted. Immutable.
 *
 * @param graceSeconds null for the kind's own grace
 * @param propagation {@code Background}, {@code Foreground}, {@code Orphan}, or empty for the
 *     kind's default
 * @param uid what the object's uid must be, or empty
 * @param resourceVersion what its resourceVersion must be, or empty
 */
public record DeleteOptions(
    @Nullable Long graceSeconds,
    String propagation,
    String uid,
    String resourceVersion,
    boolean dryRun) {

  /** Nothing special. */
  public static final DeleteOptions NONE = new DeleteOptions(null, "", "", "", false);

  /** Reads a DeleteOptions document. */
  public static DeleteOptions of(ObjectNode document, boolean dryRun) {
    JsonNode grace = document.path("gracePeriodSeconds");
    JsonNode preconditions = document.path("preconditions");
    String propagation = document.path("propagationPolicy").asString("");
    JsonNode orphan = document.path("orphanDependents");
    if (orphan.isBoolean()) {
      if (!propagation.isEmpty()) {
        throw invalid(
            "propagationPolicy",
            "Invalid value: \""
                + propagation
                + "\": orphanDependents and deletionPropagation cannot be both set");
      }
      propagation = orphan.asBoolean() ? "Orphan" : "Background";
    }
    if (!List.of("", "Background", "Foreground", "Orphan").contains(propagation)) {
      throw invalid(
          "propagationPolicy",
          "Unsupported value: \""
              + propagation
              + "\": supported values: \"Background\", \"Foreground\", \"Orphan\"");
    }
    return new DeleteOptions(
        grace.isNumber() ? Long.valueOf(grace.asLong()) : null,
        propagation,
        preconditions.path("uid").asString(""),
        preconditions.path("resourceVersion").asString(""),
        dryRun || !document.path("dryRun").isEmpty());
  }

  /** The same, but only while the object is in this version. */
  DeleteOptions at(String version) {
    return new DeleteOptions(graceSeconds, propagation, uid, version, dryRun);
  }

  /** The same, but only of the object with this uid. */
  DeleteOptions of(String wantedUid) {
    return new DeleteOptions(graceSeconds, propagation, wantedUid, resourceVersion, dryRun);
  }

  private static RuntimeException invalid(String field, String message) {
    Failure.Cause cause = new Failure.Cause("FieldValueInvalid", message, field);
    return Failure.invalid("meta.k8s.io", "DeleteOptions", "", List.of(cause)).asException();
  }
}
