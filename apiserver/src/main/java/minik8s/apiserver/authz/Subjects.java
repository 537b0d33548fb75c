package minik8s.apiserver.authz;

import minik8s.apiserver.authn.User;
import tools.jackson.databind.JsonNode;

/** Whom a binding names. Stateless. */
final class Subjects {
  private Subjects() {}

  /**
   * Whether a binding names a user.
   *
   * @param namespace of the binding: that of service accounts which don't say theirs
   */
  static boolean anyIs(JsonNode binding, User user, String namespace) {
    for (JsonNode subject : binding.path("subjects")) {
      if (is(subject, user, namespace)) {
        return true;
      }
    }
    return false;
  }

  private static boolean is(JsonNode subject, User user, String namespace) {
    String name = subject.path("name").asString("");
    return switch (subject.path("kind").asString("")) {
      case "User" -> name.equals(user.name());
      case "Group" -> user.inGroup(name);
      case "ServiceAccount" -> {
        String own = subject.path("namespace").asString("");
        String place = own.isEmpty() ? namespace : own;
        yield !place.isEmpty() && user.name().equals("system:serviceaccount:" + place + ":" + name);
      }
      default -> false;
    };
  }
}
