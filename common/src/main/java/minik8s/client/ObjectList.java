package minik8s.client;

import java.util.List;

/** The objects of a list and the revision that they were read at. Immutable. */
public record ObjectList<T>(List<T> items, String resourceVersion) {
  public ObjectList {
    items = List.copyOf(items);
  }
}
