package minik8s.apiserver.admission;

import minik8s.api.ApiException;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.Lookup;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules that depend on other objects: service accounts, priority classes, default storage
 * class, addresses of services. Thread-safe.
 */
public final class Admission {
  /**
   * @param serviceRange the addresses of services, such as {@code 10.96.0.0/16}
   */
  public Admission(Lookup lookup, String serviceRange) {}

  /**
   * Completes a new document in place.
   *
   * @throws ApiException when another object forbids it
   */
  public void admitCreate(Kind kind, ObjectNode doc) {}

  /**
   * Completes a changed document in place.
   *
   * @throws ApiException when another object forbids it
   */
  public void admitUpdate(Kind kind, ObjectNode doc, ObjectNode old) {}
}
