package minik8s.apiserver.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import minik8s.apiserver.authn.Authenticator;
import minik8s.apiserver.authn.User;
import minik8s.apiserver.kinds.FakeLookup;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class AuthorizersTest {
  private final FakeLookup lookup = new FakeLookup();
  private final RbacAuthorizer rbac = new RbacAuthorizer(lookup);
  private final Authorizer authorizer = Authorizer.anyOf(List.of(new NodeAuthorizer(lookup), rbac));

  AuthorizersTest() {
    for (ObjectNode document : BootstrapPolicy.documents()) {
      boolean role = document.path("kind").asString("").equals("ClusterRole");
      lookup.with(
          "rbac.authorization.k8s.io", role ? "clusterroles" : "clusterrolebindings", document);
    }
  }

  private static User user(String name, String... groups) {
    return new User(name, "", List.of(groups), Map.of());
  }

  private boolean may(User user, String verb, String resource, String namespace) {
    return may(user, verb, resource, namespace, "");
  }

  /** A resource is {@code group/resource} with an optional {@code /subresource}. */
  private boolean may(User user, String verb, String resource, String namespace, String name) {
    String[] parts = resource.split("/", -1);
    String sub = parts.length > 2 ? parts[2] : "";
    return authorizer
        .authorize(Attributes.resource(user, verb, parts[0], parts[1], sub, namespace, name))
        .allowed();
  }

  private void bind(String namespace, String role, String subject) {
    lookup.with(
        "rbac.authorization.k8s.io",
        "rolebindings",
        """
        {"metadata":{"name":"b-%s","namespace":"%s"},
         "roleRef":{"kind":"ClusterRole","name":"%s"},"subjects":[%s]}
        """
            .formatted(role, namespace, role, subject));
  }

  @Test
  void allowsMastersEverything() {
    assertThat(may(user("x", "system:masters"), "delete", "/nodes", "")).isTrue();
    assertThat(
            new RbacAuthorizer(new FakeLookup())
                .authorize(
                    Attributes.resource(user("x", "system:masters"), "get", "", "pods", "", "", ""))
                .allowed())
        .isTrue();
  }

  @Test
  void allowsNothingWithoutABinding() {
    User alice = user("alice", "system:authenticated");

    assertThat(may(alice, "list", "/pods", "ns")).isFalse();
    assertThat(may(alice, "create", "authorization.k8s.io/selfsubjectaccessreviews", "")).isTrue();
    assertThat(authorizer.authorize(Attributes.path(alice, "get", "/apis/apps/v1")).allowed())
        .isTrue();
    assertThat(authorizer.authorize(Attributes.path(alice, "get", "/metrics")).allowed()).isFalse();
    assertThat(authorizer.authorize(Attributes.path(User.ANONYMOUS, "get", "/version")).allowed())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "view,get,/pods,true",
    "view,get,/secrets,false",
    "view,create,/pods,false",
    "view,get,apps/deployments,true",
    "edit,get,/pods,true",
    "edit,create,/pods,true",
    "edit,get,/secrets,true",
    "edit,create,/pods/exec,true",
    "edit,patch,apps/deployments/scale,true",
    "edit,create,rbac.authorization.k8s.io/roles,false",
    "admin,create,rbac.authorization.k8s.io/roles,true",
    "admin,delete,/pods,true",
    "admin,get,/nodes,false"
  })
  void gathersTheRolesOfPeople(String role, String verb, String resource, boolean allowed) {
    bind("ns", role, "{\"kind\":\"User\",\"name\":\"alice\"}");

    assertThat(may(user("alice"), verb, resource, "ns")).isEqualTo(allowed);
    assertThat(may(user("alice"), verb, resource, "other")).isFalse();
    assertThat(may(user("bob"), verb, resource, "ns")).isFalse();
  }

  @Test
  void knowsServiceAccountsAndGroupsAsSubjects() {
    bind("ns", "view", "{\"kind\":\"ServiceAccount\",\"name\":\"bot\"}");
    assertThat(may(user("system:serviceaccount:ns:bot"), "get", "/pods", "ns")).isTrue();
    assertThat(may(user("system:serviceaccount:other:bot"), "get", "/pods", "ns")).isFalse();
    bind("ns", "edit", "{\"kind\":\"Group\",\"name\":\"dev\"}");
    assertThat(may(user("x", "dev"), "create", "/pods", "ns")).isTrue();
  }

  @Test
  void seesChangedRolesAtOnce() {
    String role =
        """
        {"metadata":{"name":"r","namespace":"ns","resourceVersion":"%s"},
         "rules":[{"verbs":["get"],"apiGroups":[""],"resources":["%s"],"resourceNames":["one"]}]}
        """;
    lookup.with("rbac.authorization.k8s.io", "roles", role.formatted("1", "pods"));
    lookup.with(
        "rbac.authorization.k8s.io",
        "rolebindings",
        """
        {"metadata":{"name":"b","namespace":"ns"},"roleRef":{"kind":"Role","name":"r"},
         "subjects":[{"kind":"User","name":"alice"}]}
        """);
    assertThat(may(user("alice"), "get", "/pods", "ns", "one")).isTrue();
    assertThat(may(user("alice"), "get", "/pods", "ns", "two")).isFalse();

    lookup.with("rbac.authorization.k8s.io", "roles", role.formatted("2", "secrets"));
    assertThat(may(user("alice"), "get", "/pods", "ns", "one")).isFalse();
    assertThat(may(user("alice"), "get", "/secrets", "ns", "one")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "scheduler,create,/pods/binding,true",
    "scheduler,patch,/pods/status,true",
    "scheduler,update,coordination.k8s.io/leases,true",
    "scheduler,create,events.k8s.io/events,true",
    "scheduler,get,/secrets,false",
    "scheduler,create,/pods,false",
    "controller-manager,create,/pods,true",
    "controller-manager,create,apps/replicasets,true",
    "controller-manager,update,apps/deployments/status,true",
    "controller-manager,delete,example.com/widgets,true",
    "controller-manager,update,/namespaces/finalize,true",
    "controller-manager,create,rbac.authorization.k8s.io/clusterroles,false"
  })
  void givesDaemonsWhatTheyNeed(String daemon, String verb, String resource, boolean allowed) {
    User user = user("system:kube-" + daemon, "system:authenticated");

    assertThat(may(user, verb, resource, "ns")).isEqualTo(allowed);
  }

  @Test
  void keepsNodesToThemselves() {
    User node = user("system:node:n1", "system:nodes");
    lookup.with(
        "",
        "pods",
        "{\"metadata\":{\"name\":\"mine\",\"namespace\":\"ns\"},\"spec\":{\"nodeName\":\"n1\"}}");
    lookup.with(
        "",
        "pods",
        "{\"metadata\":{\"name\":\"p\",\"namespace\":\"other\"},\"spec\":{\"nodeName\":\"n2\"}}");

    assertThat(may(node, "watch", "/pods", "")).isTrue();
    assertThat(may(node, "create", "/nodes", "", "n1")).isTrue();
    assertThat(may(node, "patch", "/nodes/status", "", "n1")).isTrue();
    assertThat(may(node, "patch", "/nodes/status", "", "n2")).isFalse();
    assertThat(may(node, "patch", "/pods/status", "ns", "mine")).isTrue();
    assertThat(may(node, "patch", "/pods/status", "other", "p")).isFalse();
    assertThat(may(node, "patch", "/pods/status", "other", "gone")).isTrue();
    assertThat(may(node, "get", "/secrets", "ns", "s")).isTrue();
    assertThat(may(node, "get", "/secrets", "other", "s")).isFalse();
    assertThat(may(node, "create", "/serviceaccounts/token", "ns", "default")).isTrue();
    assertThat(may(node, "update", "coordination.k8s.io/leases", "kube-node-lease", "n1")).isTrue();
    assertThat(may(node, "update", "coordination.k8s.io/leases", "kube-node-lease", "n2"))
        .isFalse();
    assertThat(may(node, "create", "/events", "ns")).isTrue();
    assertThat(may(user("system:node:n1"), "watch", "/pods", "")).isFalse();
  }

  @Test
  void refusesInKubernetesWords() {
    assertThat(Attributes.resource(User.ANONYMOUS, "list", "", "pods", "", "", "").refusal())
        .isEqualTo(
            "pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\" in API"
                + " group \"\" at the cluster scope");
    assertThat(
            Attributes.resource(user("bob"), "get", "apps", "deployments", "scale", "ns", "d")
                .refusal())
        .isEqualTo(
            "deployments.apps \"d\" is forbidden: User \"bob\" cannot get resource"
                + " \"deployments/scale\" in API group \"apps\" in the namespace \"ns\"");
    assertThat(Attributes.path(user("bob"), "get", "/metrics").refusal())
        .isEqualTo("forbidden: User \"bob\" cannot get path \"/metrics\"");
  }

  @Test
  void letsOnlyTheEntitledActAsOthers() {
    Impersonation asAlice = new Impersonation("alice", "", List.of("dev"), Map.of());
    User admin = user("admin", "system:masters");

    assertThat(asAlice.apply(admin, authorizer).groups())
        .containsExactly("dev", "system:authenticated");
    assertThat(
            new Impersonation("system:serviceaccount:ns:bot", "", List.of(), Map.of())
                .apply(admin, authorizer)
                .groups())
        .containsExactly(
            "system:serviceaccounts", "system:serviceaccounts:ns", "system:authenticated");
    assertThat(new Impersonation("", "", List.of(), Map.of()).apply(admin, authorizer))
        .isEqualTo(admin);
    assertThatThrownBy(() -> asAlice.apply(user("bob"), authorizer))
        .hasMessage(
            "users \"alice\" is forbidden: User \"bob\" cannot impersonate resource \"users\" in"
                + " API group \"\" at the cluster scope");
    assertThatThrownBy(
            () -> new Impersonation("", "", List.of("dev"), Map.of()).apply(admin, authorizer))
        .hasMessage("requested impersonation without a user name");
  }

  @Test
  void answersReviews() {
    bind("ns", "view", "{\"kind\":\"User\",\"name\":\"alice\"}");
    Authenticator tokens =
        c -> {
          if ("good".equals(c.bearerToken())) {
            return java.util.Optional.of(user("alice", "dev"));
          }
          throw Failure.unauthorized().asException();
        };
    Reviews reviews = new Reviews(authorizer, rbac, tokens);
    User alice = user("alice", "system:authenticated");

    String wish =
        """
        {"spec":{"resourceAttributes":{"verb":"list","resource":"pods","namespace":"%s"}}}
        """;
    assertThat(answer(reviews, "SelfSubjectAccessReview", alice, wish.formatted("ns")))
        .isEqualTo(
            Json.parse(
                """
                {"allowed":true,"reason":"RBAC: allowed by RoleBinding \\"b-view/ns\\" of ClusterRole \\"view\\""}
                """));
    assertThat(answer(reviews, "SelfSubjectAccessReview", alice, wish.formatted("x")))
        .isEqualTo(Json.parse("{\"allowed\":false}"));
    String ofAlice = wish.formatted("ns").replace("{\"spec\":{", "{\"spec\":{\"user\":\"alice\",");
    JsonNode asked =
        answer(reviews, "SubjectAccessReview", user("admin", "system:masters"), ofAlice);
    assertThat(asked.path("allowed").asBoolean()).isTrue();
    assertThat(answer(reviews, "SelfSubjectReview", alice, "{}"))
        .isEqualTo(
            Json.parse(
                "{\"userInfo\":{\"username\":\"alice\",\"groups\":[\"system:authenticated\"]}}"));
    assertThat(answer(reviews, "TokenReview", alice, "{\"spec\":{\"token\":\"good\"}}"))
        .isEqualTo(
            Json.parse(
                """
                {"authenticated":true,"user":{"username":"alice","groups":["dev"]}}
                """));
    assertThat(answer(reviews, "TokenReview", alice, "{\"spec\":{\"token\":\"bad\"}}"))
        .isEqualTo(Json.parse("{\"authenticated\":false,\"error\":\"invalid bearer token\"}"));
    JsonNode rules =
        answer(reviews, "SelfSubjectRulesReview", alice, "{\"spec\":{\"namespace\":\"ns\"}}");
    assertThat(rules.path("incomplete").asBoolean(true)).isFalse();
    assertThat(rules.path("resourceRules").toString()).contains("pods/log");
    assertThat(rules.path("nonResourceRules").toString()).contains("/apis/*");
    assertThatThrownBy(() -> answer(reviews, "SelfSubjectAccessReview", alice, "{\"spec\":{}}"))
        .hasMessageContaining(
            "exactly one of nonResourceAttributes or resourceAttributes must be specified");
  }

  private static JsonNode answer(Reviews reviews, String kind, User user, String review) {
    Kind of =
        new KindTable().all().stream().filter(k -> k.kind().equals(kind)).findFirst().orElseThrow();
    ObjectNode answer = reviews.answer(of, user, "", (ObjectNode) Json.parse(review));
    assertThat(answer.path("kind").asString()).isEqualTo(kind);
    return answer.path("status");
  }
}
