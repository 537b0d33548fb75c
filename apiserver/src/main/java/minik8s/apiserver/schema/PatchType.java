package minik8s.apiserver.schema;

/** The patch formats of the API, by content type. */
public enum PatchType {
  JSON("application/json-patch+json"),
  MERGE("application/merge-patch+json"),
  STRATEGIC("application/strategic-merge-patch+json");

  private final String contentType;

  PatchType(String contentType) {
    this.contentType = contentType;
  }

  /** The media type that names this format. */
  public String contentType() {
    return contentType;
  }

  /**
   * Finds the format of a PATCH request.
   *
   * @throws minik8s.api.ApiException 415, naming the supported media types
   */
  public static PatchType ofContentType(String contentType) {
    int end = contentType.indexOf(';');
    String media = (end < 0 ? contentType : contentType.substring(0, end)).strip();
    for (PatchType type : values()) {
      if (type.contentType.equalsIgnoreCase(media)) {
        return type;
      }
    }
    throw Refusals.unsupportedMediaType(
        "application/json-patch+json, application/merge-patch+json, "
            + "application/strategic-merge-patch+json");
  }
}
