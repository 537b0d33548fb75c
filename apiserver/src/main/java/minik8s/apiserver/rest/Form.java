package minik8s.apiserver.rest;

import minik8s.api.Failure;
import org.jspecify.annotations.Nullable;

/**
 * How an answer is to look. Immutable.
 *
 * @param shape which document is sent
 * @param yaml whether as YAML instead of JSON
 * @param pretty whether indented
 * @param version the version of meta.k8s.io for tables and partial objects
 * @param include what a table's rows carry: {@code None}, {@code Metadata} or {@code Object}
 */
record Form(Shape shape, boolean yaml, boolean pretty, String version, String include) {
  /** The documents that an object or list can be sent as. */
  enum Shape {
    PLAIN,
    TABLE,
    PARTIAL
  }

  private static final String SUPPORTED =
      "only the following media types are accepted: application/json, application/yaml,"
          + " application/json;as=Table;v=v1;g=meta.k8s.io,"
          + " application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";

  /** Chooses the first alternative that can be served; throws NotAcceptable. */
  static Form choose(@Nullable String accept, Query query, @Nullable String userAgent) {
    boolean pretty = query.has("pretty") ? query.flag("pretty") : byPerson(userAgent);
    String include = query.text("includeObject");
    for (MediaRange range : MediaRange.parse(accept)) {
      boolean json = range.takesJson();
      if (!json && !range.takesYaml()) {
        continue;
      }
      String as = range.parameter("as");
      String version = range.parameter("v");
      Shape shape = shape(as, version, range.parameter("g"));
      if (shape != null) {
        return new Form(
            shape,
            !json,
            pretty,
            version.isEmpty() ? "v1" : version,
            include.isEmpty() ? "Metadata" : include);
      }
    }
    throw Failure.of(Failure.Reason.NotAcceptable, SUPPORTED).asException();
  }

  private static @Nullable Shape shape(String as, String version, String group) {
    boolean known =
        group.equals("meta.k8s.io") && (version.equals("v1") || version.equals("v1beta1"));
    return switch (as) {
      case "" -> Shape.PLAIN;
      case "Table" -> known ? Shape.TABLE : null;
      case "PartialObjectMetadata", "PartialObjectMetadataList" -> known ? Shape.PARTIAL : null;
      default -> null;
    };
  }

  /**
   * People at a terminal or browser read indented answers better. Source: apiserver's {@code
   * negotiate.go}.
   */
  private static boolean byPerson(@Nullable String userAgent) {
    return userAgent != null
        && (userAgent.startsWith("curl")
            || userAgent.startsWith("Wget")
            || userAgent.startsWith("Mozilla/5.0"));
  }

  /** Whether stored JSON can be sent as it is. */
  boolean verbatim() {
    return shape == Shape.PLAIN && !yaml && !pretty;
  }

  /** The answer's Content-Type. */
  String contentType() {
    return yaml ? "application/yaml" : "application/json";
  }
}
