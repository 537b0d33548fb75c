package minik8s.apiserver.authn;

import java.util.List;
import java.util.Map;

/** Who sent a request. Immutable. */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
  public static final String ALL_AUTHENTICATED = "system:authenticated";
  public static final String MASTERS = "system:masters";
  public static final String NODES = "system:nodes";

  /** Someone who showed no credentials. */
  public static final User ANONYMOUS =
      new User("system:anonymous", "", List.of("system:unauthenticated"), Map.of());

  public User {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  public boolean inGroup(String group) {
    return groups.contains(group);
  }
}
