package minik8s.apiserver.table;

import minik8s.api.ApiException;
import minik8s.api.Failure;

/** How much of each object a row carries; the {@code includeObject} query parameter. */
public enum IncludeObject {
  NONE,
  METADATA,
  OBJECT;

  /**
   * Reads the query parameter; empty means metadata.
   *
   * @throws ApiException BadRequest for anything else
   */
  public static IncludeObject of(String parameter) {
    return switch (parameter) {
      case "", "Metadata" -> METADATA;
      case "None" -> NONE;
      case "Object" -> OBJECT;
      default ->
          throw Failure.badRequest("unrecognized includeObject value: \"" + parameter + "\"")
              .asException();
    };
  }
}
