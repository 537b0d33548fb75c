package minik8s.apiserver.authz;

import java.util.List;

/** Tells whether a request may go on. Implementations are thread-safe. */
@FunctionalInterface
public interface Authorizer {
  Decision authorize(Attributes attributes);

  /** Allowed when one of several allows. */
  static Authorizer anyOf(List<Authorizer> authorizers) {
    List<Authorizer> all = List.copyOf(authorizers);
    return attributes -> {
      for (Authorizer each : all) {
        Decision decision = each.authorize(attributes);
        if (decision.allowed()) {
          return decision;
        }
      }
      return Decision.noOpinion();
    };
  }
}
