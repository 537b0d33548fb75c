package minik8s.kubectl.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.DocumentException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;

/** Runs a credential plugin of client-go's kind and reads its ExecCredential. Stateless. */
final class ExecPlugin {
  private ExecPlugin() {}

  /**
   * What a plugin gave.
   *
   * @param token a bearer token, or empty
   * @param certificate a client certificate in PEM, or empty
   * @param key its key in PEM, or empty
   */
  record Credential(String token, String certificate, String key) {}

  static Credential run(Map<String, Object> exec, Path folder, Map<String, String> environment) {
    String command = Tree.text(exec, "command");
    List<String> line = new ArrayList<>();
    line.add(command.contains("/") ? folder.resolve(command).toString() : command);
    for (Object argument : Tree.list(exec, "args")) {
      line.add(Tree.scalar(argument));
    }
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().clear();
    builder.environment().putAll(environment);
    for (Object variable : Tree.list(exec, "env")) {
      builder.environment().put(Tree.text(variable, "name"), Tree.text(variable, "value"));
    }
    builder.environment().put("KUBERNETES_EXEC_INFO", info(exec));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
    try {
      Process process = builder.start();
      byte[] answer = process.getInputStream().readAllBytes();
      int code = process.waitFor();
      if (code != 0) {
        throw failed("executable " + command + " failed with exit code " + code);
      }
      return credential(Tree.asMap(Json.parse(answer)));
    } catch (IOException e) {
      throw failed("exec: executable " + command + " not found: " + e.getMessage());
    } catch (DocumentException e) {
      throw failed("decoding stdout: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("exec: interrupted");
    }
  }

  private static KubectlException failed(String why) {
    return new KubectlException("Unable to connect to the server: getting credentials: " + why);
  }

  private static String info(Map<String, Object> exec) {
    return Json.ordered(
        Tree.of(
            "kind", "ExecCredential",
            "apiVersion", Tree.text(exec, "apiVersion"),
            "spec", Tree.of("interactive", false)));
  }

  private static Credential credential(Map<String, Object> answer) {
    Map<String, Object> status = Tree.map(answer, "status");
    if (status.isEmpty()) {
      throw failed("exec plugin didn't return a status field");
    }
    return new Credential(
        Tree.text(status, "token"),
        Tree.text(status, "clientCertificateData"),
        Tree.text(status, "clientKeyData"));
  }
}
