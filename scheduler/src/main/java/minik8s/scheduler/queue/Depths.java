package minik8s.scheduler.queue;

/** How many pods wait in each place of the queue. Immutable. */
public record Depths(int active, int backingOff, int unschedulable, int gated) {
  public static final Depths NONE = new Depths(0, 0, 0, 0);
}
