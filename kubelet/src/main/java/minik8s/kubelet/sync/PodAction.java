package minik8s.kubelet.sync;

import java.time.Duration;
import minik8s.api.Container;
import minik8s.kubelet.runtime.ObservedContainer;
import org.jspecify.annotations.Nullable;

/** One thing to do for a pod. */
public sealed interface PodAction {
  /** Create and start the sandbox. */
  record StartSandbox(int attempt) implements PodAction {}

  /** Fetch a container's image in the background. */
  record PullImage(Container container) implements PodAction {}

  /**
   * Create and start a container in the running sandbox.
   *
   * @param pause the back-off to keep once it was started; null for a first run
   */
  record StartContainer(
      Container container, int attempt, ObservedContainer sandbox, @Nullable RestartPause pause)
      implements PodAction {}

  /**
   * Begin a container's end: with its preStop hook when it has one, else with its signal.
   *
   * @param grace for both; zero kills at once
   */
  record Terminate(ObservedContainer container, Duration grace, String why) implements PodAction {}

  /**
   * Ask a container to end, its preStop hook being over.
   *
   * @param left until it is killed
   */
  record Signal(ObservedContainer container, Duration left) implements PodAction {}

  /** End a container. */
  record Kill(ObservedContainer container) implements PodAction {}

  /** Remove a container, running or not. */
  record Remove(ObservedContainer container) implements PodAction {}

  /** Tell people that a container is waiting for its restart. */
  record ReportBackOff(Container container, Duration delay) implements PodAction {}

  /** Nothing of the pod runs any more: remove its volumes and say the last word to the API. */
  record SayLastWord() implements PodAction {}

  /** Nothing of the pod is left, here or at the API server. */
  record Forget() implements PodAction {}
}
