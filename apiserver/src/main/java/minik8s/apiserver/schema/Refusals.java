package minik8s.apiserver.schema;

import java.util.List;
import minik8s.api.ApiException;
import minik8s.api.Failure;

/** The refusals this package gives, in Kubernetes' words. Stateless. */
final class Refusals {
  private Refusals() {}

  static ApiException badRequest(String message) {
    return Failure.badRequest(message).asException();
  }

  /** {@code Pod in version "v1" cannot be handled as a Pod: …}. */
  static ApiException cannotBeHandled(Gvk given, Gvk expected, String why) {
    return badRequest(
        given.kind()
            + " in version \""
            + given.version()
            + "\" cannot be handled as a "
            + expected.kind()
            + ": "
            + why);
  }

  static ApiException unsupportedMediaType(String accepted) {
    return Failure.unsupportedMediaType(
            "the body of the request was in an unknown format - accepted media types include: "
                + accepted)
        .asException();
  }

  /** The result of a patch is no valid object: 422 without a name, as Kubernetes answers. */
  static ApiException invalidPatch(String shown, String why) {
    Failure.Cause cause =
        new Failure.Cause(
            "FieldValueInvalid", "Invalid value: " + GoText.quote(shown) + ": " + why, "patch");
    return Failure.invalid("", "", "", List.of(cause)).asException();
  }

  static ApiException unprocessable(String message) {
    return Failure.of(Failure.Reason.Invalid, message).asException();
  }

  static ApiException internal(String message) {
    return Failure.internal(message).asException();
  }
}
