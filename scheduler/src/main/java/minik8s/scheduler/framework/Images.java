package minik8s.scheduler.framework;

/** Image names in the one form in which pods and nodes can be compared. Stateless. */
final class Images {
  private Images() {}

  /** Without Docker Hub's prefixes, and with {@code :latest} where neither tag nor digest is. */
  static String normalized(String image) {
    String name = cut(cut(image, "docker.io/"), "library/");
    boolean tagged = name.lastIndexOf(':') > name.lastIndexOf('/') || name.contains("@");
    return tagged ? name : name + ":latest";
  }

  private static String cut(String name, String prefix) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
