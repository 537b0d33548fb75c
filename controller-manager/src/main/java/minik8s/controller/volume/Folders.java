package minik8s.controller.volume;

import java.io.IOException;
import java.nio.file.Path;
import minik8s.api.Node;

/** The folders of volumes, as far as they can be reached from here. Thread-safe. */
public interface Folders {
  /** Whether the node's folders can be reached. */
  boolean reach(Node node);

  /**
   * Removes a folder and all that is in it, if it is there. Links are removed, not followed.
   *
   * @throws IOException when something could not be removed
   */
  void remove(Path folder) throws IOException;
}
