package minik8s.kubelet.eviction;

/** Something that a node can run short of. */
public enum Signal {
  MEMORY("memory.available", "memory", "MemoryPressure"),
  NODE_DISK("nodefs.available", "ephemeral-storage", "DiskPressure"),
  IMAGE_DISK("imagefs.available", "ephemeral-storage", "DiskPressure"),
  PIDS("pid.available", "pids", "PIDPressure");

  private final String text;
  private final String resource;
  private final String condition;

  Signal(String text, String resource, String condition) {
    this.text = text;
    this.resource = resource;
    this.condition = condition;
  }

  /** As flags have it. */
  public String text() {
    return text;
  }

  /** What messages call it. */
  String resource() {
    return resource;
  }

  /** The node's condition while it is short of this. */
  public String condition() {
    return condition;
  }

  boolean disk() {
    return this == NODE_DISK || this == IMAGE_DISK;
  }
}
