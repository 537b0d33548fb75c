package minik8s.controller.job;

import minik8s.api.Pod;

/** One thing to do with a pod of a job. Immutable. */
sealed interface Action {
  /**
   * Make a pod.
   *
   * @param index which completion it is for; negative where there are no indexes
   * @param failures how often that index has failed
   */
  record Create(String name, int index, int failures) implements Action {}

  /**
   * Delete a pod.
   *
   * @param uncounted whether its end shall count for nothing
   */
  record Delete(Pod pod, boolean uncounted) implements Action {}
}
