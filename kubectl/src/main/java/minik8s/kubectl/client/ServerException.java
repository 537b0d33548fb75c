package minik8s.kubectl.client;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.kubectl.document.Tree;

/** A refusal by the API server, that is a {@code metav1.Status}. Immutable. */
public final class ServerException extends KubectlException {
  private static final long serialVersionUID = 1L;

  private final transient Map<String, Object> status;
  private final int code;

  /** A refusal with its HTTP code and Status document. */
  public ServerException(int code, Map<String, Object> status) {
    super(describe(status));
    this.code = code;
    this.status = status;
  }

  /** The same refusal with words in front of its message, as in {@code error when creating "f"}. */
  public ServerException when(String prefix) {
    Map<String, Object> copy = Tree.copyMap(status);
    copy.put("message", prefix + ": " + message());
    return new ServerException(code, copy);
  }

  /** The HTTP code. */
  public int code() {
    return code;
  }

  /** The reason, such as {@code NotFound}. */
  public String reason() {
    return Tree.text(status, "reason");
  }

  /** The server's own message. */
  public String message() {
    return Tree.text(status, "message");
  }

  /** Whether the thing asked for is not there. */
  public boolean notFound() {
    return reason().equals("NotFound");
  }

  /** Whether somebody else changed the object first. */
  public boolean conflict() {
    return reason().equals("Conflict");
  }

  /** Whether the object broke a validation rule. */
  public boolean invalid() {
    return reason().equals("Invalid");
  }

  /** The causes of an invalid object or a conflict. */
  public List<Object> causes() {
    return Tree.list(status, "details", "causes");
  }

  private static String describe(Map<String, Object> status) {
    String reason = Tree.text(status, "reason");
    String message = Tree.text(status, "message");
    return switch (reason) {
      case "Unauthorized" ->
          "error: You must be logged in to the server ("
              + (message.isEmpty() ? "Unauthorized" : message)
              + ")";
      case "Invalid" -> invalid(status, message);
      case "", "Unknown" -> "Error from server: " + message;
      default -> "Error from server (" + reason + "): " + message;
    };
  }

  private static String invalid(Map<String, Object> status, String message) {
    String head = "The request is invalid";
    Map<String, Object> details = Tree.map(status, "details");
    if (details.isEmpty()) {
      return message.isEmpty() ? head : head + ": " + message;
    }
    String kind = Tree.text(details, "kind");
    String name = Tree.text(details, "name");
    List<String> causes = causeLines(Tree.list(details, "causes"));
    if (!kind.isEmpty() || !name.isEmpty()) {
      head = "The " + kind + " \"" + name + "\" is invalid";
    } else if (!message.isEmpty() && causes.isEmpty()) {
      head += ": " + message;
    }
    if (causes.isEmpty()) {
      return head;
    }
    return causes.size() == 1
        ? head + ": " + causes.get(0)
        : head + ": \n* " + String.join("\n* ", causes);
  }

  private static List<String> causeLines(List<Object> causes) {
    Set<String> lines = new LinkedHashSet<>();
    for (Object cause : causes) {
      String field = Tree.text(cause, "field");
      lines.add(
          field.isEmpty()
              ? Tree.text(cause, "message")
              : field + ": " + Tree.text(cause, "message"));
    }
    return new ArrayList<>(lines);
  }
}
