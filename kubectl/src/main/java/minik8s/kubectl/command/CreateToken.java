package minik8s.kubectl.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.ObjectPrinter;

/** {@code kubectl create token}: a token for a service account. */
final class CreateToken implements Verb {
  @Override
  public void flags(Flags flags) {
    flags
        .list("--audience", "Audience of the requested token.")
        .text("--bound-object-kind", "", "Kind of an object to bind the token to.")
        .text("--bound-object-name", "", "Name of an object to bind the token to.")
        .text("--bound-object-uid", "", "UID of an object to bind the token to.")
        .text("--duration", "0s", "Requested lifetime of the issued token.")
        .text("-o --output", "", "Output format.");
  }

  @Override
  public Help help() {
    return new Help(
        "Request a service account token.",
        "kubectl create token myapp",
        "create token SERVICE_ACCOUNT_NAME");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String name = Generated.name(arguments, "create token");
    Map<String, Object> spec = new LinkedHashMap<>();
    List<String> audiences = arguments.list("--audience");
    if (!audiences.isEmpty()) {
      spec.put("audiences", new ArrayList<Object>(audiences));
    }
    Duration lifetime = arguments.duration("--duration");
    if (lifetime.isNegative()) {
      throw KubectlException.error("--duration must be greater than or equal to 0");
    }
    if (!lifetime.isZero()) {
      spec.put("expirationSeconds", lifetime.toSeconds());
    }
    String bound = arguments.text("--bound-object-kind");
    if (!bound.isEmpty()) {
      spec.put(
          "boundObjectRef",
          Tree.of(
              "apiVersion",
              "v1",
              "kind",
              bound,
              "name",
              arguments.text("--bound-object-name"),
              "uid",
              arguments.text("--bound-object-uid")));
    }
    Map<String, Object> request =
        Tree.of("apiVersion", "authentication.k8s.io/v1", "kind", "TokenRequest", "spec", spec);
    String path = KnownTypes.of("ServiceAccount").path(session.namespace(), name) + "/token";
    Map<String, Object> answer = session.server().post(path, request);
    ObjectPrinter printer = ObjectPrinter.of(arguments.text("--output"), false, true);
    if (printer != null) {
      session.streams().out().append(printer.print(answer));
      return 0;
    }
    String token = Tree.text(answer, "status", "token");
    if (token.isEmpty()) {
      throw KubectlException.error("failed to create token: no token in server response");
    }
    session.print(token);
    return 0;
  }
}
