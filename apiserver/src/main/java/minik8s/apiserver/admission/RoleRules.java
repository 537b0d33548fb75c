package minik8s.apiserver.admission;

import minik8s.apiserver.kinds.Names;

/**
 * Roles and their bindings, whose names may hold colons, as in {@code system:node}. Stateless.
 *
 * <p>Source: {@code path.ValidatePathSegmentName}, which Kubernetes' RBAC kinds use.
 */
final class RoleRules implements Rules {
  @Override
  public NameRule names() {
    return Names::pathSegment;
  }
}
