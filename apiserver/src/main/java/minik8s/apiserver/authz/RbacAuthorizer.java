package minik8s.apiserver.authz;

import java.util.ArrayList;
import java.util.List;
import minik8s.apiserver.authn.User;
import minik8s.apiserver.kinds.Lookup;
import org.jspecify.annotations.Nullable;

/**
 * Role-based access control over live roles and bindings. Thread-safe.
 *
 * <p>Source: Kubernetes' {@code plugin/pkg/auth/authorizer/rbac}.
 */
public final class RbacAuthorizer implements Authorizer {
  private record Kept(List<Long> versions, CompiledPolicy policy) {}

  private final Lookup lookup;
  private volatile @Nullable Kept kept;

  public RbacAuthorizer(Lookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public Decision authorize(Attributes attributes) {
    return attributes.user().inGroup(User.MASTERS)
        ? Decision.allow("")
        : policy().decide(attributes);
  }

  /** Every rule that holds for a user in a namespace, for reviews. */
  List<PolicyRule> rulesOf(User user, String namespace) {
    List<PolicyRule> rules = new ArrayList<>();
    if (user.inGroup(User.MASTERS)) {
      rules.add(PolicyRule.EVERY_RESOURCE);
      rules.add(PolicyRule.EVERY_PATH);
    }
    rules.addAll(policy().rulesOf(user, namespace));
    return rules;
  }

  /** Versions are read before the documents: a change in between makes the next call look again. */
  private CompiledPolicy policy() {
    List<Long> versions = CompiledPolicy.versions(lookup);
    Kept last = kept;
    if (last != null && last.versions.equals(versions)) {
      return last.policy;
    }
    CompiledPolicy policy = CompiledPolicy.of(lookup);
    if (versions != null) {
      kept = new Kept(versions, policy);
    }
    return policy;
  }
}
