package minik8s.apiserver.authz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.apiserver.authn.User;

/**
 * A request in another's name: the headers {@code Impersonate-User}, {@code Impersonate-Group},
 * {@code Impersonate-Uid} and {@code Impersonate-Extra-KEY}. Immutable.
 *
 * @param user empty when the request is in the sender's own name
 * @param extra lower-case key to values
 */
public record Impersonation(
    String user, String uid, List<String> groups, Map<String, List<String>> extra) {
  private static final String ACCOUNT = "system:serviceaccount:";

  public Impersonation {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  /**
   * Who the request is to count as.
   *
   * @param sender who really sent it
   * @throws ApiException Forbidden when the sender may not act as the other, BadRequest when groups
   *     or more are given without a user
   */
  public User apply(User sender, Authorizer authorizer) {
    if (user.isEmpty()) {
      if (!groups.isEmpty() || !uid.isEmpty() || !extra.isEmpty()) {
        throw Failure.badRequest("requested impersonation without a user name").asException();
      }
      return sender;
    }
    requireUser(sender, authorizer);
    groups.forEach(group -> require(sender, authorizer, "", "groups", "", "", group));
    if (!uid.isEmpty()) {
      require(sender, authorizer, "authentication.k8s.io", "uids", "", "", uid);
    }
    extra.forEach((key, values) ->
        values.forEach(value ->
            require(sender, authorizer, "authentication.k8s.io", "userextras", key, "", value)));
    return new User(user, uid, allGroups(), extra);
  }

  private void requireUser(User sender, Authorizer authorizer) {
    String[] account = user.startsWith(ACCOUNT) ? user.split(":", -1) : new String[0];
    if (account.length == 4) {
      require(sender, authorizer, "", "serviceaccounts", "", account[2], account[3]);
    } else {
      require(sender, authorizer, "", "users", "", "", user);
    }
  }

  private List<String> allGroups() {
    List<String> all = new ArrayList<>(groups);
    String[] account = user.startsWith(ACCOUNT) ? user.split(":", -1) : new String[0];
    if (groups.isEmpty() && account.length == 4) {
      all.add("system:serviceaccounts");
      all.add("system:serviceaccounts:" + account[2]);
    }
    boolean anonymous = user.equals(User.ANONYMOUS.name());
    String everybody = anonymous ? "system:unauthenticated" : User.ALL_AUTHENTICATED;
    if (!all.contains(everybody)) {
      all.add(everybody);
    }
    return all;
  }

  private static void require(
      User sender,
      Authorizer authorizer,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name) {
    Attributes wanted =
        Attributes.resource(sender, "impersonate", group, resource, subresource, namespace, name);
    if (!authorizer.authorize(wanted).allowed()) {
      throw Failure.forbidden(group, resource, name, wanted.refusal()).asException();
    }
  }
}
