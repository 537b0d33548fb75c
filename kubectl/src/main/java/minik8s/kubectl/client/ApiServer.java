package minik8s.kubectl.client;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import minik8s.kubectl.document.DocumentException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the Kubernetes API with JSON in and out; refusals become {@link ServerException},
 * warnings go to their reader. Confined to one thread.
 */
public final class ApiServer implements AutoCloseable {
  /** What asks the server for a table, with plain objects as second choice. */
  public static final String TABLE =
      "application/json;as=Table;v=v1;g=meta.k8s.io,"
          + "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

  /** Patch by JSON merge. */
  public static final String MERGE = "application/merge-patch+json";

  /** Patch by strategic merge. */
  public static final String STRATEGIC = "application/strategic-merge-patch+json";

  /** Patch by JSON patch. */
  public static final String JSON_PATCH = "application/json-patch+json";

  /** Server-side apply. */
  public static final String APPLY = "application/apply-patch+yaml";

  private final Transport transport;
  private final Consumer<String> warnings;

  /** A client on a transport. */
  public ApiServer(Transport transport, Consumer<String> warnings) {
    this.transport = transport;
    this.warnings = warnings;
  }

  /** The transport, for streams that are no JSON. */
  public Transport transport() {
    return transport;
  }

  /** GETs an object or a list. */
  public Map<String, Object> get(String path) {
    return get(path, "application/json");
  }

  /** GETs in the representation asked for. */
  public Map<String, Object> get(String path, String accept) {
    return document(open("GET", path, accept, null, null));
  }

  /** GETs, or gives null when the thing is not there. */
  public @Nullable Map<String, Object> find(String path) {
    try {
      return get(path);
    } catch (ServerException e) {
      if (e.notFound()) {
        return null;
      }
      throw e;
    }
  }

  /** POSTs a document. */
  public Map<String, Object> post(String path, Object body) {
    return document(open("POST", path, "application/json", "application/json", body));
  }

  /** PUTs a document. */
  public Map<String, Object> put(String path, Object body) {
    return document(open("PUT", path, "application/json", "application/json", body));
  }

  /** PATCHes with a patch of this content type. */
  public Map<String, Object> patch(String path, String contentType, Object body) {
    return document(open("PATCH", path, "application/json", contentType, body));
  }

  /** DELETEs with options. */
  public Map<String, Object> delete(String path, Object options) {
    return document(open("DELETE", path, "application/json", "application/json", options));
  }

  /** Sends a request and leaves its answer to be read; throws on anything but success. */
  public Response open(
      String method,
      String path,
      String accept,
      @Nullable String contentType,
      @Nullable Object body) {
    List<String> headers =
        contentType == null
            ? List.of("Accept", accept)
            : List.of("Accept", accept, "Content-Type", contentType);
    byte[] bytes = null;
    if (body instanceof byte[] raw) {
      bytes = raw;
    } else if (body != null) {
      bytes = Json.compact(body).getBytes(StandardCharsets.UTF_8);
    }
    return checked(transport.send(method, path, headers, bytes));
  }

  /** GETs with an upgrade of the connection; anything but an agreement is thrown. */
  Response upgrade(String path, List<String> headers) {
    Response response = transport.send("GET", path, headers, null);
    if (response.status() == 101) {
      response.patience(0);
      return response;
    }
    byte[] body = response.bytes();
    response.close();
    throw new ServerException(response.status(), status(response.status(), body));
  }

  private Response checked(Response response) {
    List<String> headers = response.headers();
    for (int i = 0; i < headers.size(); i += 2) {
      if (headers.get(i).equals("warning")) {
        warnings.accept(WarningText.of(headers.get(i + 1)));
      }
    }
    if (response.status() >= 200 && response.status() < 300) {
      return response;
    }
    byte[] body = response.bytes();
    response.close();
    throw new ServerException(response.status(), status(response.status(), body));
  }

  private static Map<String, Object> status(int code, byte[] body) {
    try {
      Map<String, Object> document = Tree.asMap(Json.parse(body));
      if (Tree.text(document, "kind").equals("Status")) {
        return document;
      }
    } catch (DocumentException e) {
      return generic(code, new String(body, StandardCharsets.UTF_8).strip());
    }
    return generic(code, "");
  }

  /** What client-go makes of an answer that is no Status. */
  private static Map<String, Object> generic(int code, String text) {
    Map<String, Object> out = new LinkedHashMap<>();
    switch (code) {
      case 401 -> {
        out.put("reason", "Unauthorized");
        out.put("message", text.isEmpty() ? "Unauthorized" : text);
      }
      case 403 -> {
        out.put("reason", "Forbidden");
        out.put("message", "unknown");
      }
      case 404 -> {
        out.put("reason", "NotFound");
        out.put("message", "the server could not find the requested resource");
      }
      case 405 -> {
        out.put("reason", "MethodNotAllowed");
        out.put("message", "the server does not allow this method on the requested resource");
      }
      case 415 -> {
        out.put("reason", "UnsupportedMediaType");
        out.put(
            "message", text.isEmpty() ? "the body of the request was in an unknown format" : text);
      }
      case 429 -> {
        out.put("reason", "TooManyRequests");
        out.put(
            "message",
            "the server has received too many requests and has asked us to try again later");
      }
      case 503 -> {
        out.put("reason", "ServiceUnavailable");
        out.put("message", "the server is currently unable to handle the request");
      }
      default -> {
        out.put("reason", code >= 500 ? "InternalError" : "");
        out.put("message", text.isEmpty() ? "the server answered with HTTP status " + code : text);
      }
    }
    return out;
  }

  private static Map<String, Object> document(Response response) {
    byte[] body = response.bytes();
    response.close();
    try {
      return body.length == 0 ? Map.of() : Tree.asMap(Json.parse(body));
    } catch (DocumentException e) {
      throw new KubectlException("error: the server's answer is not JSON: " + e.getMessage(), 1, e);
    }
  }

  @Override
  public void close() {
    transport.close();
  }
}
