package minik8s.apiserver.authz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.apiserver.authn.Authenticator;
import minik8s.apiserver.authn.Credentials;
import minik8s.apiserver.authn.User;
import minik8s.apiserver.kinds.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers the create-only review kinds of {@code authorization.k8s.io} and {@code
 * authentication.k8s.io}. Thread-safe.
 */
public final class Reviews {
  private final Authorizer authorizer;
  private final RbacAuthorizer rules;
  private final Authenticator authenticator;

  public Reviews(Authorizer authorizer, RbacAuthorizer rules, Authenticator authenticator) {
    this.authorizer = authorizer;
    this.rules = rules;
    this.authenticator = authenticator;
  }

  /**
   * The review with its status filled in.
   *
   * @param user who asks
   * @param namespace of the path, empty for cluster-scoped reviews
   * @throws ApiException Invalid when the review makes no sense
   */
  public ObjectNode answer(Kind kind, User user, String namespace, ObjectNode review) {
    ObjectNode answer = review.deepCopy();
    answer.put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
    if (!answer.has("metadata")) {
      answer.putObject("metadata");
    }
    switch (kind.kind()) {
      case "SelfSubjectAccessReview" -> access(kind, user, answer);
      case "SubjectAccessReview" -> access(kind, subject(kind, answer), answer);
      case "LocalSubjectAccessReview" -> {
        local(kind, namespace, answer);
        access(kind, subject(kind, answer), answer);
      }
      case "SelfSubjectRulesReview" -> rules(user, answer);
      case "SelfSubjectReview" ->
          answer.putObject("status").set("userInfo", document(answer, user));
      case "TokenReview" -> token(answer);
      default -> throw Failure.noSuchResource().asException();
    }
    return answer;
  }

  private void access(Kind kind, User user, ObjectNode review) {
    JsonNode spec = review.path("spec");
    JsonNode resource = spec.path("resourceAttributes");
    JsonNode path = spec.path("nonResourceAttributes");
    if (resource.isObject() == path.isObject()) {
      throw invalid(
          kind,
          "spec.resourceAttributes",
          "Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be"
              + " specified");
    }
    Attributes wanted =
        resource.isObject()
            ? Attributes.resource(
                user,
                text(resource, "verb"),
                text(resource, "group"),
                text(resource, "resource"),
                text(resource, "subresource"),
                text(resource, "namespace"),
                text(resource, "name"))
            : Attributes.path(user, text(path, "verb"), text(path, "path"));
    Decision decision = authorizer.authorize(wanted);
    ObjectNode status = review.putObject("status").put("allowed", decision.allowed());
    if (!decision.reason().isEmpty()) {
      status.put("reason", decision.reason());
    }
  }

  private static User subject(Kind kind, ObjectNode review) {
    JsonNode spec = review.path("spec");
    List<String> groups = strings(spec.path("groups"));
    String name = text(spec, "user");
    if (name.isEmpty() && groups.isEmpty()) {
      throw invalid(
          kind,
          "spec.user",
          "Invalid value: \"\": at least one of user or group must be specified");
    }
    Map<String, List<String>> extra = new HashMap<>();
    spec.path("extra").propertyStream().forEach(e -> extra.put(e.getKey(), strings(e.getValue())));
    return new User(name, text(spec, "uid"), groups, extra);
  }

  private static void local(Kind kind, String namespace, ObjectNode review) {
    JsonNode resource = review.path("spec").path("resourceAttributes");
    if (resource.isObject() && !text(resource, "namespace").equals(namespace)) {
      throw invalid(
          kind,
          "spec.resourceAttributes.namespace",
          "Invalid value: \"%s\": must match metadata.namespace"
              .formatted(text(resource, "namespace")));
    }
  }

  private void rules(User user, ObjectNode review) {
    ObjectNode status = review.putObject("status");
    ArrayNode resources = status.putArray("resourceRules");
    ArrayNode paths = status.putArray("nonResourceRules");
    for (PolicyRule rule : rules.rulesOf(user, text(review.path("spec"), "namespace"))) {
      (rule.isForResources() ? resources : paths).add(rule.document());
    }
    status.put("incomplete", false);
  }

  private void token(ObjectNode review) {
    ObjectNode status = review.putObject("status");
    String token = text(review.path("spec"), "token");
    try {
      Optional<User> user = authenticator.authenticate(new Credentials(List.of(), token));
      status.put("authenticated", user.isPresent());
      user.ifPresent(u -> status.set("user", document(review, u)));
    } catch (ApiException refused) {
      status.put("authenticated", false).put("error", "invalid bearer token");
    }
  }

  private static ObjectNode document(ObjectNode factory, User user) {
    ObjectNode node = factory.objectNode();
    node.put("username", user.name());
    if (!user.uid().isEmpty()) {
      node.put("uid", user.uid());
    }
    ArrayNode groups = node.putArray("groups");
    user.groups().forEach(groups::add);
    if (!user.extra().isEmpty()) {
      ObjectNode extra = node.putObject("extra");
      new LinkedHashMap<>(user.extra())
          .forEach((k, v) -> v.forEach(each -> extra.withArrayProperty(k).add(each)));
    }
    return node;
  }

  private static List<String> strings(JsonNode list) {
    List<String> result = new ArrayList<>();
    list.forEach(n -> result.add(n.asString("")));
    return result;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }

  private static ApiException invalid(Kind kind, String field, String message) {
    return Failure.invalid(
            kind.group(),
            kind.kind(),
            "",
            List.of(new Failure.Cause("FieldValueInvalid", message, field)))
        .asException();
  }
}
