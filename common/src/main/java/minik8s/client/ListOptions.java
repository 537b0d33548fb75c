package minik8s.client;

/**
 * What to list. Immutable.
 *
 * @param namespace empty for all
 * @param labelSelector in query form; empty for all
 * @param fieldSelector in query form; empty for all
 * @param resourceVersion {@code "0"} accepts whatever the server's cache holds; empty wants the
 *     newest
 */
public record ListOptions(
    String namespace, String labelSelector, String fieldSelector, String resourceVersion) {
  public static final ListOptions ALL = new ListOptions("", "", "", "");

  public static ListOptions in(String namespace) {
    return new ListOptions(namespace, "", "", "");
  }

  public ListOptions withFields(String selector) {
    return new ListOptions(namespace, labelSelector, selector, resourceVersion);
  }

  public ListOptions withLabels(String selector) {
    return new ListOptions(namespace, selector, fieldSelector, resourceVersion);
  }

  public ListOptions at(String revision) {
    return new ListOptions(namespace, labelSelector, fieldSelector, revision);
  }
}
