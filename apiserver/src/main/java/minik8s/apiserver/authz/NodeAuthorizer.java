package minik8s.apiserver.authz;

import minik8s.apiserver.kinds.Lookup;

/** What kubelets may do: members of {@code system:nodes} named {@code system:node:NAME}. */
public final class NodeAuthorizer implements Authorizer {
  public NodeAuthorizer(Lookup lookup) {}

  @Override
  public Decision authorize(Attributes attributes) {
    return Decision.noOpinion();
  }
}
