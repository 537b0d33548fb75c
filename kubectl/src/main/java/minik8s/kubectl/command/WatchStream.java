package minik8s.kubectl.command;

import java.util.Map;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Response;
import minik8s.kubectl.document.DocumentException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** The events of a watch, one after the other. Confined to one thread. */
final class WatchStream implements AutoCloseable {
  private final Response response;
  private final Json.Stream events;

  /**
   * One change.
   *
   * @param type ADDED, MODIFIED, DELETED, BOOKMARK or ERROR
   * @param object the object, or a Table of one row
   */
  record Event(String type, Map<String, Object> object) {}

  private WatchStream(Response response) {
    this.response = response;
    this.events = new Json.Stream(response.body());
  }

  /** Opens a watch; reads that take longer than the patience in milliseconds end it. */
  static WatchStream open(ApiServer server, String path, String accept, int patience) {
    Response response = server.open("GET", path, accept, null, null);
    response.patience(patience);
    return new WatchStream(response);
  }

  /** The next event, or null when the server has ended the watch or patience has run out. */
  @Nullable Event next() {
    try {
      Object event = events.next();
      return event == null ? null : new Event(Tree.text(event, "type"), Tree.map(event, "object"));
    } catch (DocumentException e) {
      throw KubectlException.error(
          "unable to decode an event from the watch stream: " + e.getMessage());
    } catch (JacksonException e) {
      return null; // the connection ended or the patience did
    }
  }

  /** Changes how long the next read may take, in milliseconds. */
  void patience(int millis) {
    response.patience(millis);
  }

  @Override
  public void close() {
    response.close();
  }
}
