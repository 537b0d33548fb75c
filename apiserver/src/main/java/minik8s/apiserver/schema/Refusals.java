package minik8s.apiserver.schema;

import java.util.List;

/** The refusals this package gives, in one place. Stateless. */
final class Refusals {
  private Refusals() {}

  /** A placeholder until the shared failure types land. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(int code, String message) {
      super(code + " " + message);
    }
  }

  static RuntimeException badRequest(String message) {
    return new Refused(400, message);
  }

  static RuntimeException unsupportedMediaType(String message) {
    return new Refused(415, message);
  }

  static RuntimeException invalid(Gvk gvk, String name, List<FieldError> errors) {
    return new Refused(422, gvk.kind() + " \"" + name + "\" is invalid: " + errors);
  }

  static RuntimeException internal(String message) {
    return new Refused(500, message);
  }
}
